"""The creation itself, free of format."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from common.typed_json import TypedJSONField
from conversion.models import ConversionJob
from publishing.territories import Territory, TerritoryRule


class ContentWarning(models.TextChoices):
    """What some readers would rather know before they begin."""

    VIOLENCE = "violence", _("Violence")
    SEXUAL_VIOLENCE = "sexual-violence", _("Sexual violence")
    ABUSE = "abuse", _("Abuse")
    SELF_HARM = "self-harm", _("Self-harm and suicide")
    EATING = "eating", _("Eating disorders")
    DRUGS = "drugs", _("Drugs and addiction")
    HATE = "hate", _("Hateful words and acts")
    DEATH = "death", _("Death of somebody close")
    ANIMALS = "animals", _("Cruelty to animals")
    WAR = "war", _("War")


# The owner may take this much off for readers who buy all that they lack of a series.
MOST_COMPLETING_BPS = 5000


class Series(models.Model):
    """Works of one owner that follow each other."""

    public_id = PublicIdField("ser")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="series")
    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=200)
    completing_bps = models.PositiveIntegerField(
        default=0, help_text="off the list prices, for all books that a reader lacks; 0 offers nothing"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "title"], name="series_once_per_owner"),
            models.CheckConstraint(
                condition=models.Q(completing_bps__lte=MOST_COMPLETING_BPS), name="series_completing_range"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Work(models.Model):
    """A book as its author thinks of it. Title and language may be empty until the manuscript is read."""

    public_id = PublicIdField("wrk")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="works")
    slug = models.SlugField(max_length=120, unique=True)
    has_own_address = models.BooleanField(
        default=False, help_text="its owner chose the slug, so that it does not follow the title"
    )
    title = models.CharField(max_length=300, blank=True)
    subtitle = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=35, blank=True, help_text="BCP 47")
    description = models.TextField(blank=True, max_length=4000)
    subject = models.CharField(max_length=20, blank=True, help_text="a Thema code of publishing.thema")
    warnings = TypedJSONField(
        list[str],
        default=list,
        blank=True,
        help_text="values of ContentWarning, as the author names them",
    )
    is_adult = models.BooleanField(default=False, help_text="for readers of 18 and over")
    series = models.ForeignKey(Series, null=True, blank=True, on_delete=models.SET_NULL, related_name="works")
    series_number = models.PositiveSmallIntegerField(null=True, blank=True)
    imprint = models.CharField(max_length=120, blank=True)
    sample_bps = models.PositiveIntegerField(default=1000, help_text="share of the body shown free")
    cover_file = models.CharField(max_length=300, blank=True, help_text="uploaded cover, name in private storage")
    cover_name = models.CharField(max_length=300, blank=True)
    design = models.CharField(max_length=20, default="classic", help_text="interior of the PDFs, by the engine's name")
    keep_design = models.BooleanField(default=False, help_text="keep what the author of an EPUB or HTML designed")
    embed_fonts = models.BooleanField(default=False, help_text="put the faces into the EPUB")
    fixes = TypedJSONField(
        list[str],
        default=list,
        blank=True,
        help_text="codes of findings that the engine may mend",
    )
    preview_job = models.ForeignKey(
        ConversionJob, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", help_text="designs to see"
    )
    release_date = models.DateField(
        null=True, blank=True, help_text="the first edition goes on sale that day; readers may order ahead until then"
    )
    late_date = models.DateField(null=True, help_text="the day of release of which its owner was told that it passed")
    territory_rule = models.CharField(max_length=6, choices=TerritoryRule, default=TerritoryRule.WORLD)
    territory_countries = TypedJSONField(
        list[str],
        default=list,
        blank=True,
        help_text="ISO 3166-1: where it is not sold, or is only, by the rule",
    )
    details_read_at = models.DateTimeField(null=True, help_text="when empty details were filled from the manuscript")
    # Text, not keys: cases are the shop's, above.
    held_by = models.CharField(
        max_length=40, default="", blank=True, help_text="the case that keeps it off sale, by public id"
    )
    adult_by = models.CharField(max_length=40, default="", blank=True, help_text="the case that marked it for adults")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sample_bps__gte=100, sample_bps__lte=5000), name="work_sample_range"
            )
        ]

    def __str__(self) -> str:
        return self.title or self.public_id

    @property
    def territory(self) -> Territory:
        """Where it is sold now."""
        return Territory(self.territory_rule, tuple(self.territory_countries))

    def is_awaited_on(self, day: date) -> bool:
        """Whether the work is announced for a later day."""
        return self.release_date is not None and self.release_date > day


class OldAddress(models.Model):
    """A slug that a work had in the shop: it leads to the work for good, and no other work can have it."""

    slug = models.SlugField(max_length=120, unique=True)
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="old_addresses")
    left_at = models.DateTimeField()

    class Meta:
        ordering = ["-left_at", "-id"]
        verbose_name_plural = "old addresses"

    def __str__(self) -> str:
        return self.slug

"""Works (the creations themselves, free of format), their series and their earlier addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from common.typed_json import TypedJSONField
from conversion.engine.api import CoverChoice, MatterKind
from conversion.models import ConversionJob
from publishing import fixed_prices
from publishing.record.licences import Licence
from publishing.territories import Territory, TerritoryRule


class ContentWarning(models.TextChoices):
    """Content that some readers want to know about before they begin."""

    VIOLENCE = "violence", _("Violence")
    SEXUAL_VIOLENCE = "sexual-violence", _("Sexual violence")
    ABUSE = "abuse", _("Abuse")
    SELF_HARM = "self-harm", _("Self-harm and suicide")
    EATING = "eating", _("Eating disorders")
    DRUGS = "drugs", _("Drugs and addiction")
    HATE = "hate", _("Hate speech and hateful acts")
    DEATH = "death", _("Death of a loved one")
    ANIMALS = "animals", _("Animal cruelty")
    WAR = "war", _("War")


# Highest discount for readers who buy all the books of a series that they do not have yet.
MAX_COMPLETING_BPS = 5000
# Highest age, in years, that an author can name as the lowest of the readers.
MAX_READING_AGE = 18


@dataclass(frozen=True, slots=True)
class MatterSetting:
    """Whether a front or back page is made from the record, and the author's own words on it."""

    kind: MatterKind
    is_on: bool = False
    words: str = ""


class Series(models.Model):
    """An ordered series of works by one owner."""

    public_id = PublicIdField("ser")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="series")
    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=200)
    completing_bps = models.PositiveIntegerField(
        default=0, help_text="discount on the list prices for completing the series; 0 offers none"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "title"], name="series_once_per_owner"),
            models.CheckConstraint(
                condition=models.Q(completing_bps__lte=MAX_COMPLETING_BPS), name="series_completing_range"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ShopWorks(models.Manager["Work"]):
    """Works that are written here or will be on sale: what lists works never meets a book that a reader brought."""

    def get_queryset(self) -> models.QuerySet[Work]:
        return super().get_queryset().filter(is_personal=False)


class Work(models.Model):
    """A book, independent of its editions. Title and language may be empty until the manuscript has been read.

    A personal work is a file from elsewhere that its owner reads here (`storefront.own_books`). Only that feature and
    the reader, which both ask for the right to read, use `with_personal`.
    """

    public_id = PublicIdField("wrk")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="works")
    slug = models.SlugField(max_length=120, unique=True)
    has_own_address = models.BooleanField(
        default=False, help_text="the owner chose the slug, so it does not follow the title"
    )
    title = models.CharField(max_length=300, blank=True)
    subtitle = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=35, blank=True, help_text="BCP 47")
    description = models.TextField(
        blank=True, max_length=8000, help_text="the blurb with its signs (publishing.record.blurb)"
    )
    subject = models.CharField(max_length=20, blank=True, help_text="the main Thema code")
    more_subjects = TypedJSONField(
        list[str], default=list, blank=True, help_text="further Thema codes, qualifiers among them"
    )
    keywords = TypedJSONField(list[str], default=list, blank=True, help_text="words that readers may search for")
    licence = models.CharField(max_length=20, choices=Licence, default=Licence.RESERVED)
    public_domain_source = models.CharField(max_length=300, blank=True, help_text="where a free text comes from")
    rights_line = models.CharField(max_length=300, blank=True, help_text="the owner's own line on rights")
    is_mining_reserved = models.BooleanField(
        default=False, help_text="text and data mining is reserved (Directive (EU) 2019/790, Article 4)"
    )
    warnings = TypedJSONField(
        list[str],
        default=list,
        blank=True,
        help_text="values of ContentWarning, chosen by the author",
    )
    # Moderators may set it, too; then it stands above the reading age.
    is_adult = models.BooleanField(default=False, help_text="for readers of 18 and over")
    reading_age = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="lowest age of its readers in years, as its author says"
    )
    series = models.ForeignKey(Series, null=True, blank=True, on_delete=models.SET_NULL, related_name="works")
    translation_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="translations"
    )
    series_number = models.PositiveSmallIntegerField(null=True, blank=True)
    imprint = models.CharField(max_length=120, blank=True)
    sample_bps = models.PositiveIntegerField(default=1000, help_text="share of the body shown for free")
    cover_file = models.CharField(max_length=300, blank=True, help_text="uploaded cover, name in private storage")
    cover_name = models.CharField(max_length=300, blank=True)
    cover_choice = TypedJSONField(
        CoverChoice,
        null=True,
        blank=True,
        help_text="has the cover drawn; null uses the uploaded one, the manuscript's own, or one drawn from the title",
    )
    picture_file = models.CharField(
        max_length=300, blank=True, default="", db_default="", help_text="picture for a drawn cover, in private storage"
    )
    picture_name = models.CharField(max_length=300, blank=True, default="", db_default="")
    redrawing_job = models.ForeignKey(
        ConversionJob,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="job that redraws the last uploaded cover or picture for the page that shows it",
    )
    trim = models.CharField(
        max_length=20, default="print", db_default="print", help_text="the engine's name of the printed book's pages"
    )
    paper = models.CharField(
        max_length=10, default="cream", db_default="cream", help_text="the engine's name of the printed book's paper"
    )
    design = models.CharField(
        max_length=20, default="classic", help_text="the engine's name of the interior design of the PDFs"
    )
    keep_design = models.BooleanField(default=False, help_text="keep the design of an uploaded EPUB or HTML")
    embed_fonts = models.BooleanField(default=False, help_text="embed the fonts in the EPUB")
    fixes = TypedJSONField(
        list[str],
        default=list,
        blank=True,
        help_text="codes of findings that the engine fixes",
    )
    preview_job = models.ForeignKey(
        ConversionJob,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="job that renders the design previews",
    )
    matter = TypedJSONField(
        tuple[MatterSetting, ...],
        null=True,
        blank=True,
        help_text="the front and back pages made from the record; null for a title page alone",
    )
    release_date = models.DateField(
        null=True, blank=True, help_text="the first edition goes on sale that day; readers may pre-order until then"
    )
    late_date = models.DateField(null=True, help_text="the missed release date that the owner was told about")
    territory_rule = models.CharField(max_length=6, choices=TerritoryRule, default=TerritoryRule.WORLD)
    territory_countries = TypedJSONField(
        list[str],
        default=list,
        blank=True,
        help_text="ISO 3166-1: the countries that the rule excludes or includes",
    )
    fixed_prices = TypedJSONField(
        dict[str, bool],
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        blank=True,
        help_text="by country with a law on fixed prices: whether it binds this book, if its owner said so",
    )
    is_watermarked = models.BooleanField(
        default=False, db_default=False, help_text="copies sold from now on carry marks of their buyers"
    )
    details_read_at = models.DateTimeField(null=True, help_text="when empty details were filled from the manuscript")
    # Public ids instead of foreign keys: cases belong to the storefront, which this app must not import.
    held_by = models.CharField(
        max_length=40, default="", blank=True, help_text="public id of the case that keeps it off sale"
    )
    adult_by = models.CharField(
        max_length=40, default="", blank=True, help_text="public id of the case that marked it for adults"
    )
    given_defaults = TypedJSONField(
        dict[str, str],
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        blank=True,
        help_text="what it was given of its owner's defaults, as texts (publishing.house_defaults.values)",
    )
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(
        null=True, editable=False, help_text="when its owner put it out of the list of books; never while on sale"
    )
    form_token = models.UUIDField(
        null=True, editable=False, help_text="of the form that created it (common.form_tokens)"
    )
    is_personal = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="its owner brought it, and reads it alone",
    )

    objects = ShopWorks()
    with_personal: ClassVar[models.Manager[Work]] = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_personal=False)
                | models.Q(release_date=None, series=None, translation_of=None, held_by="", adult_by=""),
                name="work_personal_never_offered",
            ),
            models.UniqueConstraint(fields=["owner", "form_token"], name="work_once_per_form"),
            models.CheckConstraint(
                condition=models.Q(sample_bps__gte=100, sample_bps__lte=5000), name="work_sample_range"
            ),
            models.CheckConstraint(condition=models.Q(reading_age__lte=MAX_READING_AGE), name="work_reading_age_range"),
        ]

    def __str__(self) -> str:
        return self.title or self.public_id

    @property
    def territory(self) -> Territory:
        """Where the work is sold now."""
        return Territory(self.territory_rule, tuple(self.territory_countries))

    def fixed_in(self, on: date) -> tuple[str, ...]:
        """Return the countries whose law fixes its price: no coupon, bundle discount or free day for their readers."""
        return fixed_prices.fixed_in(language=self.language, choices=self.fixed_prices, on=on)

    def is_awaited_on(self, day: date) -> bool:
        """Whether the work is announced for a later day."""
        return self.release_date is not None and self.release_date > day


class OldAddress(models.Model):
    """A slug that a work had before. It redirects to the work permanently, and no other work can take it."""

    slug = models.SlugField(max_length=120, unique=True)
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="old_addresses")
    left_at = models.DateTimeField()

    class Meta:
        ordering = ["-left_at", "-id"]
        verbose_name_plural = "old addresses"

    def __str__(self) -> str:
        return self.slug

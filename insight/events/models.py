"""Events, the salts that visitors are told apart by for a day, and share links."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from publishing.models import Work

# `source` of a visit from one of our own pages, and the beginning of the source of one from a share link.
FROM_SHOP, FROM_LINK = "shop", "l/"


class EventKind(models.TextChoices):
    VIEW = "view", _("Page view")
    SAMPLE = "sample", _("Sample")
    CART = "cart", _("Added to cart")


class Event(models.Model):
    """One thing that somebody did with a work. Nothing in it leads to a person.

    `visitor` tells the visitors of one day apart, and is empty for those who ask not to be tracked (Sec-GPC) and two
    days later for all. `is_bot` are kept and left out of the figures.
    """

    day = models.DateField(help_text="UTC")
    hour = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=6, choices=EventKind)
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="+", db_index=False)
    country = models.CharField(max_length=2, blank=True, help_text="of the page; empty on pages without one")
    source = models.CharField(max_length=60, blank=True, help_text="host, “shop”, “l/” and the code of a share link")
    visitor = models.BinaryField(max_length=8, null=True)
    is_bot = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["day", "work"], name="event_by_day"),
            models.Index(fields=["work", "day"], name="event_by_work"),
        ]


class DaySalt(models.Model):
    """The random key of a day's visitor hashes. It is deleted with them."""

    day = models.DateField(unique=True)
    salt = models.BinaryField(max_length=32)


class ShareLink(models.Model):
    """A short address of a work, so that its author sees what comes from where they shared it."""

    MAX_LABEL = 60

    code = models.CharField(max_length=12, unique=True)
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="share_links")
    label = models.CharField(max_length=MAX_LABEL, help_text="where it is shared")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["work", "label"], name="share_link_label_once")]

    @property
    def source(self) -> str:
        """Return the source of events that come from this link."""
        return f"{FROM_LINK}{self.code}"

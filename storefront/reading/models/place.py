"""Places in books: the last one of each device, and the furthest of each person (docs/reading.md)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from publishing.models import Edition, Work
from storefront.reading.models.device import Device


class Place(models.Model):
    """A place in a work, in the edition in which it was reported.

    Without a block only the share of the whole is known. `page` is the id of the page in a book of pages.
    """

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="+")
    edition = models.ForeignKey(Edition, on_delete=models.SET_NULL, null=True, related_name="+")
    block = models.PositiveIntegerField(null=True)
    offset = models.PositiveIntegerField(default=0)
    page = models.CharField(max_length=120, blank=True)
    share_bps = models.PositiveIntegerField()
    at = models.DateTimeField(help_text="when the reader was there, by the device's corrected clock")

    class Meta:
        abstract = True


class LastPlace(Place):
    """Where a device was last in a book; private to the reader.

    `words` begin at the place if it has no block: a place from before blocks were counted.
    """

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="places")
    words = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "work"], name="last_place_once")]


class FurthestPlace(Place):
    """How far a person has read in a book by turning pages, on any device."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "work"], name="furthest_place_once")]

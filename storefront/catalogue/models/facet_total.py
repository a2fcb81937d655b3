"""Counts of books by up to three facets together: what is read beside filters, however many books there are."""

from __future__ import annotations

from itertools import combinations
from typing import ClassVar

from django.db import models

_FACETS = ("subject", "language", "price_band", "length_band", "formats", "features", "warnings")


class FacetTotal(models.Model):
    """How many books on sale have these values of these facets, summed from FacetCount.

    `facets` names one to three facets in their order, as "language,price_band"; `first`, `second` and `third` are the
    values as text, "" where there is no such facet. Most books warn of nothing, and for those nothing is summed by
    warnings.
    """

    facets = models.CharField(max_length=40)
    first = models.CharField(max_length=35, blank=True)
    second = models.CharField(max_length=35, blank=True)
    third = models.CharField(max_length=35, blank=True)
    is_adult = models.BooleanField()
    books = models.IntegerField()

    PLACES: ClassVar[tuple[str, ...]] = ("first", "second", "third")
    KEY: ClassVar[tuple[str, ...]] = ("facets", "first", "second", "third", "is_adult")
    SETS: ClassVar[tuple[tuple[str, ...], ...]] = tuple(
        names for size in (1, 2, 3) for names in combinations(_FACETS, size)
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facets", "first", "second", "third", "is_adult"], name="facet_total_once")
        ]

"""An edition as offered: one denormalised row that holds all a card shows."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from publishing.models import Edition, Work


class ListingQuerySet(models.QuerySet["Listing"]):
    def on_sale(self) -> ListingQuerySet:
        return self.filter(is_on_sale=True)


class Listing(models.Model):
    """Written when an edition, a price or a rating changes; a list of cards reads nothing else.

    `card_html` is the rendered card; `search_text` is what full text search reads; prices are minor units by currency.
    """

    work = models.OneToOneField(Work, on_delete=models.CASCADE, related_name="listing")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=300)
    subtitle = models.CharField(max_length=300, blank=True)
    byline = models.CharField(max_length=400)
    language = models.CharField(max_length=35)
    subject = models.CharField(max_length=20, db_index=True)
    description = models.TextField(blank=True)
    prices = models.JSONField(default=dict, help_text='minor units by currency: {"USD": 499}')
    cover = models.JSONField(default=dict, help_text="public file names by thumbnail target; alt text")
    words = models.PositiveIntegerField(default=0)
    rating_sum = models.PositiveIntegerField(default=0)
    rating_count = models.PositiveIntegerField(default=0)
    sales_count = models.PositiveIntegerField(default=0)
    is_on_sale = models.BooleanField(default=True)
    published_at = models.DateTimeField()
    card_html = models.TextField(blank=True)
    search_text = models.TextField(blank=True)

    objects: ClassVar[ListingQuerySet] = ListingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["-published_at", "-id"], condition=Q(is_on_sale=True), name="listing_newest"),
            models.Index(fields=["-sales_count", "-id"], condition=Q(is_on_sale=True), name="listing_bestselling"),
            models.Index(
                fields=["subject", "-published_at", "-id"],
                condition=Q(is_on_sale=True),
                name="listing_subject_newest",
            ),
        ]

    def __str__(self) -> str:
        return self.title

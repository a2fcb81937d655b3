"""Places on the ranked shelves, and the new books that take turns on the front page on each day.

All of it is derived data: `storefront.catalogue.services.ranking` recomputes it from listings, copies and reviews. The
last two are counted by `storefront.community.selectors.votes`.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from storefront.catalogue.models.listing import Listing


class RankingSnapshot(models.Model):
    """One version of all rankings. Its primary key is the version number that pages and the input file show."""

    made_at = models.DateTimeField()
    day = models.DateField(help_text="votes until the end of the day before count (UTC)")
    others_needed = models.PositiveSmallIntegerField(help_text="other authors that a proved reader has paid for")
    digest = models.CharField(max_length=64, help_text="SHA-256 of day, rules and inputs; equal inputs make no version")

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]


class RankedBook(models.Model):
    """A book's public votes in one snapshot, and the places that follow from them (null: not on that shelf).

    `inputs` is the book as `recompute_ranking.book_json` returns it.
    """

    snapshot = models.ForeignKey(RankingSnapshot, on_delete=models.CASCADE, related_name="books")
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="ranked")
    inputs = models.JSONField()
    rising_place = models.PositiveIntegerField(null=True)
    bestselling_place = models.PositiveIntegerField(null=True)
    rated_place = models.PositiveIntegerField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["snapshot", "listing"], name="ranked_book_once"),
            *(
                models.UniqueConstraint(
                    fields=["snapshot", f"{shelf}_place"],
                    condition=Q(**{f"{shelf}_place__isnull": False}),
                    name=f"ranked_{shelf}_place_once",
                )
                for shelf in ("rising", "bestselling", "rated")
            ),
        ]


class FreshDay(models.Model):
    """The turns of one day (UTC), planned the evening before. Turns that ended before `made_at` did not take place."""

    day = models.DateField(unique=True)
    minutes = models.PositiveSmallIntegerField(help_text="how long one turn lasts")
    seats = models.PositiveSmallIntegerField(help_text="books that stand there at once")
    books = models.PositiveIntegerField(help_text="how many take turns")
    made_at = models.DateTimeField()


class FreshBook(models.Model):
    """A book's seat in one turn of a day. A new book's turns are guaranteed; other books fill empty seats."""

    day = models.ForeignKey(FreshDay, on_delete=models.CASCADE, related_name="places")
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="fresh")
    place = models.PositiveIntegerField(help_text="the turn (from 0) times the day's seats, and the seat (from 0)")
    is_new = models.BooleanField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["day", "place"], name="fresh_place_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["day", "listing"], name="fresh_book_turns")]

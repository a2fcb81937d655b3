"""Where books stand on the ranked shelves, and which new ones take turns on the front page on which day.

All of it is derived: `storefront.catalogue.services.ranking` makes it anew from listings, copies and reviews, the last
two counted by `storefront.community.selectors.votes`.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from storefront.catalogue.models.listing import Listing


class RankingSnapshot(models.Model):
    """One state of all rankings. Its primary key is the version that pages and the file of inputs name."""

    made_at = models.DateTimeField()
    day = models.DateField(help_text="votes until the end of the day before count (UTC)")
    others_needed = models.PositiveSmallIntegerField(help_text="other authors that a proved reader has paid for")
    digest = models.CharField(max_length=64, help_text="SHA-256 of day, rules and inputs; equal inputs make no version")

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]


class RankedBook(models.Model):
    """A book's public votes in one snapshot, and the places that follow from them (null: not on that shelf).

    `inputs` is `recompute_ranking.book_json` of the book.
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
    """The turns of one day (UTC). Made the evening before; those that passed before `made_at` did not happen."""

    day = models.DateField(unique=True)
    minutes = models.PositiveSmallIntegerField(help_text="how long one turn lasts")
    seats = models.PositiveSmallIntegerField(help_text="books that stand there at once")
    books = models.PositiveIntegerField(help_text="how many take turns")
    made_at = models.DateTimeField()


class FreshBook(models.Model):
    """A book's place in one turn of a day. One that is new has its turns guaranteed; others fill the seats."""

    day = models.ForeignKey(FreshDay, on_delete=models.CASCADE, related_name="places")
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="fresh")
    place = models.PositiveIntegerField(help_text="the turn (from 0) times the day's seats, and the seat (from 0)")
    is_new = models.BooleanField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["day", "place"], name="fresh_place_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["day", "listing"], name="fresh_book_turns")]

"""Turns on the fresh shelf: which a book had, which come, and how many it has for certain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from publishing.models import Work
from storefront.models import FreshBook, FreshDay, Listing
from storefront.recompute_ranking import RULES, turns_of


@dataclass(frozen=True, slots=True)
class BookTurns:
    """`guaranteed` turns within its first fortnight, of which it `had` some, or more than these.

    `now_until` is set while it stands there. `next_at` is the next one planned; None when none is planned yet.
    `until` is when its turns end.
    """

    guaranteed: int
    had: int
    minutes: int
    now_until: datetime | None
    next_at: datetime | None
    until: datetime
    is_over: bool


def turns_of_book(work: Work, at: datetime) -> BookTurns | None:
    """None for a book that is not on sale, or whose place is not on a shelf for everybody."""
    listing = Listing.objects.on_sale().filter(work=work, is_adult=False, release_date=None).first()
    if listing is None:
        return None
    until = listing.published_at + timedelta(days=RULES.fresh_days)
    had, minutes, now_until, next_at = 0, 0, None, None
    for one in FreshBook.objects.filter(listing=listing).select_related("day").order_by("day__day"):
        length = timedelta(minutes=one.day.minutes)
        for begins in _begins(one):
            if begins + length <= at:
                had += 1
            elif begins <= at:
                had, now_until = had + 1, begins + length
            elif next_at is None:
                next_at = begins
        minutes = one.day.minutes
    return BookTurns(
        guaranteed=RULES.fresh_days * RULES.fresh_turns_a_day,
        had=had,
        minutes=minutes,
        now_until=now_until,
        next_at=next_at,
        until=until,
        is_over=until <= at and next_at is None and now_until is None,
    )


@dataclass(frozen=True, slots=True)
class FreshPlace:
    """A book's turns of one day, each as (begins, ends, whether it is now); `place` counts from 1."""

    day: FreshDay
    listing: Listing
    is_new: bool
    place: int
    turns: list[tuple[datetime, datetime, bool]]


def fresh_place(slug: str, at: datetime) -> FreshPlace | None:
    """The turns of a book today; None when it has none, or may not be shown."""
    shown = Listing.objects.on_sale().filter(slug=slug, is_adult=False)
    found = FreshBook.objects.filter(day__day=at.astimezone(UTC).date(), listing__in=shown)
    one = found.select_related("day", "listing").first()
    if one is None:
        return None
    length = timedelta(minutes=one.day.minutes)
    turns = [(begins, begins + length, begins <= at < begins + length) for begins in _begins(one)]
    return FreshPlace(one.day, one.listing, one.is_new, one.place + 1, turns)


def _begins(one: FreshBook) -> list[datetime]:
    """When the book's turns of a day begin; those that were over before the day was planned did not happen."""
    day = one.day
    midnight, length = datetime.combine(day.day, time(), UTC), timedelta(minutes=day.minutes)
    begins = (midnight + turn * length for turn in turns_of(one.place, day.books, day.seats, day.minutes))
    return [moment for moment in begins if moment + length > day.made_at]

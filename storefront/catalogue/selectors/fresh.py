"""A book's turns on the fresh shelf: past, coming and guaranteed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import groupby

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from publishing.models import Work
from publishing.selectors import pen_names
from storefront.catalogue.models import FreshBook, FreshDay, Listing
from storefront.catalogue.recompute_ranking import RULES


@dataclass(frozen=True, slots=True)
class BookTurns:
    """`guaranteed` is how many turns a book gets in its first two weeks; `had` is how many it has had, perhaps more.

    `now_until` is set while it is on the shelf. `next_at` is its next planned turn, None if none is planned yet.
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
    """Return the book's turns; None if it is not on sale, or is not shown on shelves."""
    listing = Listing.objects.on_sale().filter(work=work, is_adult=False, release_date=None).first()
    if listing is None:
        return None
    until = listing.published_at + timedelta(days=RULES.fresh_days)
    had, minutes, now_until, next_at = 0, 0, None, None
    for day, places in _days_of(listing):
        length = timedelta(minutes=day.minutes)
        for begins in _begins(day, places):
            if begins + length <= at:
                had += 1
            elif begins <= at:
                had, now_until = had + 1, begins + length
            elif next_at is None:
                next_at = begins
        minutes = day.minutes
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
    """A book's turns on one day, each as (begins, ends, whether it is now).

    `shared_by` is how many books share these turns.
    """

    day: FreshDay
    listing: Listing
    is_new: bool
    shared_by: int
    turns: list[tuple[datetime, datetime, bool]]


def fresh_place(slug: str, at: datetime) -> FreshPlace | None:
    """Return a book's turns today; None if it has none, or may not be shown."""
    listing = Listing.objects.on_sale().select_related("work").filter(slug=slug, is_adult=False).first()
    day = FreshDay.objects.filter(day=at.astimezone(UTC).date()).first()
    if listing is None or day is None:
        return None
    rows = list(day.places.filter(listing=listing).order_by("place").values_list("place", "is_new"))
    if not rows:
        return None
    length = timedelta(minutes=day.minutes)
    begun = _begins(day, [place for place, _is_new in rows])
    turns = [(begins, begins + length, begins <= at < begins + length) for begins in begun]
    groups = books_by_turn_group(day, owner_id=listing.work.owner_id)
    return FreshPlace(day, listing, rows[0][1], next(len(books) for books in groups if slug in books), turns)


def separate_pen_name(work: str) -> Coalesce:
    """Return an expression for the pen name that the owner keeps separate from their author page, "" if there is none.

    `work` is the path to the work. Together with the owner, the pen name identifies who takes turns, because the input
    file shows which books belong together.
    """
    names = pen_names(OuterRef(f"{work}__owner"), OuterRef(work))
    return Coalesce(Subquery(names.values("name")[:1]), Value(""))


def books_by_turn_group(day: FreshDay, *, owner_id: int | None = None) -> list[list[str]]:
    """Return the day's books (slugs), sorted and grouped by who takes turns.

    If `owner_id` is given, return only that account's.
    """
    places = day.places.order_by() if owner_id is None else day.places.order_by().filter(listing__work__owner=owner_id)
    found = defaultdict[tuple[int, str], list[str]](list)
    rows = places.values_list("listing__work__owner", separate_pen_name("listing__work"), "listing__slug").distinct()
    for owner, name, slug in sorted(rows, key=lambda one: one[2]):
        found[owner, name.casefold()].append(slug)
    return sorted(found.values())


def _days_of(listing: Listing) -> Iterator[tuple[FreshDay, list[int]]]:
    """Yield the days on which the book has turns, with its places on each."""
    rows = FreshBook.objects.filter(listing=listing).select_related("day").order_by("day__day", "place")
    for _day, some in groupby(rows, key=lambda one: one.day_id):
        places = list(some)
        yield places[0].day, [one.place for one in places]


def _begins(day: FreshDay, places: Iterable[int]) -> list[datetime]:
    """Return when the turns at these places begin, without those that ended before the day was planned."""
    midnight, length = datetime.combine(day.day, time(), UTC), timedelta(minutes=day.minutes)
    begins = (midnight + place // day.seats * length for place in places)
    return [moment for moment in begins if moment + length > day.made_at]

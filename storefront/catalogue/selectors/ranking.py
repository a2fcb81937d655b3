"""The numbers behind each place on `/ranking/`, from the same data and formulas that produced the ranking."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from storefront.catalogue.models import FreshDay, Listing, RankedBook, RankingSnapshot
from storefront.catalogue.recompute_ranking import (
    FORMAT,
    FORMULAS,
    RULES,
    Book,
    Placed,
    everybody,
    proved,
    read_book,
    rules_json,
)
from storefront.catalogue.selectors.fresh import books_by_turn_group

SHELVES = tuple(FORMULAS)
_CHUNK = 2000
_WHERE = {
    "rising": _("in “New and rising”."),
    "bestselling": _("among the bestsellers of the last 90 days."),
    "rated": _("among the best-rated books."),
}
_SCORING = {
    "rising": _(
        "Each sale, or review with 4 stars or more, adds at most %(days)s00 points: that many if it is the only vote "
        "of the day. The "
        "points fade evenly over %(days)s days."
    ),
    "bestselling": _("Each copy sold adds one point."),
    "rated": _("Points are the average star rating in thousandths, with five three-star reviews added."),
}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A book on the same shelf. `is_on_sale` is False if it has left the shop since."""

    placed: Placed
    title: str
    is_on_sale: bool
    is_this: bool

    @property
    def group(self) -> int:
        return self.placed.group(RULES)


@dataclass(frozen=True, slots=True)
class PlacePage:
    """A book's place on a shelf with the numbers behind it.

    `needed` is how many more points from proved votes would move it into the group above (None: it is in the top
    group). `spare` is how many points it is ahead of the best book in the group below (None: there is none).
    """

    snapshot: RankingSnapshot
    shelf: str
    listing: Listing
    placed: Placed
    group: int
    neighbours: list[Neighbour]
    needed: int | None
    spare: int | None

    @property
    def book(self) -> Book:
        return self.placed.book

    @property
    def where(self) -> Promise:
        """Return on which shelf it has its place, as the end of a sentence."""
        return _WHERE[self.shelf]

    @property
    def scoring(self) -> str:
        """Return what adds points on its shelf."""
        return _SCORING[self.shelf] % {"days": RULES.fading_days}


def newest() -> RankingSnapshot | None:
    """Return the current ranking."""
    return RankingSnapshot.objects.first()


def place_page(shelf: str, slug: str) -> PlacePage | None:
    """Return the page of one place, in three queries; None if the book has no place there, or may not be shown."""
    snapshot = newest()
    if snapshot is None or shelf not in FORMULAS:
        return None
    column = f"{shelf}_place"
    listing = Listing.objects.on_sale().filter(slug=slug, is_adult=False)
    ranked = snapshot.books.filter(**{f"{column}__isnull": False})
    row = ranked.filter(listing__in=listing).select_related("listing").first()
    if row is None:
        return None
    place: int = getattr(row, column)
    first = place - (place - 1) % RULES.group  # of its group
    around = ranked.filter(
        **{f"{column}__gte": first - RULES.group, f"{column}__lt": first + 2 * RULES.group}
    ).select_related("listing")
    placed = [(_placed(shelf, one, snapshot.day), one) for one in around.order_by(column)]
    mine = next(one for one, of in placed if of.pk == row.pk)
    above = [one.proved for one, _ in placed if one.place < first]
    below = [one.proved for one, _ in placed if one.place >= first + RULES.group]
    last = first + RULES.group - 1
    return PlacePage(
        snapshot=snapshot,
        shelf=shelf,
        listing=row.listing,
        placed=mine,
        group=mine.group(RULES),
        neighbours=[
            Neighbour(one, of.listing.title, _is_shown(of.listing), of.pk == row.pk)
            for one, of in placed
            if first - 1 <= one.place <= last + 1
        ],
        needed=max(1, min(above) - mine.proved + 1) if above else None,
        spare=mine.proved - max(below) if below else None,
    )


def ranking_inputs(snapshot: RankingSnapshot, fresh: list[dict[str, Any]]) -> Iterator[bytes]:
    """Yield the input file line by line: first the general data, then a line for each book."""
    once = {
        "format": FORMAT,
        "version": snapshot.pk,
        "made_at": snapshot.made_at.astimezone(UTC).isoformat(),
        "day": snapshot.day.isoformat(),
        "others_needed": snapshot.others_needed,
        "rules": rules_json(),
        "fresh": fresh,
    }
    yield json.dumps(once)[:-1].encode() + b', "books": [\n'
    mark = b""
    for inputs in snapshot.books.order_by("pk").values_list("inputs", flat=True).iterator(_CHUNK):
        yield mark + json.dumps(inputs, ensure_ascii=False, separators=(",", ":")).encode()
        mark = b",\n"
    yield b"\n]}\n"


def fresh_inputs(at: datetime) -> list[dict[str, Any]]:
    """Return the planned days from today on for the input file, with the books grouped by account.

    Books under a separate pen name form their own group. The groups are sorted, because the account behind them must
    not be revealed.
    """
    return [
        {"day": one.day.isoformat(), "minutes": one.minutes, "accounts": books_by_turn_group(one)}
        for one in planned_days(at)
    ]


def planned_days(at: datetime) -> list[FreshDay]:
    """Return the days from today on whose turns are planned."""
    return list(FreshDay.objects.filter(day__gte=at.astimezone(UTC).date()).order_by("day"))


def _is_shown(listing: Listing) -> bool:
    return listing.is_on_sale and not listing.is_adult


def _placed(shelf: str, row: RankedBook, today: date) -> Placed:
    book, formula = read_book(row.inputs), FORMULAS[shelf]
    return Placed(
        place=getattr(row, f"{shelf}_place"),
        book=book,
        proved=formula(book, today, RULES, proved),
        all=formula(book, today, RULES, everybody),
    )

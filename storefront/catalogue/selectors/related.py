"""Which books stand beside a book, and why: bought together, of its series, by its author, of its subject.

One query for each reason, answered by an index. The books bought together and those picked of a subject are computed
beforehand (`storefront.library.services.recommendations`); series and author are as they are now.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from zlib import crc32

from django.db.models import F

from publishing.models import Contributor, ContributorRole
from storefront.catalogue.models import BoughtTogether, Listing, SubjectPick, readers_at_least
from storefront.catalogue.selectors.cards import CARD_FIELDS, Card, cards_from

_LENGTH = 6
_LONGEST_SERIES = 100
_CIRCLE = 61  # prime, and more than a subject has picks: a step around it meets every place once
_BESIDE = (*CARD_FIELDS, "series_number")


@dataclass(frozen=True, slots=True)
class Beside:
    """A book beside the book. `readers` is how many bought both, at least; 0 where that is not the reason."""

    pk: int
    slug: str
    title: str
    card: Card
    readers: int = 0


@dataclass(frozen=True, slots=True)
class InSeries:
    """The book's place among those of its series that are on sale, from 1, and its neighbours."""

    place: int
    books: int
    previous: Beside | None
    next: Beside | None


@dataclass(frozen=True, slots=True)
class Related:
    """No book stands here twice: the first of these reasons counts."""

    series: InSeries | None = None
    bought: list[Beside] = field(default_factory=list)
    author: list[Beside] = field(default_factory=list)
    subject: list[Beside] = field(default_factory=list)


def related(listing: Listing) -> Related:
    """What stands beside the listing: a query for each reason."""
    series = _in_series(listing, _of_series(listing))
    neighbours = (series.previous, series.next) if series else ()
    shown = {listing.slug, *(one.slug for one in neighbours if one)}
    return Related(
        series=series,
        bought=_unshown(_bought_together(listing), shown),
        author=_unshown(_by_author(listing), shown),
        subject=_unshown(_of_subject(listing), shown),
    )


def _shown_beside(listing: Listing, prefix: str = "") -> dict[str, bool]:
    """Books on sale; those for adults stand only beside such, also one that was marked after the last count."""
    shown = {f"{prefix}is_on_sale": True}
    return shown if listing.is_adult else {**shown, f"{prefix}is_adult": False}


def _bought_together(listing: Listing) -> list[Beside]:
    pairs = BoughtTogether.objects.filter(listing=listing, **_shown_beside(listing, "other__"))
    pairs = pairs.select_related("other").only("readers", *(f"other__{name}" for name in _BESIDE)).order_by("place")
    found = list(pairs[:_LENGTH])
    return _beside([one.other for one in found], [readers_at_least(one.readers) for one in found])


def _of_series(listing: Listing) -> list[Beside]:
    if listing.series_id is None:
        return []
    books = Listing.objects.filter(series=listing.series_id, **_shown_beside(listing)).only(*_BESIDE)
    return _beside(books.order_by(F("series_number").asc(nulls_last=True), "pk")[:_LONGEST_SERIES])


def _by_author(listing: Listing) -> list[Beside]:
    people = [one for one in listing.details.authors if one.author]
    if not people:
        return []
    # A translator's other translations stand beside a translation, not what they wrote a foreword to.
    first = next((one for one in people if one.role == ContributorRole.AUTHOR), people[0])
    made = Contributor.objects.filter(user__public_id=first.author, is_on_page=True, role=first.role)
    books = Listing.objects.filter(work__in=made.values("work"), **_shown_beside(listing)).exclude(pk=listing.pk)
    return _beside(books.only(*_BESIDE).order_by("-published_at", "-pk")[: 2 * _LENGTH])


def _of_subject(listing: Listing) -> list[Beside]:
    """Some of the best liked, by the book's own walk around the circle: the same on every day and every database."""
    if not listing.subject:
        return []
    seed = crc32(listing.slug.encode())
    step, start = seed % (_CIRCLE - 1) + 1, seed // _CIRCLE % _CIRCLE
    picks = SubjectPick.objects.filter(
        subject=listing.subject, language=listing.language, **_shown_beside(listing, "listing__")
    ).exclude(listing=listing)
    picks = picks.select_related("listing").only(*(f"listing__{name}" for name in _BESIDE))
    picks = picks.order_by((F("place") * step + start) % _CIRCLE, "place")
    return _beside([one.listing for one in picks[: 3 * _LENGTH]])


def _beside(listings: Iterable[Listing], readers: Sequence[int] = ()) -> list[Beside]:
    rows = list(listings)
    told = zip(rows, cards_from(rows, eager=0), readers or [0] * len(rows), strict=True)
    return [Beside(row.pk, row.slug, row.title, card, number) for row, card, number in told]


def _in_series(listing: Listing, books: list[Beside]) -> InSeries | None:
    index = next((index for index, book in enumerate(books) if book.pk == listing.pk), None)
    if index is None or len(books) == 1:
        return None
    return InSeries(
        place=index + 1,
        books=len(books),
        previous=books[index - 1] if index else None,
        next=books[index + 1] if index + 1 < len(books) else None,
    )


def _unshown(books: Iterable[Beside], shown: set[str]) -> list[Beside]:
    """The first that no other reason brought, which now are shown."""
    found = [one for one in books if one.slug not in shown][:_LENGTH]
    shown.update(one.slug for one in found)
    return found

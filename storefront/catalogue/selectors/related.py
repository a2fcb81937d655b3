"""The books shown beside a book, by reason: bought together, same series, same author, same subject.

There is one query for each reason, answered by an index. Books bought together and picks on a subject are computed in
advance (`storefront.library.services.recommendations`); series and author are always up to date.
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
_MAX_SERIES_LENGTH = 100
_CIRCLE = 61  # prime, and greater than a subject's number of picks, so a walk in equal steps visits every place once
_BESIDE = (*CARD_FIELDS, "series_number")


@dataclass(frozen=True, slots=True)
class RelatedBook:
    """A book shown beside the book. `readers` is at least how many bought both; 0 if that is not the reason."""

    pk: int
    slug: str
    title: str
    card: Card
    readers: int = 0


@dataclass(frozen=True, slots=True)
class InSeries:
    """The book's place among the books of its series that are on sale, from 1, and its neighbours."""

    place: int
    books: int
    previous: RelatedBook | None
    next: RelatedBook | None


@dataclass(frozen=True, slots=True)
class Related:
    """The related books. Each book is listed only once, under the first reason that applies."""

    series: InSeries | None = None
    bought: list[RelatedBook] = field(default_factory=list)
    author: list[RelatedBook] = field(default_factory=list)
    subject: list[RelatedBook] = field(default_factory=list)


def related(listing: Listing) -> Related:
    """Return the books shown beside the listing, with one query for each reason."""
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
    """Return a filter for books on sale.

    Books for adults are shown only beside such books, even if marked after the last count.
    """
    shown = {f"{prefix}is_on_sale": True}
    return shown if listing.is_adult else {**shown, f"{prefix}is_adult": False}


def _bought_together(listing: Listing) -> list[RelatedBook]:
    pairs = BoughtTogether.objects.filter(listing=listing, **_shown_beside(listing, "other__"))
    pairs = pairs.select_related("other").only("readers", *(f"other__{name}" for name in _BESIDE)).order_by("place")
    found = list(pairs[:_LENGTH])
    return _beside([one.other for one in found], [readers_at_least(one.readers) for one in found])


def _of_series(listing: Listing) -> list[RelatedBook]:
    if listing.series_id is None:
        return []
    books = Listing.objects.filter(series=listing.series_id, **_shown_beside(listing)).only(*_BESIDE)
    return _beside(books.order_by(F("series_number").asc(nulls_last=True), "pk")[:_MAX_SERIES_LENGTH])


def _by_author(listing: Listing) -> list[RelatedBook]:
    people = [one for one in listing.details.authors if one.author]
    if not people:
        return []
    # Beside a translation we show the translator's other translations, not books with a foreword by them.
    first = next((one for one in people if one.role == ContributorRole.AUTHOR), people[0])
    made = Contributor.objects.filter(user__public_id=first.author, is_on_page=True, role=first.role)
    books = Listing.objects.filter(work__in=made.values("work"), **_shown_beside(listing)).exclude(pk=listing.pk)
    return _beside(books.only(*_BESIDE).order_by("-published_at", "-pk")[: 2 * _LENGTH])


def _of_subject(listing: Listing) -> list[RelatedBook]:
    """Return some of the best rated books, chosen by the book's slug: the same on every day and in every database."""
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


def _beside(listings: Iterable[Listing], readers: Sequence[int] = ()) -> list[RelatedBook]:
    rows = list(listings)
    told = zip(rows, cards_from(rows, eager=0), readers or [0] * len(rows), strict=True)
    return [RelatedBook(row.pk, row.slug, row.title, card, number) for row, card, number in told]


def _in_series(listing: Listing, books: list[RelatedBook]) -> InSeries | None:
    index = next((index for index, book in enumerate(books) if book.pk == listing.pk), None)
    if index is None or len(books) == 1:
        return None
    return InSeries(
        place=index + 1,
        books=len(books),
        previous=books[index - 1] if index else None,
        next=books[index + 1] if index + 1 < len(books) else None,
    )


def _unshown(books: Iterable[RelatedBook], shown: set[str]) -> list[RelatedBook]:
    """Return the first books not yet shown for another reason, and mark them as shown."""
    found = [one for one in books if one.slug not in shown][:_LENGTH]
    shown.update(one.slug for one in found)
    return found

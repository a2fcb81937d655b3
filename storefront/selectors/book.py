"""A book's page and an author's page, each in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import F
from django.db.models.expressions import RawSQL
from django.utils.functional import Promise

from accounts.models import User
from common.money import Money
from publishing import thema
from publishing.models import Series
from storefront import facets
from storefront.models import Listing, Review
from storefront.selectors.browse import CARD_FIELDS
from storefront.selectors.cards import Card, cards_from
from storefront.selectors.catalogue import listings_by_author

_MOST_REVIEWS = 20
_MORE_LENGTH = 6
_PDF_ORDER = ("phone", "ereader", "tablet", "desktop", "print")


@dataclass(frozen=True, slots=True)
class Format:
    """One file of the book. `target` is "" for the EPUB, which fits every screen."""

    kind: str
    target: str
    size_bytes: int
    pages: int


@dataclass(frozen=True, slots=True)
class PastEdition:
    number: int
    published: date
    notes: str


@dataclass(frozen=True, slots=True)
class BookPage:
    listing: Listing
    subject_label: str | Promise
    formats: list[Format]
    editions: list[PastEdition]
    reviews: list[Review]
    more: list[Card]

    @property
    def suggested(self) -> Money:
        """What the field of an open price first shows."""
        currency = settings.DEFAULT_CURRENCY
        listed = self.listing.price_minor or 0
        return Money(int(self.listing.details.get("suggested", {}).get(currency, listed)), currency)

    @property
    def warnings(self) -> list[str | Promise]:
        """What readers should know before, in words."""
        return [label for place, label in enumerate(facets.WARNINGS.values()) if self.listing.warnings >> place & 1]

    @property
    def is_givable(self) -> bool:
        """A book that costs nothing is no gift."""
        return bool(self.listing.price_minor) or self.listing.is_open_price

    @property
    def fixed_pages(self) -> int:
        """How many pages a book of fixed layout has; 0 for one that flows."""
        return next((one.pages for one in self.formats if one.kind == "epub"), 0)

    @property
    def reading_hours(self) -> int:
        """At 250 words a minute, rounded up to whole hours."""
        return -(-self.listing.words // 15_000)


def book_listing(slug: str) -> Listing | None:
    """The listing of a book on sale, with the shop's `version` beside; None when there is none."""
    rows = Listing.objects.on_sale().defer("edition", "card_html", "search_names", "search_text")
    return rows.annotate(version=RawSQL("SELECT version FROM storefront_catalogue", ())).filter(slug=slug).first()


def book_page(listing: Listing) -> BookPage:
    """What the page of the book shows: at most two queries beside the listing's."""
    authors = [one["author"] for one in listing.details.get("authors", []) if one["author"]]
    more = listings_by_author(authors[0]).exclude(pk=listing.pk)[:_MORE_LENGTH] if authors else []
    return BookPage(
        listing=listing,
        subject_label=thema.label(listing.subject),
        formats=_formats(listing),
        editions=[
            PastEdition(one["number"], date.fromisoformat(one["date"]), one["notes"])
            for one in listing.details.get("editions", [])
        ],
        reviews=_reviews(listing),
        more=cards_from(more, eager=0),
    )


def _reviews(listing: Listing) -> list[Review]:
    """The newest, of a book that has any."""
    if not listing.rating_count:
        return []
    rows = Review.objects.filter(work_id=listing.work_id).select_related("user")
    return list(rows.only("stars", "title", "body", "created_at", "user__display_name")[:_MOST_REVIEWS])


def _formats(listing: Listing) -> list[Format]:
    files = [
        Format(one["kind"], one["target"], one["bytes"], one["pages"]) for one in listing.details.get("formats", [])
    ]
    order = {name: i for i, name in enumerate(_PDF_ORDER)}
    return sorted(files, key=lambda one: (one.kind, order.get(one.target, len(order))))


@dataclass(frozen=True, slots=True)
class SeriesPage:
    series: Series
    cards: list[Card]


def series_page(slug: str) -> SeriesPage | None:
    """A series with its books on sale by number, those without one last; None when there are none."""
    series = Series.objects.filter(slug=slug).first()
    if series is None:
        return None
    books = Listing.objects.on_sale().filter(series=series).order_by(F("series_number").asc(nulls_last=True), "pk")
    cards = cards_from(books.only(*CARD_FIELDS))
    return SeriesPage(series, cards) if cards else None


@dataclass(frozen=True, slots=True)
class AuthorPage:
    author: User
    cards: list[Card]


def author_page(public_id: str) -> AuthorPage | None:
    """A person with books on sale, or None: accounts of readers have no page."""
    author = User.objects.filter(public_id=public_id, is_active=True).only("public_id", "display_name", "bio").first()
    if author is None:
        return None
    cards = cards_from(listings_by_author(public_id)[:60])
    return AuthorPage(author, cards) if cards else None

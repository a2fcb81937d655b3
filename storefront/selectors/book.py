"""A book's page and that of a series, each in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.db.models import F, Subquery
from django.utils.functional import Promise

from accounts import regions
from accounts.countries import country_name
from common import clock
from common.money import Money
from publishing import thema
from publishing.models import Series
from publishing.territories import Territory
from storefront import ai_use, facets
from storefront.files import File
from storefront.models import Catalogue, Listing, Shelf
from storefront.selectors import completing, prices
from storefront.selectors import reviews as review_selectors
from storefront.selectors import shelves as shelf_selectors
from storefront.selectors.cards import CARD_FIELDS, Card, cards_in_places, is_open, price_of
from storefront.selectors.completing import Rest
from storefront.selectors.related import Related, related
from storefront.selectors.reviews import ShownReview
from storefront.selectors.sliding import Scale, scale


@dataclass(frozen=True, slots=True)
class PastEdition:
    number: int
    published: date
    notes: str
    more_words: int | None = None  # than the one before; None where that is not known
    more_chapters: int = 0

    @property
    def fewer_words(self) -> int:
        return -(self.more_words or 0)


class AuthorGets(NamedTuple):
    """Of one sale, in minor units: the price before tax, what is taken of it, and the author's part."""

    currency: str
    price: int
    processor_fee: int
    platform_fee: int
    royalty: int


@dataclass(frozen=True, slots=True)
class BookPage:
    listing: Listing
    subject_label: str | Promise
    formats: list[File]
    editions: list[PastEdition]
    reviews: list[ShownReview]
    related: Related
    shelves: list[Shelf]
    prices: prices.PriceHistory | None
    is_delayed: bool  # announced for a day that has come, and not out: nobody can order it then

    @property
    def star_counts(self) -> list[tuple[int, int]]:
        """How many gave 5, 4, 3, 2 and 1 stars."""
        return review_selectors.star_counts(self.listing)

    @property
    def price(self) -> Money | None:
        """What readers of the page's region are asked."""
        return price_of(self.listing)

    @property
    def is_open(self) -> bool:
        """Whether readers of the page's region choose what they pay."""
        return is_open(self.price, self.listing.open_in)

    @property
    def suggested(self) -> Money:
        """What the field of an open price first shows."""
        least = self.price or Money(0, settings.DEFAULT_CURRENCY)
        asked = self.listing.details.get("suggested", {}).get(least.currency, least.amount_minor)
        return Money(int(asked), least.currency)

    @property
    def scale(self) -> Scale | None:
        """The slider's beside the field of an open price."""
        return scale(least=self.price, usual=self.suggested) if self.price is not None and self.is_open else None

    @property
    def author_gets(self) -> AuthorGets | None:
        """What becomes of the price in the region's currency; None where that is not known."""
        price = self.price
        gets = self.listing.details.get("author_gets", {}).get(price.currency) if price is not None else None
        return AuthorGets(currency=price.currency, **gets) if price is not None and gets else None

    @property
    def territory(self) -> Territory:
        return Territory.stored(self.listing.details.get("territory", {}))

    @property
    def barred_in(self) -> str:
        """The country of the page's region by name, when the book is not sold there."""
        country = regions.current().country
        return "" if self.territory.is_sold_in(country) else country_name(country)

    @property
    def territory_names(self) -> list[str]:
        """The countries where it is not sold, or is only, by name."""
        return sorted(map(country_name, self.territory.countries))

    @property
    def warnings(self) -> list[str | Promise]:
        """What readers should know before, in words."""
        return [label for place, label in enumerate(facets.WARNINGS.values()) if self.listing.warnings >> place & 1]

    @property
    def accessibility(self) -> tuple[str, ...]:
        """Codes of what is known of it (`storefront.accessibility`)."""
        return tuple(self.listing.details.get("accessibility", ()))

    @property
    def ai_use(self) -> Sequence[str | Promise]:
        """What the author states of AI in it, in sentences; none where nobody was asked."""
        return ai_use.sentences(self.listing.details.get("ai", {}))

    @property
    def sample_chapter(self) -> str:
        """Where the sample begins; "" for a book of fixed layout."""
        return str(self.listing.details["sample_chapter"])

    @property
    def is_givable(self) -> bool:
        """A book that costs nothing is no gift."""
        return bool(self.price) or self.is_open

    @property
    def fixed_pages(self) -> int:
        """How many pages a book of fixed layout has; 0 for one that flows."""
        return next((one.pages for one in self.formats if one.kind == "epub"), 0)

    @property
    def reading_hours(self) -> int:
        """At 250 words a minute, rounded up to whole hours."""
        return -(-self.listing.words // 15_000)


class PageVersion(NamedTuple):
    """`name` changes with the shop, and with what changed around the book's reviews since."""

    work_id: int
    name: str


def page_version(slug: str) -> PageVersion | None:
    """Of the pages about a book on sale; None when there is none."""
    version = Subquery(Catalogue.objects.values("version")[:1])
    rows = Listing.objects.on_sale().filter(slug=slug).annotate(shop=version)
    row = rows.values_list("work_id", "shop", "reviews_version").first()
    return PageVersion(row[0], f"{row[1]}.{row[2]}") if row else None


def book_listing(slug: str) -> Listing | None:
    """The listing of a book on sale; None when there is none."""
    return Listing.objects.on_sale().filter(slug=slug).first()


def book_page(listing: Listing) -> BookPage:
    """The page of the book, in at most six queries beside the listing's."""
    return BookPage(
        listing=listing,
        subject_label=thema.label(listing.subject),
        formats=_formats(listing),
        editions=_editions(listing),
        reviews=review_selectors.first_reviews(listing.work_id),
        related=related(listing),
        shelves=shelf_selectors.shelves_with(listing.work_id),
        prices=_prices(listing),
        is_delayed=clock.has_come(listing.release_date),
    )


def _prices(listing: Listing) -> prices.PriceHistory | None:
    """What it has cost in the currency that readers of the page's region are asked in."""
    price = price_of(listing)
    if price is None:
        return None
    return prices.price_history(
        listing.details.get("price_history", {}).get(price.currency, []),
        currency=price.currency,
        now=clock.now(),
        is_open=is_open(price, listing.open_in),
    )


def _editions(listing: Listing) -> list[PastEdition]:
    """The newest first, each with what it has more or less than the one before, as far as both were measured."""
    rows = listing.details.get("editions", [])
    found = []
    for place, one in enumerate(rows):
        before = rows[place + 1] if place + 1 < len(rows) else {}
        is_known = bool(one.get("words") and before.get("words"))
        found.append(
            PastEdition(
                number=one["number"],
                published=date.fromisoformat(one["date"]),
                notes=one["notes"],
                more_words=one["words"] - before["words"] if is_known else None,
                more_chapters=one["chapters"] - before["chapters"] if is_known else 0,
            )
        )
    return found


def _formats(listing: Listing) -> list[File]:
    stored = listing.details.get("formats", [])
    files = [File(one["kind"], one["target"], one["bytes"], one["pages"]) for one in stored]
    return sorted(files, key=lambda one: one.place)


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """`rest` is what somebody of whom nothing is known lacks of it: all, where its owner offers that. `hidden` are
    books for adults that were not asked for.
    """

    series: Series
    cards: list[Card]
    rest: Rest | None
    hidden: int = 0


def series_page(slug: str, *, with_adult: bool = False) -> SeriesPage | None:
    """A series with its books on sale by number, those without one last; None when there are none."""
    series = Series.objects.filter(slug=slug).first()
    if series is None:
        return None
    books = Listing.objects.on_sale().filter(series=series).order_by(F("series_number").asc(nulls_last=True), "pk")
    rows = list(books.only("series_number", "is_adult", *CARD_FIELDS))
    if not rows:
        return None
    shown = [row for row in rows if with_adult or not row.is_adult]
    cards = cards_in_places(shown, [row.series_number or 0 for row in shown])
    return SeriesPage(series, cards, completing.shown_rest(series, user=None), len(rows) - len(shown))

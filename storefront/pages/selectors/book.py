"""A book's page, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest

from django.conf import settings
from django.utils.functional import Promise

from accounts import regions
from accounts.countries import country_name
from common import clock
from common.money import Money
from publishing import thema
from publishing.territories import Territory
from storefront.catalogue import ai_use, facets
from storefront.catalogue.files import File
from storefront.catalogue.models import Listing
from storefront.catalogue.models.details import ListedEdition, PriceParts
from storefront.catalogue.selectors import prices
from storefront.catalogue.selectors.cards import is_open, price_of
from storefront.catalogue.selectors.related import Related, related
from storefront.catalogue.selectors.sliding import Scale, scale
from storefront.community.models import Shelf
from storefront.community.selectors import reviews as review_selectors
from storefront.community.selectors import shelves as shelf_selectors
from storefront.community.selectors.reviews import ShownReview


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
        return Money(self.listing.details.suggested.get(least.currency, least.amount_minor), least.currency)

    @property
    def scale(self) -> Scale | None:
        """The slider's beside the field of an open price."""
        return scale(least=self.price, usual=self.suggested) if self.price is not None and self.is_open else None

    @property
    def author_gets(self) -> PriceParts | None:
        """What becomes of the price in the region's currency; None where that is not known."""
        return self.listing.details.author_gets.get(self.price.currency) if self.price is not None else None

    @property
    def territory(self) -> Territory:
        return self.listing.details.territory

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
        """Codes of what is known of it (`storefront.catalogue.accessibility`)."""
        return self.listing.details.accessibility

    @property
    def ai_use(self) -> Sequence[str | Promise]:
        """What the author states of AI in it, in sentences; none where nobody was asked."""
        return ai_use.sentences(self.listing.details.ai)

    @property
    def sample_chapter(self) -> str:
        """Where the sample begins; "" for a book of fixed layout."""
        return self.listing.details.sample_chapter

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
        listing.details.price_history.get(price.currency, ()),
        currency=price.currency,
        now=clock.now(),
        is_open=is_open(price, listing.open_in),
    )


def _editions(listing: Listing) -> list[PastEdition]:
    """The newest first, each with what it has more or less than the one before, as far as both were measured."""
    editions = listing.details.editions
    return [_edition(one, before) for one, before in zip_longest(editions, editions[1:])]


def _edition(edition: ListedEdition, before: ListedEdition | None) -> PastEdition:
    told = PastEdition(number=edition.number, published=edition.date, notes=edition.notes)
    if before is None or not (edition.words and before.words):
        return told
    return replace(told, more_words=edition.words - before.words, more_chapters=edition.chapters - before.chapters)


def _formats(listing: Listing) -> list[File]:
    files = [File(one.kind, one.target, one.bytes, one.pages) for one in listing.details.formats]
    return sorted(files, key=lambda one: one.place)

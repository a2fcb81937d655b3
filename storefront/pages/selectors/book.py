"""The data of a book's page, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest

from django.conf import settings
from django.utils.functional import Promise
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import regions
from accounts.countries import country_name
from common import clock
from common.money import Money
from common.templatetags.money import number
from publishing import thema
from publishing.price_now import PriceNow
from publishing.record import blurb, licences, thema_codes
from publishing.record.licences import Licence
from publishing.territories import Territory
from storefront.catalogue import ai_use, facets
from storefront.catalogue.files import File
from storefront.catalogue.models import Listing
from storefront.catalogue.models.details import ListedEdition, ListedFile, ListedPerson, PriceParts
from storefront.catalogue.selectors import prices
from storefront.catalogue.selectors.cards import is_open, price_now, price_of
from storefront.catalogue.selectors.price_slider import SliderScale, scale
from storefront.catalogue.selectors.related import Related, related
from storefront.catalogue.selectors.translations import OtherLanguage, in_other_languages
from storefront.checkout.coupons import selectors as coupon_selectors
from storefront.community.models import Shelf
from storefront.community.selectors import reviews as review_selectors
from storefront.community.selectors import shelves as shelf_selectors
from storefront.community.selectors.reviews import ReviewCard


@dataclass(frozen=True, slots=True)
class PastEdition:
    label: str
    is_correction: bool
    published: date
    notes: str
    more_words: int | None = None  # than the previous edition; None if unknown
    more_chapters: int = 0

    @property
    def change(self) -> str:
        """How its length differs from the previous edition's; "" if unknown."""
        if self.more_words is None:
            return ""
        words = _words_change(self.more_words)
        return f"{words}; {_chapters_change(self.more_chapters)}" if self.more_chapters else words


@dataclass(frozen=True, slots=True)
class BookPage:
    listing: Listing
    subject_label: str | Promise
    formats: list[File]
    awaited: list[File]  # not made yet, or not to be had: `later` says which
    editions: list[PastEdition]
    reviews: list[ReviewCard]
    related: Related
    other_languages: list[OtherLanguage]
    shelves: list[Shelf]
    prices: prices.PriceHistory | None
    is_delayed: bool  # the announced day has come, but the book is not out, so nobody can order it

    @property
    def later(self) -> str:
        """ "making" while files of the edition are still being made, "missing" if some could not be made, or ""."""
        return self.listing.details.later

    @property
    def star_counts(self) -> list[tuple[int, int]]:
        """How many readers gave 5, 4, 3, 2 and 1 stars."""
        return review_selectors.star_counts(self.listing)

    @property
    def price(self) -> Money | None:
        """The price now for readers in the page's region."""
        return price_of(self.listing)

    @property
    def promotion(self) -> PriceNow | None:
        """The promotion whose price the page shows; None if that is the list price."""
        if self.price is None:
            return None
        country = regions.current().country
        found = price_now(self.listing, self.price.currency, country=country, at=clock.now())
        return found if found.promotion else None

    @property
    def is_open(self) -> bool:
        """Whether readers in the page's region choose what they pay."""
        return is_open(self.price, self.listing.open_in)

    @property
    def suggested(self) -> Money:
        """The initial value of the field for an open price."""
        least = self.price or Money(0, settings.DEFAULT_CURRENCY)
        return Money(self.listing.details.suggested.get(least.currency, least.amount_minor), least.currency)

    @property
    def scale(self) -> SliderScale | None:
        """The scale of the slider for an open price."""
        return scale(least=self.price, usual=self.suggested) if self.price is not None and self.is_open else None

    @property
    def author_gets(self) -> PriceParts | None:
        """How the price in the region's currency divides; None if unknown."""
        if self.promotion is not None:
            return self.listing.details.promotion_gets.get(self.promotion.promotion)
        return self.listing.details.author_gets.get(self.price.currency) if self.price is not None else None

    @property
    def territory(self) -> Territory:
        return self.listing.details.territory

    @property
    def barred_in(self) -> str:
        """The name of the region's country if the book is not sold there, otherwise ""."""
        country = regions.current().country
        return "" if self.territory.is_sold_in(country) else country_name(country)

    @property
    def territory_names(self) -> list[str]:
        """The names of the countries in which it is not sold, or only sold."""
        return sorted(map(country_name, self.territory.countries))

    @property
    def blurb(self) -> SafeString:
        """The description with its emphasis, lists and headings, as safe HTML."""
        formatted = self.listing.details.blurb
        return blurb.shown(formatted) if formatted else mark_safe(linebreaks(self.listing.description, autoescape=True))

    @property
    def biographies(self) -> list[ListedPerson]:
        """The people of whom the record says more than their names."""
        return [one for one in self.listing.details.authors if one.biography]

    @property
    def original(self) -> OtherLanguage | None:
        """What it is translated from, if that is on sale."""
        return next((one for one in self.other_languages if one.is_original), None)

    @property
    def translations(self) -> list[OtherLanguage]:
        """The same work in other languages that are on sale, without its original."""
        return [one for one in self.other_languages if not one.is_original]

    @property
    def subjects(self) -> list[tuple[str, str]]:
        """The headings of its subjects, each with the division by which readers browse; "" for qualifiers."""
        codes = self.listing.details.subjects or ((self.listing.subject,) if self.listing.subject else ())
        found = ((thema_codes.heading(code), thema.nearest(code)) for code in codes)
        return [(heading, division) for heading, division in found if heading]

    @property
    def licence(self) -> str:
        """The licence as pages call it; "" where all rights are reserved."""
        licence = self.listing.details.rights.licence
        return str(Licence(licence).label) if self.licence_address else ""

    @property
    def licence_address(self) -> str:
        return licences.address(self.listing.details.rights.licence)

    @property
    def warnings(self) -> list[str | Promise]:
        """The content warnings, in words."""
        return [label for place, label in enumerate(facets.WARNINGS.values()) if self.listing.warnings >> place & 1]

    @property
    def reading_age(self) -> int | None:
        """The lowest reading age in years; None if nobody named one, and for adults' books, which say so themselves."""
        return None if self.listing.is_adult else self.listing.details.reading_age

    @property
    def accessibility(self) -> tuple[str, ...]:
        """Accessibility codes (`storefront.catalogue.accessibility`)."""
        return self.listing.details.accessibility

    @property
    def ai_use(self) -> Sequence[str | Promise]:
        """The author's statements about AI, in sentences; none if nobody was asked."""
        return ai_use.sentences(self.listing.details.ai)

    @property
    def sample_chapter(self) -> str:
        """The first chapter of the sample; "" for a fixed-layout book."""
        return self.listing.details.sample_chapter

    @property
    def is_free(self) -> bool:
        return not self.price and not self.is_open

    @property
    def is_givable(self) -> bool:
        """Whether it can be a gift: a free book cannot, nor one that is not out yet."""
        return not self.is_free and self.listing.release_date is None

    @property
    def is_for_sale(self) -> bool:
        """Whether readers in the page's region can buy or pre-order it now."""
        return self.price is not None and not self.barred_in and not self.is_delayed

    @property
    def published_label(self) -> str:
        """What the day on which it comes or came out is called."""
        if self.listing.release_date is None:
            return _("Published")
        return _("Announced for") if self.is_delayed else _("Out on")

    @property
    def fixed_pages(self) -> int:
        """The number of pages of a fixed-layout book; 0 for a reflowable one."""
        return next((one.pages for one in self.formats if one.kind == "epub"), 0)

    @property
    def reading_hours(self) -> int:
        """The reading time at 250 words a minute, rounded up to whole hours; 0 if it is less than one."""
        return -(-self.listing.words // 15_000) if self.listing.words >= 15_000 else 0

    @property
    def reading_minutes(self) -> int:
        """The reading time at 250 words a minute, rounded up: for what takes less than an hour."""
        return -(-self.listing.words // 250)


def _words_change(more: int) -> str:
    if more > 0:
        words = ngettext(
            "%(shown)s more word than the previous edition", "%(shown)s more words than the previous edition", more
        )
        return words % {"shown": number(more)}
    if more < 0:
        return _("%(shown)s fewer words than the previous edition") % {"shown": number(-more)}
    return _("as many words as the previous edition")


def _chapters_change(more: int) -> str:
    words = ngettext("%(n)s chapter", "%(n)s chapters", more) % {"n": more}
    return f"+{words}" if more > 0 else words


def book_page(listing: Listing) -> BookPage:
    """Return the data of the book's page, in at most nine queries besides the listing's."""
    return BookPage(
        listing=listing,
        subject_label=thema.label(listing.subject),
        formats=_files(listing.details.formats),
        awaited=_files(listing.details.awaited),
        editions=_editions(listing),
        reviews=review_selectors.first_reviews(listing.work_id),
        related=related(listing),
        other_languages=in_other_languages(listing),
        shelves=shelf_selectors.shelves_with(listing.work_id),
        prices=_prices(listing),
        is_delayed=clock.has_begun(listing.release_date),
    )


def _prices(listing: Listing) -> prices.PriceHistory | None:
    """Return the price history in the currency used for readers in the page's region."""
    price = price_of(listing)
    if price is None:
        return None
    history = prices.price_history(
        listing.details.price_history.get(price.currency, ()),
        currency=price.currency,
        now=clock.now(),
        promotions=prices.all_promotions(listing, price.currency),
        is_open=is_open(price, listing.open_in),
        is_fixed=regions.current().country in listing.fixed_in.split(),
    )
    if history is None or history.reduction is None or regions.current().country in listing.fixed_in.split():
        return history
    return prices.counting_codes(history, _codes_before(history.reduction, listing.work_id, price.currency))


def _codes_before(reduction: prices.Reduction, work: int, currency: str) -> list[prices.CodePeriod]:
    since = reduction.at - prices.LOOK_BACK
    return coupon_selectors.codes_for_everybody(work, currency, since=since, until=reduction.at)


def _editions(listing: Listing) -> list[PastEdition]:
    """Return the editions, newest first, with how each differs in length from the one before, if both were measured."""
    editions = listing.details.editions
    return [_edition(one, before) for one, before in zip_longest(editions, editions[1:])]


def _edition(edition: ListedEdition, before: ListedEdition | None) -> PastEdition:
    told = PastEdition(edition.label, edition.revision > 0, published=edition.date, notes=edition.notes)
    if before is None or not (edition.words and before.words):
        return told
    return replace(told, more_words=edition.words - before.words, more_chapters=edition.chapters - before.chapters)


def _files(listed: Sequence[ListedFile]) -> list[File]:
    files = [File(one.kind, one.target, one.bytes, one.pages) for one in listed]
    return sorted(files, key=lambda one: one.place)

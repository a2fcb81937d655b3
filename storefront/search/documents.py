"""Build search documents from listings, as unsaved rows that `storefront.search.services.index` writes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.utils import translation

from common import clock
from common.search_text import index_words, words
from publishing import thema
from publishing.price_now import price_at
from storefront.catalogue import facets
from storefront.catalogue.models.listing import Listing
from storefront.search.backend import AUTHOR, BOOK, MARK, SERIES, kind_mark
from storefront.search.models import SearchDocument, place_of
from storefront.search.query import MAX_KEY_LENGTH, isbn_of, without_article
from storefront.search.synonyms import SUBJECT_SYNONYMS

MAX_TEXT_LENGTH = 60_000
# Separates two names, so that no phrase spans both.
_BETWEEN = f" {MARK} "


class NamedEntity(NamedTuple):
    """An author with a page, by public id and a name used on their books; or a series, by slug and title."""

    kind: str
    target: str
    label: str


def book_document(listing: Listing, chapter_titles: str = "") -> SearchDocument:
    """Return the document of a listing on sale."""
    details = listing.details
    key = book_key(listing.title)
    number = isbn_of(details.identifier.removeprefix("urn:isbn:"))
    names = [one.name for one in details.authors if one.name not in listing.byline]
    series = details.series.title if details.series else ""
    band = price_band_now(listing)
    told = [*details.keywords, details.imprint, details.identifier, listing.description, chapter_titles]
    return SearchDocument(
        place=place_of(BOOK, listing.pk, listing.sales_count),
        kind=BOOK,
        listing_id=listing.pk,
        target=listing.slug,
        label=listing.title,
        note=listing.byline,
        key=BOOK + key,
        title=index_words(listing.title),
        people=_joined([listing.byline, *names, series, number]),
        more=_joined([listing.subtitle, *headings(listing.subject)]),
        text=_joined(told)[:MAX_TEXT_LENGTH],
        marks=_marks(listing, key, band),
        **{name: getattr(listing, name) for name in SearchDocument.FACETS} | {"price_band": band},
    )


def person_document(person: NamedEntity, *, number: int, books: int) -> SearchDocument:
    """Return the document of an author or a series with this many books."""
    key = " ".join(words(person.label))
    return SearchDocument(
        place=place_of(person.kind, number, books),
        kind=person.kind,
        target=person.target,
        label=person.label,
        key=person.kind + (without_article(key) if person.kind == SERIES else key)[:MAX_KEY_LENGTH],
        books=books,
        title=index_words(person.label),
        marks=kind_mark(person.kind),
    )


def credited_names(listing: Listing) -> set[NamedEntity]:
    """Return the authors and series for which the listing counts.

    A book for adults counts for nobody, so authors who write only such books are never shown to readers who did not
    ask.
    """
    if listing.is_adult or not listing.is_on_sale:
        return set()
    details = listing.details
    found = {
        NamedEntity(AUTHOR, one.author, one.name[:400]) for one in details.authors if one.author and words(one.name)
    }
    if series := details.series:
        found.add(NamedEntity(SERIES, series.slug, series.title))
    return found


def spelling_words(document: SearchDocument) -> set[str]:
    """Return the words of a document's names, as targets for spelling correction."""
    return {one for one in f"{document.title} {document.people} {document.more}".split() if not one.startswith(MARK)}


def book_key(title: str) -> str:
    """Return the title normalized for comparison, without its article."""
    return without_article(" ".join(words(title)))[:MAX_KEY_LENGTH]


def first_word_mark(word: str) -> str:
    """Return the mark of books whose title begins with the word."""
    return f"{MARK}b{word}"


def filter_mark(word: str) -> str:
    """Return the mark of books that have a word of `facets.tokens`."""
    return f"{MARK}f{word}"


def warning_mark(warning: int) -> str:
    """Return the mark of books with a warning, by its position in `facets.WARNINGS`."""
    return f"{MARK}w{warning}"


@lru_cache(maxsize=4096)
def headings(code: str) -> tuple[str, ...]:
    """Return the headings of a subject and its section in every interface language, with common synonyms."""
    found: dict[str, None] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for one in filter(None, (code, thema.section(code))):
                found |= dict.fromkeys(map(str, (thema.label(one), SUBJECT_SYNONYMS.get(one, ""))))
    return tuple(filter(None, found))


def _joined(texts: Iterable[str]) -> str:
    return _BETWEEN.join(filter(None, map(index_words, texts)))


def price_band_now(listing: Listing) -> int:
    """Return the band of the price in the shop's default currency, with a promotion that runs now.

    When one begins or ends, the book is indexed anew (`publishing.announce_promotions`).
    """
    currency = settings.DEFAULT_CURRENCY
    periods = listing.promotions.get(currency, ())
    if not periods or currency not in listing.prices:
        return listing.price_band
    return facets.price_band(price_at(listing.prices[currency], periods, clock.now()).minor)


def _marks(listing: Listing, key: str, price_band: int) -> str:
    tokens = facets.words_of_book(
        subject=listing.subject,
        language=listing.language,
        price=price_band,
        length=listing.length_band,
        formats=listing.formats,
        features=listing.features,
    )
    warnings = [place for place in range(len(facets.WARNINGS)) if listing.warnings >> place & 1]
    marks = [kind_mark(BOOK), *map(filter_mark, tokens.split()), *map(warning_mark, warnings)]
    return " ".join([*marks, first_word_mark(key.partition(" ")[0])] if key else marks)

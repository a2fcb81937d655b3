"""What search knows of a book, from its listing alone: plain values, written by `storefront.services.search_index`.

Names are what readers look for a book by: title, subtitle, people, series, subject and ISBN. They stand in
`Listing.search_names`, one a line, as folded words. An entry of the index has them in one line, parted by "/", and
beside them marks: words no reader can type, for what narrows a search.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import Any, Protocol

from django.utils import translation
from stdnum import isbn
from stdnum.exceptions import ValidationError

from publishing import thema
from storefront.selectors.folding import fold_words, folded, without_article

BOOK, AUTHOR, SERIES = "book", "author", "series"
BETWEEN_NAMES = " / "
LONGEST_KEY = 100
LONGEST_TEXT = 60_000
# Books in order of sales come in tiers, each four times the one before, so that a word of half the catalogue is asked
# for among the bestsellers first. SQLite has them as words of an entry.
TIERS = (1, 4, 16, 64, 256, 1024, 4096, 16384)
_TIERS_SAID = [" ".join(f">{tier}" for tier in range(highest + 1)) for highest in range(len(TIERS) + 1)]
# The same much finer, for PostgreSQL, where each word has a list of its own for each band: the weight from which on an
# entry is in the next. As migration 0064 has them.
BANDS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256, 512, 1024, 4096, 16384)
FACETS = ("subject", "language", "price_band", "length_band", "formats", "features", "warnings", "is_adult")

# No spelling of an ISBN has these: most books have another identifier, which is told apart at once.
_NOT_IN_ISBN = re.compile("[A-WYZa-wyz]")

type Person = tuple[str, str, str]  # kind AUTHOR or SERIES, public id or slug, name


class ListingLike(Protocol):
    """A listing, also as a migration sees it."""

    pk: Any
    slug: str
    title: str
    subtitle: str
    byline: str
    language: str
    subject: str
    sales_count: int
    is_adult: bool
    facet_words: str
    search_names: str
    search_text: str
    details: dict[str, Any]


def names_of(listing: ListingLike) -> str:
    """The listing's names as folded words, one a line: the title first."""
    details = listing.details
    people = [one["name"] for one in details.get("authors", []) if one["name"] not in listing.byline]
    series = details.get("series") or {}
    number = isbn_of(details.get("identifier", "").removeprefix("urn:isbn:"))
    names = [listing.title, listing.subtitle, listing.byline, *people, series.get("title", "")]
    lines = [*map(folded, filter(None, names)), *_folded_labels(listing.subject, listing.language), folded(number)]
    return "\n".join(line for line in lines if line)


@lru_cache(maxsize=4096)
def _folded_labels(code: str, language: str) -> tuple[str, ...]:
    """Few for very many books, and each asks the catalogues of two languages."""
    return tuple(map(folded, subject_labels(code, language)))


def subject_labels(code: str, language: str) -> list[str]:
    """The subject's and its section's headings in English and in the book's language."""
    labels: dict[str, None] = {}
    for tongue in ("en", language):
        with translation.override(tongue):
            labels |= dict.fromkeys(str(thema.label(one)) for one in (code, thema.section(code)) if one)
    return list(labels)


def isbn_of(text: str) -> str:
    """The thirteen digits of an ISBN in any of its spellings; "" for anything else."""
    if _NOT_IN_ISBN.search(text):
        return ""
    try:
        return str(isbn.to_isbn13(isbn.validate(text)).replace("-", "").replace(" ", ""))
    except ValidationError:
        return ""


def entry_of(listing: ListingLike) -> dict[str, Any]:
    """The fields of the listing's entry."""
    return {
        "kind": BOOK,
        "listing_id": listing.pk,
        "label": listing.title,
        "note": listing.byline,
        "target": listing.slug,
        "key": without_article(_key(listing.title))[:LONGEST_KEY],
        "names": listing.search_names.replace("\n", BETWEEN_NAMES),
        "text": listing.search_text.replace("\n", BETWEEN_NAMES)[:LONGEST_TEXT],
        "marks": " ".join(marked(listing.facet_words.split())),
        "tiers": tiers_of(listing.sales_count),
        "weight": listing.sales_count,
        "related": [list(one) for one in related(listing)],
        **{name: getattr(listing, name) for name in FACETS},
    }


def related(listing: ListingLike) -> list[Person]:
    """The authors with a page and the series whose entries count this book; none for a book for adults, so that
    nobody meets those who did not ask for them."""
    if listing.is_adult:
        return []
    details = listing.details
    people = [
        (AUTHOR, one["author"], one["name"][:400])
        for one in details.get("authors", [])
        if one["author"] and folded(one["name"])
    ]
    if series := details.get("series"):
        people.append((SERIES, series["slug"], series["title"]))
    return sorted(set(people))


def person_entry(person: Person, books: int) -> dict[str, Any]:
    """The fields of an author's or a series' entry; its weight is how many books it has."""
    kind, target, label = person
    return {
        "kind": kind,
        "target": target,
        "label": label,
        "key": (_key(label) if kind == AUTHOR else without_article(_key(label)))[:LONGEST_KEY],
        "names": folded(label),
        "marks": "",
        "tiers": tiers_of(books),
        "weight": books,
    }


def _key(name: str) -> str:
    """A name as a reader who types all of it asks for it."""
    return " ".join(fold_words(name))


def marked(words: list[str]) -> list[str]:
    """Words of `facets.tokens` as they stand among an entry's marks."""
    return [f".{word}" for word in words]


def tiers_of(weight: int) -> str:
    """Every tier that the weight reaches: ">0 >1 >2" for 4 to 15."""
    return _TIERS_SAID[tier_of(weight)]


def tier_of(weight: int) -> int:
    return bisect_right(TIERS, weight)


def words_of(names: str) -> set[str]:
    """The words of names, of a listing or of an entry: they are folded already."""
    return set(names.split()) - {BETWEEN_NAMES.strip()}

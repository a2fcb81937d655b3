"""The facets that filter lists of books, as data: the values of each facet, and which of them a book has.

A value is a URL parameter (`/books/?length=evening`). Each facet is one small column of the listing. Formats, features
and warnings are bit sets, so a list, its counts and its index all read the same numbers.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from publishing import thema
from publishing.models import ContentWarning

# Upper limits in minor units of the default currency (whole units only). A band holds the prices above the one before.
PRICES: dict[str, int] = {"free": 0, "5": 500, "10": 1000}
_MAX_COUNT = list(PRICES.values())
_DEARER = len(PRICES)
_NOT_PRICED = len(PRICES) + 1

_WORDS_AN_HOUR = 15_000  # 250 a minute
# A book is in the first band whose limit it does not exceed; the last band has no limit.
LENGTHS: dict[str, tuple[str | Promise, int | None]] = {
    "hour": (_("Up to an hour"), _WORDS_AN_HOUR),
    "evening": (_("An evening"), 3 * _WORDS_AN_HOUR),
    "days": (_("A few days"), 8 * _WORDS_AN_HOUR),
    "weeks": (_("Weeks"), None),
}
_MAX_LENGTH = [most for _label, most in LENGTHS.values() if most is not None]
FORMATS: dict[str, str | Promise] = {
    "reflow": _("Text that fits any screen"),
    "fixed": _("Fixed page layout"),
    "kindle": _("For Kindle"),
    "kobo": _("For Kobo"),
    "pdf": _("PDF for screens"),
    "print": _("PDF for print"),
}
# Codes of Listing.details.accessibility that readers can filter by.
FEATURES: dict[str, str | Promise] = {
    "reflow": _("Text size and colours can be changed"),
    "structure": _("Headings and lists for screen readers"),
    "described": _("All pictures described"),
    "no-hazards": _("No flashing"),
}
WARNINGS: dict[str, str | Promise] = dict(ContentWarning.choices)

_KINDS = {"kindle": "kindle", "kepub": "kobo"}

# `base_language` in SQL. Indexes on listings use this exact expression, so that the database recognises it.
TONGUE = "rtrim(substr({}, 1, 3), '-')"


def price_band(price_minor: int | None) -> int:
    """Return the index in PRICES. Two more values stand for higher prices and for books without a comparable price."""
    if price_minor is None:
        return _NOT_PRICED
    return bisect_left(_MAX_COUNT, price_minor)


def length_band(words: int) -> int:
    """Return the index in LENGTHS."""
    return bisect_left(_MAX_LENGTH, words)


def base_language(tag: str) -> str:
    """Return the language of a tag without script and region, two or three letters: "de" for "de-AT"."""
    return tag[:3].rstrip("-")


def is_in(tag: str, asked: str) -> bool:
    """Return whether a book in language `tag` matches `asked`, which is that very tag or its whole language."""
    return asked in (tag, base_language(tag))


def bits(values: Iterable[str], of: Collection[str]) -> int:
    """Return the values as a bit set, each at its position in the facet; unknown values are left out."""
    wanted = set(values)
    return sum([1 << place for place, value in enumerate(of) if value in wanted])


def formats_of(files: Sequence[tuple[str, str]], accessibility: Collection[str]) -> list[str]:
    """Return the values of FORMATS for a book's files, given as (kind, target)."""
    found = {"fixed" if "fixed" in accessibility else "reflow"}
    for kind, target in files:
        if kind in {"pdf", "own-pdf"}:
            found.add("print" if target == "print" else "pdf")
        elif kind in _KINDS:
            found.add(_KINDS[kind])
    return [value for value in FORMATS if value in found]


def tokens(
    *,
    subject: str = "",
    language: str = "",
    price: int | None = None,
    length: int | None = None,
    formats: int = 0,
    features: int = 0,
) -> list[str]:
    """Return the words of the index over all facets: those of a book, or those a filter asks for.

    A book has the words of every price it does not exceed; a filter has only the one it asks for.
    """
    words = [f"l{re.sub('[^a-z0-9]', '', language.lower())}"] if language else []
    if subject:
        words += [f"s{subject.lower()}"]
    if price is not None:
        words += [f"p{price}"]
    if length is not None:
        words += [f"t{length}"]
    words += [f"f{place}" for place in range(len(FORMATS)) if formats >> place & 1]
    return words + [f"a{place}" for place in range(len(FEATURES)) if features >> place & 1]


def words_of_book(*, subject: str, language: str, price: int, length: int, formats: int, features: int) -> str:
    """Return the index words of one book, including its section and its language without a region."""
    words = tokens(subject=subject, language=language, length=length, formats=formats, features=features)
    if section := thema.section(subject):
        words.append(f"s{section.lower()}")
    words += [f"p{band}" for band in range(price, _DEARER)]
    words += tokens(language=base_language(language))
    return " ".join(dict.fromkeys(words))

"""Every code of Thema 1.2 with its headings, and the search among them in the words of authors and shops.

`publishing.thema` has the divisions by which readers browse. This is the scheme as a whole, whose codes a work may
have; both say the same version.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import get_language

from common.search_text import words
from publishing import thema
from publishing.record.errors import MainSubjectIsQualifier, SubjectUnknown, TooManySubjects

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MAX_SUBJECTS = 3
_MAX_FOUND = 12
_WHOLE_NAME = 3  # more, for a subject that the trade calls exactly what was asked
_DATA = Path(__file__).resolve().parent / "data"
# ONIX list 27 by the first digit of a qualifier: place, language, time, education, interest, style.
_SUBJECT_SCHEME = "93"
_QUALIFIER_SCHEMES = {"1": "94", "2": "95", "3": "96", "4": "97", "5": "98", "6": "99"}
_ENDINGS = ("ies", "es", "s", "y")


@dataclass(frozen=True, slots=True)
class Subject:
    """A code with its heading in the language of the page, and the headings above it."""

    code: str
    heading: str
    path: str

    @property
    def is_qualifier(self) -> bool:
        return is_qualifier(self.code)


@dataclass(frozen=True, slots=True)
class _Row:
    code: str
    headings: dict[str, str]
    terms: frozenset[str]  # stems of its own headings
    trade: frozenset[str]  # stems of what the trade calls it
    names: frozenset[frozenset[str]]  # the same, by name: of "cosy mystery" both words


def is_qualifier(code: str) -> bool:
    """Whether the code only narrows others: its place, language, time, purpose, interest or style."""
    return code[:1].isdigit()


def scheme(code: str) -> str:
    """Return the code's scheme in ONIX list 27."""
    return _QUALIFIER_SCHEMES.get(code[:1], _SUBJECT_SCHEME)


def is_known(code: str) -> bool:
    return code in _rows()


def heading(code: str) -> str:
    """Return the code's heading in the active language where we have it, else in English; ours where readers browse by
    it; "" for an unknown code without a known division."""
    if code in thema.SUBJECTS or code in thema.SECTIONS or code not in _rows():
        return str(thema.label(code))
    return _translated(_rows()[code].headings)


def subject(code: str) -> Subject:
    """Return a code as pages show it."""
    above = [heading(code[:length]) for length in range(1, len(code)) if code[:length] in _rows()]
    return Subject(code, heading(code), " › ".join(dict.fromkeys(filter(None, above))))


def check(codes: Sequence[str]) -> None:
    """Check a work's codes, the main one first. Raises SubjectUnknown, MainSubjectIsQualifier, TooManySubjects."""
    for code in codes:
        if not is_known(code):
            raise SubjectUnknown(subject=code[:20])
    if codes and is_qualifier(codes[0]):
        raise MainSubjectIsQualifier(subject=heading(codes[0]))
    narrowing = sum(map(is_qualifier, codes))
    if max(narrowing, len(codes) - narrowing) > MAX_SUBJECTS:
        raise TooManySubjects(most=MAX_SUBJECTS)


def search(text: str) -> list[Subject]:
    """Return the subjects that the words may mean, the likeliest first: by code, heading, or the trade's words."""
    code = text.strip().upper()
    exact = [code] if is_known(code) else []
    asked = [_stem(word) for word in words(text)]
    ranked = sorted(_scored(asked), reverse=True) if asked else []
    found = dict.fromkeys([*exact, *(row_code for _score, _length, row_code in ranked)])
    return [subject(one) for one in list(found)[:_MAX_FOUND]]


def _scored(asked: Sequence[str]) -> Iterator[tuple[float, int, str]]:
    """Yield (score, -length, code) of each code that has every word, its own or from a heading above it."""
    for row in _rows().values():
        above = _terms_above(row.code)
        score = 0.0
        for word in asked:
            value = _worth(word, row.trade, 4) or _worth(word, row.terms, 3) or _worth(word, above, 1)
            if not value:
                break
            score += value
        else:
            score += _WHOLE_NAME if frozenset(asked) in row.names else 0
            if score > len(asked):  # something of its own, not of its parents' alone
                yield score - 2 * is_qualifier(row.code), -len(row.code), row.code


def _worth(word: str, terms: frozenset[str], most: float) -> float:
    if word in terms:
        return most
    return most - 0.75 if len(word) > 2 and any(term.startswith(word) for term in terms) else 0


def _terms_above(code: str) -> frozenset[str]:
    rows = _rows()
    above = [rows[code[:length]] for length in range(1, len(code)) if code[:length] in rows]
    return frozenset().union(*(row.terms | row.trade for row in above))


def _translated(headings: dict[str, str]) -> str:
    language = (get_language() or "en").partition("-")[0]
    return headings.get(language) or headings["en"]


def _stem(word: str) -> str:
    """Return the word without its plural, so that "mystery" finds "mysteries"."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word.removesuffix(ending)
    return word


def _stems(*texts: StrOrPromise) -> frozenset[str]:
    return frozenset(_stem(word) for text in texts for word in words(str(text)))


@cache
def _rows() -> dict[str, _Row]:
    """Read the scheme, once in a process that needs it."""
    trade = {row["code"]: row["words"] for row in _read("trade-words.tsv")}
    return {
        row["code"]: _Row(
            row["code"],
            {"en": row["en"], "de": row["de"]},
            _stems(row["en"], row["de"]),
            _stems(trade.get(row["code"], "")),
            frozenset(map(_stems, trade.get(row["code"], "").split(", "))),
        )
        for row in _read("thema-1.2.tsv")
    }


def _read(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))

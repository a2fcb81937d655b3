"""Suggestions while the reader is typing: authors, series and books.

Names that begin as typed come first, then those that contain the words, the last of which may be incomplete. If there
are none, typing mistakes are corrected, also in the incomplete word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from common.search_text import is_unspaced, words
from storefront.search import spelling
from storefront.search.backend import AUTHOR, BOOK, SERIES, Found, Group, Groups, Match, Term
from storefront.search.databases import get_backend
from storefront.search.query import ARTICLES, ParsedQuery, parse

_LIMITS = {AUTHOR: 3, SERIES: 2, BOOK: 6}
_LOOKED_AT = 24
_MIN_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name to suggest. `target` is a book's or series' slug, or an author's public id; `note` is a book's byline."""

    label: str
    note: str
    target: str
    books: int


@dataclass(frozen=True, slots=True)
class Suggestions:
    authors: list[Suggestion] = field(default_factory=list)
    series: list[Suggestion] = field(default_factory=list)
    books: list[Suggestion] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.authors) + len(self.series) + len(self.books)


def suggest(text: str) -> Suggestions:
    """Return suggestions for the text. Books for adults are never suggested."""
    query = parse(text)
    if not query.terms:
        return Suggestions()
    found = {kind: _as_typed(kind, query, limit=limit) for kind, limit in _LIMITS.items()}
    if not any(found.values()):
        rows = _corrected("", query, limit=_LOOKED_AT)
        found = {kind: [row for row in rows if row.key.startswith(kind)] for kind in _LIMITS}
    return Suggestions(*(_shown(found[kind], limit) for kind, limit in _LIMITS.items()))


def find_names(kind: str, query: ParsedQuery, *, limit: int) -> list[Found]:
    """Return authors or series whose names match, the last word perhaps incomplete; if none do, corrected ones."""
    rows = _as_typed(kind, query, limit=limit) or _corrected(kind, query, limit=limit)
    return list(dict.fromkeys(rows))[:limit]


def _as_typed(kind: str, query: ParsedQuery, *, limit: int) -> list[Found]:
    base = Match(kind=kind, without=query.without, with_adult=False)
    found: list[Found] = []
    if query.is_plain and (kind == BOOK or query.title not in ARTICLES):  # too many series begin with an article
        found = get_backend().find(replace(base, key_prefix=query.title), limit=limit)
    groups = _unfinished(query)
    if len(found) < limit and groups:
        rows = get_backend().find(replace(base, alternatives=(groups,)), limit=max(limit, _LOOKED_AT))
        found += sorted(rows, key=lambda row: not _is_named(row, groups))
    return found


def _unfinished(query: ParsedQuery) -> Groups:
    """Return the query with its last word as a prefix. A single letter is dropped: too many words begin with it."""
    *terms, last = query.terms
    word = last.words[-1]
    if len(last.words) > 1 or is_unspaced(word):
        terms.append(last)
    elif len(word) >= _MIN_LETTERS:
        terms.append(Term((word,), is_prefix=True))
    return tuple((term,) for term in terms)


def _corrected(kind: str, query: ParsedQuery, *, limit: int) -> list[Found]:
    """Return what matches with mistakes corrected. The last word may begin with any spelling one mistake away."""
    groups = list(_unfinished(query))
    endings: list[Group] = []
    if groups and groups[-1][0].is_prefix and spelling.is_correctable(word := groups[-1][0].words[0]):
        endings = [tuple(Term((one,), is_prefix=True) for one in sorted({word, *spelling.edits(word)}))]
        groups.pop()
    known = spelling.known_words(spelling.single_words(term for group in groups for term in group))
    corrected = (*spelling.corrected(tuple(groups), known), *endings)
    if not corrected or corrected == _unfinished(query):
        return []
    match = Match(kind=kind, alternatives=(corrected,), without=query.without, with_adult=False)
    return get_backend().find(match, limit=limit)


def _is_named(row: Found, groups: Groups) -> bool:
    """Return whether the row's visible text has all words. Other rows have some of them only in series or subject."""
    shown = words(f"{row.label} {row.note}")
    return all(any(_has(shown, term) for term in group) for group in groups)


def _has(shown: Sequence[str], term: Term) -> bool:
    if term.is_prefix:
        return any(word.startswith(term.words[-1]) for word in shown)
    return set(term.words) <= set(shown)


def _shown(rows: Sequence[Found], limit: int) -> list[Suggestion]:
    """Return the suggestions without duplicates: a name that begins as typed may be found again by its words."""
    return list(dict.fromkeys(Suggestion(row.label, row.note, row.target, row.books) for row in rows))[:limit]

"""Search: from what a reader typed to a page of books, with matching authors and series above them.

Books come in tiers: the title itself, titles that begin with the query, titles that begin with its first word, other
books with all words in their names, then those that have some only in their text. Within a tier, bestselling books come
first. A tier is queried only while the page has room. A cursor is the tier and the place where the page ended.

If no book matches as typed, typing mistakes are corrected. If none matches then, books that lack one of the words are
shown. Decision 0084 explains why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from math import prod

from storefront.catalogue.selectors.browse import Filters
from storefront.catalogue.selectors.cards import Card, cards_by_key
from storefront.catalogue.selectors.facet_counts import FacetCounts
from storefront.search import spelling
from storefront.search.backend import AUTHOR, SERIES, Found, Group, Groups, Match, Term
from storefront.search.databases import get_backend
from storefront.search.documents import first_word_mark
from storefront.search.query import ParsedQuery, parse
from storefront.search.selectors.facets import counted, narrow

PAGE_SIZE = 24
_PEOPLE = ((AUTHOR, 10), (SERIES, 4))  # the most that are shown of each
_MAX_TITLES = 64  # alternative spellings of a whole title
_CURSOR = re.compile(r"([tcl])([0-4])-([0-9]{1,18})", re.ASCII)
_TYPED, _CORRECTED, _LACKING = "t", "c", "l"


@dataclass(frozen=True, slots=True)
class Hit:
    """An author (`target` is a public id) or a series (a slug), with the number of books that are not for adults."""

    label: str
    target: str
    books: int


@dataclass(frozen=True, slots=True)
class Results:
    """One page of results. `count` is capped: `is_capped` means "or more".

    `corrected` is the query as it was understood instead. `did_you_mean` is another spelling that would find more.
    `lacks_a_word` says that no book has all words.
    """

    query: str
    cards: list[Card] = field(default_factory=list)
    authors: list[Hit] = field(default_factory=list)
    series: list[Hit] = field(default_factory=list)
    counts: FacetCounts = field(default_factory=FacetCounts)
    count: int = 0
    is_capped: bool = False
    next_cursor: str = ""  # "" at the end
    corrected: str = ""
    did_you_mean: str = ""
    lacks_a_word: bool = False

    @property
    def has_names(self) -> bool:
        """Return whether authors or series match."""
        return bool(self.authors or self.series)

    @property
    def has_any(self) -> bool:
        return bool(self.cards) or self.has_names


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read the query: what each of its tiers finds, in order, and what all of them find together."""

    mode: str  # its letter in a cursor
    groups: Groups
    tiers: Sequence[Match]
    every: Match


@dataclass(frozen=True, slots=True)
class _Page:
    reading: _Reading
    rows: Sequence[tuple[int, Found]]  # with their tiers; one more than a page shows, if there are more


def search(filters: Filters) -> Results:
    """Return the books that match `filters.query` and the other (known) filters, from the cursor `filters.after` on."""
    query = parse(filters.query)
    if not query.terms:
        return Results(filters.query)
    asked = _Asked(query, with_adult=filters.with_adult)
    did_you_mean = ""
    if cursor := _CURSOR.fullmatch(filters.after):
        page = _page(asked.reading(cursor[1]), filters, tier=int(cursor[2]), before=int(cursor[3]))
    else:
        page, did_you_mean = _first_page(asked, filters)
    reading, rows = page.reading, page.rows[:PAGE_SIZE]
    is_complete = not cursor and not filters.is_filtered and len(page.rows) <= PAGE_SIZE
    found = counted(reading.every, filters, complete=[row.facets for _, row in rows] if is_complete else None)
    is_forgiving = not cursor and (reading.mode != _TYPED or len(page.rows) <= PAGE_SIZE)
    authors, series = (asked.people(kind, most, is_forgiving=is_forgiving) for kind, most in _PEOPLE)
    return Results(
        query=filters.query,
        cards=cards_by_key([row.listing for _, row in rows if row.listing is not None]),
        authors=authors,
        series=series,
        counts=found.counts,
        count=found.count,
        is_capped=found.is_capped,
        next_cursor=_cursor(page),
        corrected=_spelling(page) if reading.mode == _CORRECTED else "",
        did_you_mean=did_you_mean,
        lacks_a_word=reading.mode == _LACKING and bool(rows),
    )


def _first_page(asked: _Asked, filters: Filters) -> tuple[_Page, str]:
    """Return the first page of the first reading that finds something, and a spelling that would find more."""
    typed = _page(asked.reading(_TYPED), filters)
    if len(typed.rows) >= PAGE_SIZE or not (asked.has_unknown_words or not typed.rows):
        return typed, ""
    if asked.corrected != asked.typed:
        corrected = _page(asked.reading(_CORRECTED), filters)
        if not typed.rows and corrected.rows:
            return corrected, ""
        if typed.rows and len(corrected.rows) > len(typed.rows):
            return typed, _spelling(corrected)
    if not typed.rows and len(asked.query.terms) > 1:
        lacking = _page(asked.reading(_LACKING), filters)
        if lacking.rows:
            return lacking, ""
    return typed, ""


def _page(reading: _Reading, filters: Filters, *, tier: int = 0, before: int | None = None) -> _Page:
    rows: list[tuple[int, Found]] = []
    for number, match in enumerate(reading.tiers):
        if number >= tier and len(rows) <= PAGE_SIZE:
            start = before if number == tier else None
            limit = PAGE_SIZE + 1 - len(rows)
            rows += [(number, one) for one in get_backend().find(narrow(match, filters), before=start, limit=limit)]
    return _Page(reading, rows)


def _cursor(page: _Page) -> str:
    if len(page.rows) <= PAGE_SIZE:
        return ""
    tier, last = page.rows[PAGE_SIZE - 1]
    return f"{page.reading.mode}{tier}-{last.place}"


def _spelling(page: _Page) -> str:
    """Return the corrected query, in the spelling of the first book's title as far as possible."""
    words = page.rows[0][1].key[1:].split() if page.rows else []
    return " ".join(_shown(group, words) for group in page.reading.groups)


def _shown(group: Group, title: Sequence[str]) -> str:
    best = next((term for term in group if set(term.words) <= set(title)), None)
    if best is None:
        best = group[1] if len(group) > 1 and group[0].is_prefix else group[0]
    return " ".join(best.words)


class _Asked:
    """A query and lazy lookups about its words, each done at most once."""

    def __init__(self, query: ParsedQuery, *, with_adult: bool) -> None:
        self.query = query
        self._base = Match(without=query.without, with_adult=with_adult)

    @cached_property
    def _known(self) -> set[str]:
        return spelling.known_words(spelling.single_words(self.query.terms))

    @cached_property
    def typed(self) -> Groups:
        return spelling.typed(self.query, self._known)

    @cached_property
    def corrected(self) -> Groups:
        return spelling.corrected(self.typed, self._known)

    @cached_property
    def has_unknown_words(self) -> bool:
        return spelling.has_unknown_words(self.typed, self._known)

    def reading(self, mode: str) -> _Reading:
        """Return the query as typed, with corrections, or without one of its words."""
        if mode == _TYPED:
            tiers = _typed_tiers(self.query, self.typed, self._base)
            return _Reading(mode, self.typed, tiers, replace(self._base, alternatives=(self.typed,), in_text=True))
        if mode == _CORRECTED:
            tiers = _corrected_tiers(self.corrected, self._base)
            return _Reading(mode, self.corrected, tiers, replace(tiers[-1], not_in_names=False))
        groups = self.corrected
        all_but_one = tuple((*groups[:place], *groups[place + 1 :]) for place in range(len(groups)))
        lacking = replace(self._base, alternatives=all_but_one if len(groups) > 1 else (groups,))
        return _Reading(mode, groups, [lacking], lacking)

    def people(self, kind: str, limit: int, *, is_forgiving: bool) -> list[Hit]:
        """Return authors or series with all words in their names, first as typed, then with corrections."""
        match = Match(kind=kind, alternatives=(self.typed,))
        rows = get_backend().find(match, limit=limit)
        if is_forgiving and len(rows) < limit and self.corrected != self.typed:
            rows += get_backend().find(replace(match, alternatives=(self.corrected,)), limit=limit)
        return list(dict.fromkeys(Hit(row.label, row.target, row.books) for row in rows))[:limit]


def _typed_tiers(query: ParsedQuery, groups: Groups, base: Match) -> list[Match]:
    """Return the tiers described in the module's docstring. Each leaves out what the earlier ones find."""
    names = replace(base, alternatives=(groups,))
    # For a plain title, its key already contains the words.
    by_key = replace(names, alternatives=()) if query.is_plain else names
    last = groups[-1][0]
    beginning = query.title if last.is_prefix else f"{query.title} "
    first_word, _, rest = query.title.partition(" ")
    begins = Term((first_word_mark(first_word),), is_prefix=last.is_prefix and not rest)
    tiers = [replace(by_key, keys=(query.title,))]
    if rest:
        tiers.append(replace(by_key, key_prefix=beginning, not_keys=(query.title,)))
    return [
        *tiers,
        replace(
            names,
            alternatives=(((begins,), *groups),),
            not_keys=(query.title,),
            not_key_prefix=beginning if rest else "",
        ),
        replace(names, without=(*base.without, begins)),
        replace(names, in_text=True, not_in_names=True),
    ]


def _corrected_tiers(groups: Groups, base: Match) -> list[Match]:
    """Return the tiers: titles that are exactly one of the spellings, then other names, then text."""
    names = replace(base, alternatives=(groups,))
    text = replace(names, in_text=True, not_in_names=True)
    titles = _titles(groups)
    return [replace(names, keys=titles), replace(names, not_keys=titles), text] if titles else [names, text]


def _titles(groups: Groups) -> tuple[str, ...]:
    if prod(len(group) for group in groups) > _MAX_TITLES:
        return ()
    return tuple(_words(terms) for terms in product(*groups))


def _words(terms: Iterable[Term]) -> str:
    return " ".join(word for term in terms for word in term.words)

"""Search: from what a reader typed to a page of books, with authors and series above them.

Passes follow each other (`search_sql`), each asked only while those before it gave too little: words in names; words
in names or text; the same with typos mended; at last, books that lack one of the words. What is found is put in order
here: the title itself, titles that begin so, titles that begin with the first word, the other books with all words
in their names, then those of the text, and bestsellers first among each (docs/decisions/0048 says why). Candidates are
capped: a common word costs no more than a rare one, and a count says "240 or more".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from storefront import facets
from storefront.indexing import AUTHOR, LONGEST_KEY, SERIES, marked
from storefront.selectors.browse import Filters, index_words
from storefront.selectors.cards import Card, cards_by_key
from storefront.selectors.facet_counts import FacetCounts
from storefront.selectors.folding import ARTICLES
from storefront.selectors.search_facets import counts_of, fitting
from storefront.selectors.search_query import Asked, parse
from storefront.selectors.search_sql import (
    ALL_TIERS,
    PEOPLE_TIERS,
    SOME_TIERS,
    Match,
    Pass,
    Row,
    found,
    run,
    tiers_for,
)
from storefront.selectors.search_words import Groups, Understood, told_apart, understand

PAGE_SIZE = 24
MOST_CANDIDATES = 1000
# Of common words: each further band has more books than all before it.
_MOST_IN_BANDS = 240
MOST_AUTHORS = 10
_MOST_SERIES = 4
_IN_TEXT = 4  # the rank of a book that has some of the words only in its text
# More books than this that may have the word, or all words, are common.
_FEW = 2000
_FEW_OF_SEVERAL = 5000


@dataclass(frozen=True, slots=True)
class Hit:
    """An author (`target` is a public id) or a series (a slug), with the books that are not for adults."""

    label: str
    target: str
    books: int


@dataclass(frozen=True, slots=True)
class Results:
    """One page. `count` is capped: `is_capped` means "or more". `mended` is the query as it was understood instead.

    `meant` is another spelling that would find more. `is_near` says that no book has all words: these lack one.
    """

    query: str
    cards: list[Card] = field(default_factory=list)
    authors: list[Hit] = field(default_factory=list)
    series: list[Hit] = field(default_factory=list)
    counts: FacetCounts = field(default_factory=FacetCounts)
    count: int = 0
    is_capped: bool = False
    next_start: int | None = None
    mended: str = ""
    meant: str = ""
    is_near: bool = False


def search(filters: Filters, *, start: int = 0) -> Results:
    """The books that fit `filters.query` and the other (known) filters, from `start` on. In three queries."""
    asked = parse(filters.query)
    if not asked.words:
        return Results(filters.query)
    understood = understand(asked)
    passes = _passes(asked, understood, filters)
    found_by: dict[str, list[Row]] = {one.name: [] for one in passes}
    for row in run(passes):
        found_by[row.found_by].append(row)
    full = {one.name for one in passes if len(found_by[one.name]) >= one.limit}
    return _page(asked, understood, filters, start=start, found_by=found_by, full=full)


def _passes(asked: Asked, understood: Understood, filters: Filters) -> list[Pass]:
    groups, looked_for = told_apart(understood)
    is_common = understood.books > (_FEW if len(groups) == 1 else _FEW_OF_SEVERAL)
    every = Match([groups], phrases=[*asked.phrases, *looked_for], without=asked.without, with_adult=filters.with_adult)
    groups, looked_for = told_apart(understood, in_text=True)
    told = replace(every, alternatives=[groups], phrases=[*asked.phrases, *looked_for])
    few = min(MOST_CANDIDATES, _MOST_IN_BANDS)
    tiers = tiers_for(understood.books, few) if is_common else ALL_TIERS
    key = asked.title if is_common else ""
    most = few if is_common else MOST_CANDIDATES
    names = Pass("typed_names", every, most, tiers, key=key)
    # How many descriptions have a word that no name has is not known.
    text = Pass("typed_text", told, most, tiers, in_text=True)
    if not understood.books:
        text = replace(text, limit=few, tiers=SOME_TIERS)
    passes = [names, replace(text, condition=f"{found('typed_names')} < {PAGE_SIZE}")]
    if filters.is_filtered:
        passes += _narrowed(names, text, filters)
    plain = replace(every, alternatives=[understood.typed], phrases=())
    return [*passes, *_instead(plain, asked, understood), *_people(understood)]


def _narrowed(names: Pass, text: Pass, filters: Filters) -> list[Pass]:
    """The filters asked of the database, for when there are more books than are looked at without them."""
    narrower: dict[str, Any] = {
        "marks": marked(index_words(filters)),
        "unwanted_warnings": facets.bits(filters.without, facets.WARNINGS),
    }
    is_capped = f"({found('typed_names')} >= {names.limit} OR {found('typed_text')} >= {text.limit})"
    return [
        replace(names, name="narrowed_names", match=replace(names.match, **narrower), key=None, condition=is_capped),
        replace(
            text,
            name="narrowed_text",
            match=replace(text.match, **narrower),
            condition=f"{is_capped} AND {found('narrowed_names')} < {PAGE_SIZE}",
        ),
    ]


def _instead(every: Match, asked: Asked, understood: Understood) -> list[Pass]:
    """What to look for when the query as typed finds little, or nothing, always by the same statement."""
    most = min(MOST_CANDIDATES, _MOST_IN_BANDS)
    mended = replace(every, alternatives=_mended(understood))
    near = replace(every, alternatives=_all_but_one(understood.mended or understood.typed))
    typed = ("typed_names", "typed_text")
    # A word nobody knows may be a slip that some description shares; known words are meant as they are.
    few = f"{found(*typed)} < {1 if understood.books else PAGE_SIZE}"
    none = f"{found(*typed, 'mended_names')} = 0"
    nothing = f"{found(*typed, 'mended_names', 'mended_text')} = 0"
    return [
        Pass("mended_names", mended, most, SOME_TIERS, condition=few),
        Pass("mended_text", mended, most, SOME_TIERS, in_text=True, condition=none),
        Pass("near_names", near, most, SOME_TIERS, condition=nothing),
    ]


def _mended(understood: Understood) -> list[Groups]:
    return [understood.mended] if understood.mended else []


def _all_but_one(groups: Groups) -> list[Groups]:
    return [[*groups[:place], *groups[place + 1 :]] for place in range(len(groups))] if len(groups) > 1 else []


def _people(understood: Understood) -> list[Pass]:
    """Authors and series with all words in their names; with typos mended only where books and places are left."""
    passes = []
    groups, looked_for = told_apart(understood)
    for kind, limit in ((AUTHOR, MOST_AUTHORS), (SERIES, _MOST_SERIES)):
        mended = Match(_mended(understood), kind=kind)
        is_room = f"{found('typed_names')} < {PAGE_SIZE} AND {found(kind)} < {limit}"
        passes += [
            Pass(kind, Match([groups], kind=kind, phrases=looked_for), limit, PEOPLE_TIERS),
            Pass(f"mended_{kind}", mended, limit, PEOPLE_TIERS, condition=is_room),
        ]
    return passes


def _page(
    asked: Asked,
    understood: Understood,
    filters: Filters,
    *,
    start: int,
    found_by: dict[str, list[Row]],
    full: set[str],
) -> Results:
    """`full` are the passes that found as many as they may."""
    meant = {"mended": understood.mended or understood.typed}
    by_group = {
        group: _in_order(meant.get(group, understood.typed), asked.rest, found_by, group)
        for group in ("typed", "mended", "near", "narrowed")
    }
    typed, mended, near = by_group["typed"], by_group["mended"], by_group["near"]
    group = next((one for one in ("typed", "mended", "near") if by_group[one]), "typed")
    every = by_group[group]
    is_capped = not full.isdisjoint({f"{group}_names", f"{group}_text"})  # of books: authors have passes of their own
    narrowed: Sequence[Row] = by_group["narrowed"] or fitting(every, filters)
    is_more = (is_capped and not filters.is_filtered) or any(name.startswith("narrowed") for name in full)
    shown = [row.listing for row in narrowed[start : start + PAGE_SIZE] if row.listing is not None]
    more = start + PAGE_SIZE
    spelling = _spelling(understood.mended, mended) if mended else ""
    return Results(
        query=filters.query,
        cards=cards_by_key(shown),
        authors=_hits(found_by, AUTHOR, MOST_AUTHORS),
        series=_hits(found_by, SERIES, _MOST_SERIES),
        counts=counts_of(every, narrowed, filters, is_capped=is_capped),
        count=len(narrowed),
        is_capped=is_more,
        next_start=more if more < len(narrowed) else None,
        mended=spelling if not typed else "",
        meant=spelling if typed and len(mended) > len(typed) else "",
        is_near=not typed and not mended and bool(near),
    )


def _in_order(asked: Groups, rest: Sequence[str], found_by: dict[str, list[Row]], group: str) -> list[Row]:
    """The rows of a group of passes, each book once: those of names by `rank_of`, then those of text; by weight."""
    seen: set[int | None] = set()
    ranked: list[tuple[int, int, int, Row]] = []
    for name in (f"{group}_names", f"{group}_text"):
        is_named = name.endswith("_names")
        for row in found_by.get(name, ()):
            if row.listing not in seen:
                seen.add(row.listing)
                rank = rank_of(asked, row.key, rest) if is_named else _IN_TEXT
                ranked.append((rank, -row.weight, -(row.listing or 0), row))
    ranked.sort()
    return [row for _, _, _, row in ranked]


def rank_of(asked: Groups, key: str, rest: Sequence[str] = ()) -> int:
    """0 for the title that was asked for, 1 for one that begins so, 2 for one that begins with the first word, 3 for
    any other; articles before either do not count. `rest` are words after those that were looked for."""
    if len(asked) > 1 and asked[0][0] in ARTICLES:
        asked = asked[1:]
    words = key.split()
    if not words or words[0] not in asked[0]:
        return 3
    if len(words) < len(asked) or not all(word in group for word, group in zip(words, asked, strict=False)):
        return 2
    if not rest:
        return 0 if len(words) == len(asked) else 1
    left, typed = " ".join(words[len(asked) :]), " ".join(rest)
    return 0 if left == typed or (len(key) == LONGEST_KEY and typed.startswith(left)) else 1


def _spelling(groups: Groups, rows: Sequence[Row]) -> str:
    """The query as the first book has it, as far as its title says."""
    words = set(rows[0].key.split())
    return " ".join(next((word for word in group if word in words), group[0]) for group in groups)


def _hits(found_by: dict[str, list[Row]], kind: str, most: int) -> list[Hit]:
    """Names as they were typed first; each once."""
    rows = [*found_by[kind], *found_by.get(f"mended_{kind}", ())]
    hits = {(row.target, row.label): Hit(row.label, row.target, row.weight) for row in rows}
    return list(hits.values())[:most]

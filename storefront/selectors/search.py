"""Search: from what a reader typed to a page of books, with authors and series above them.

Passes follow each other (`search_sql`), each asked only while those before it gave too little: words in names; words
in names or text; the same with typos mended; at last, books that lack one of the words. What is found is put in order
here: the title itself, titles that begin so, the other books with all words in their names, then those of the text,
and bestsellers first among each (docs/decisions/0048 says why). Candidates are capped: a common word costs no more
than a rare one, and a count says "1,000 or more".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from storefront import facets
from storefront.indexing import ADULT, AUTHOR, LONGEST_KEY, SERIES, marked
from storefront.models import Listing
from storefront.selectors.browse import Filters, index_words
from storefront.selectors.cards import Card, cards_of
from storefront.selectors.facet_counts import FacetCounts
from storefront.selectors.search_facets import counts_of, fitting
from storefront.selectors.search_query import Asked, parse, title_keys, without_article
from storefront.selectors.search_sql import ALL_BANDS, NO_BANDS, SOME_BANDS, Match, Pass, Row, found, run
from storefront.selectors.search_words import Groups, Understood, understand

PAGE_SIZE = 24
MOST_CANDIDATES = 1000
MOST_AUTHORS = 10
_MOST_SERIES = 4
# More books than this that may have all words are asked for in bands.
_FEW = 2000


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
    rows = run(_passes(asked, understood, filters))
    return _page(asked, understood, filters, start, rows)


def _passes(asked: Asked, understood: Understood, filters: Filters) -> list[Pass]:
    every = Match(
        [understood.typed],
        phrases=asked.phrases,
        without=asked.without,
        without_marks=() if filters.with_adult else (ADULT,),
    )
    is_common = understood.books > _FEW
    names = Pass(
        "typed_names",
        every,
        MOST_CANDIDATES,
        bands=ALL_BANDS if is_common else NO_BANDS,
        keys=title_keys(asked.title) if is_common else (),
    )
    text = Pass("typed_text", every, MOST_CANDIDATES, SOME_BANDS, in_text=True)
    passes = [names, replace(text, condition=f"{found('typed_names')} < {PAGE_SIZE}")]
    if filters.is_filtered:
        passes += _narrowed(names, text, filters)
    return [*passes, *_instead(names, text, asked, understood), *_people(understood)]


def _narrowed(names: Pass, text: Pass, filters: Filters) -> list[Pass]:
    """The filters asked of the database, for when there are more books than are looked at without them."""
    match = replace(
        names.match,
        marks=[*names.match.marks, *marked(index_words(filters))],
        unwanted_warnings=facets.bits(filters.without, facets.WARNINGS),
    )
    is_capped = f"{found('typed_names', 'typed_text')} >= {MOST_CANDIDATES}"
    return [
        replace(names, name="narrowed_names", match=match, condition=is_capped),
        replace(
            text,
            name="narrowed_text",
            match=match,
            condition=f"{is_capped} AND {found('narrowed_names')} < {PAGE_SIZE}",
        ),
    ]


def _instead(names: Pass, text: Pass, asked: Asked, understood: Understood) -> list[Pass]:
    """What to look for when the query as typed finds little, or nothing."""
    passes = []
    typed = ["typed_names", "typed_text"]
    if understood.mended:
        match = replace(names.match, alternatives=[understood.mended], phrases=())
        few = f"{found(*typed)} < {PAGE_SIZE}"
        passes = [
            Pass("mended_names", match, MOST_CANDIDATES, SOME_BANDS, condition=few),
            Pass(
                "mended_text",
                match,
                MOST_CANDIDATES,
                SOME_BANDS,
                in_text=True,
                condition=f"{found(*typed, 'mended_names')} = 0",
            ),
        ]
        typed += ["mended_names", "mended_text"]
    if len(asked.words) > 1:
        match = replace(names.match, alternatives=_all_but_one(understood.mended or understood.typed), phrases=())
        nothing = f"{found(*typed)} = 0"
        passes.append(Pass("near_names", match, MOST_CANDIDATES, ALL_BANDS, condition=nothing))
    return passes


def _all_but_one(groups: Groups) -> list[Groups]:
    return [[*groups[:place], *groups[place + 1 :]] for place in range(len(groups))]


def _people(understood: Understood) -> list[Pass]:
    """Authors and series with all words in their names, typos mended."""
    alternatives = [understood.typed, understood.mended] if understood.mended else [understood.typed]
    return [
        Pass(kind, Match(alternatives, marks=[f".{kind}"]), limit, bands=(3, 2, 1))
        for kind, limit in ((AUTHOR, MOST_AUTHORS), (SERIES, _MOST_SERIES))
    ]


def _page(asked: Asked, understood: Understood, filters: Filters, start: int, rows: Sequence[Row]) -> Results:
    by_pass: dict[str, list[Row]] = {}
    for row in rows:
        by_pass.setdefault(row.found_by, []).append(row)
    typed = _in_order(asked.title, by_pass, "typed_names", "typed_text")
    mended = _in_order(asked.title, by_pass, "mended_names", "mended_text")
    near = _in_order(asked.title, by_pass, "near_names")
    every = typed or mended or near
    narrowed = _in_order(asked.title, by_pass, "narrowed_names", "narrowed_text")
    is_capped = len(every) >= MOST_CANDIDATES
    if not narrowed:
        is_fitting = fitting([row.facets for row in every], filters)
        narrowed = [row for row, fits in zip(every, is_fitting, strict=True) if fits]
    shown = [row.listing for row in narrowed[start : start + PAGE_SIZE] if row.listing is not None]
    more = start + PAGE_SIZE
    spelling = _spelling(understood.mended, mended) if mended else ""
    return Results(
        query=filters.query,
        cards=cards_of(Listing.objects.filter(pk__in=shown), order=shown) if shown else [],
        authors=_hits(by_pass.get(AUTHOR, [])),
        series=_hits(by_pass.get(SERIES, [])),
        counts=counts_of([row.facets for row in every], [row.facets for row in narrowed], filters, is_capped=is_capped),
        count=len(narrowed),
        is_capped=len(narrowed) >= MOST_CANDIDATES,
        next_start=more if more < len(narrowed) else None,
        mended=spelling if not typed else "",
        meant=spelling if typed and len(mended) > len(typed) else "",
        is_near=not typed and not mended and bool(near),
    )


def _in_order(title: str, by_pass: dict[str, list[Row]], *names: str) -> list[Row]:
    """The rows of these passes, each book once: the title itself, titles that begin so, names, text; by weight."""
    ranked: dict[int | None, tuple[int, int, int, Row]] = {}
    key = title[:LONGEST_KEY]
    for place, name in enumerate(names):
        for row in by_pass.get(name, ()):
            if row.listing not in ranked:
                ranked[row.listing] = (_rank(key, row.key) + place, -row.weight, -(row.listing or 0), row)
    return [row for _, _, _, row in sorted(ranked.values(), key=lambda one: one[:3])]


def _rank(asked: str, key: str) -> int:
    title = without_article(key)
    return 0 if title == asked else 1 if title.startswith(asked) else 2


def _spelling(groups: Groups, rows: Sequence[Row]) -> str:
    """The query as the first book has it, as far as its title says."""
    words = set(rows[0].key.split())
    return " ".join(next((word for word in group if word in words), group[0]) for group in groups)


def _hits(rows: Sequence[Row]) -> list[Hit]:
    return [Hit(row.label, row.target, row.weight) for row in rows]

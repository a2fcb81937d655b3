"""Search with one interface and two backends: PostgreSQL's full text and SQLite's FTS5, over the listing row itself.

Three tiers, each asked only when the one before gave too little: words of title, subtitle and byline, best sellers
first and titles that begin with the query before them; then words of the description and contents; then, when
nothing fits, the same words with one typo mended. Candidates are capped: a common word costs no more than a rare one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import connection

from storefront.models import Listing, SearchVariant
from storefront.selectors.cards import Card, cards_of
from storefront.selectors.folding import fold_words, is_one_typo_apart, variants

PAGE_SIZE = 24
MOST_CANDIDATES = 240
_MOST_WORDS = 8
# How many rows the full text index may hand to the sort.
_SCAN_LIMIT = 1000

type Groups = list[list[str]]


@dataclass(frozen=True, slots=True)
class Results:
    """One page of cards. `count` is capped: `is_capped` means "or more". `mended` is the query as it was understood."""

    query: str
    cards: list[Card] = field(default_factory=list)
    count: int = 0
    is_capped: bool = False
    next_start: int | None = None
    mended: str = ""


def search(query: str, *, start: int = 0, with_adult: bool = False) -> Results:
    """The listings that fit the query, from `start` on. Every word must fit; the last may be unfinished.

    Books for adults are left out unless `with_adult`.
    """
    words = fold_words(query)[:_MOST_WORDS]
    if not words:
        return Results(query)
    found = _candidates([[word] for word in words], with_adult)
    mended = ""
    if not found:
        groups = _mended(words)
        if groups:
            found = _candidates(groups, with_adult)
            mended = " ".join(group[0] for group in groups) if found else ""
    shown = found[start : start + PAGE_SIZE]
    more = start + PAGE_SIZE
    return Results(
        query=query,
        cards=cards_of(Listing.objects.filter(pk__in=shown), order=shown) if shown else [],
        count=len(found),
        is_capped=len(found) >= MOST_CANDIDATES,
        next_start=more if more < len(found) else None,
        mended=mended,
    )


def _candidates(groups: Groups, with_adult: bool) -> list[int]:
    """Primary keys in order of rank, at most MOST_CANDIDATES."""
    backend = _POSTGRES if connection.vendor == "postgresql" else _SQLITE
    beginning = " ".join(group[0] for group in groups)
    match = backend.match(groups)
    ids = _rows(backend.names, [match, with_adult, f"{beginning}\n%", f"{beginning}%", MOST_CANDIDATES])
    if len(ids) < PAGE_SIZE:
        seen = set(ids)
        more = _rows(backend.text, [match, with_adult, _SCAN_LIMIT, MOST_CANDIDATES])
        ids += [pk for pk in more if pk not in seen]
    return ids[:MOST_CANDIDATES]


def _rows(sql: str, parameters: list[str | int | bool]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [int(row[0]) for row in cursor.fetchall()]


def _mended(words: list[str]) -> Groups:
    """For each word the known words one typo away (itself first when it is known); [] when one has none."""
    asked: set[str] = set().union(*(variants(word) for word in words))
    known = set(SearchVariant.objects.filter(variant__in=asked).values_list("word", flat=True).distinct()[:200])
    groups = [
        [word] if word in known else sorted(near for near in known if is_one_typo_apart(word, near)) for word in words
    ]
    return groups if all(groups) else []


@dataclass(frozen=True, slots=True)
class _Backend:
    """`names` takes (match, with adult, two LIKE patterns, limit); `text` (match, with adult, rows to sort, limit)."""

    names: str
    text: str
    any_of: str
    all_of: str
    word: str
    prefix: str

    def match(self, groups: Groups) -> str:
        """The query in the backend's own words. Words are letters and digits only, so nothing needs escaping."""
        last = len(groups) - 1
        parts = [
            self.any_of.join((self.prefix if i == last else self.word).format(word) for word in group)
            for i, group in enumerate(groups)
        ]
        return self.all_of.join(f"({part})" for part in parts)


_POSTGRES = _Backend(
    names="""
        SELECT id FROM storefront_listing
        WHERE is_on_sale AND to_tsvector('simple', search_names) @@ to_tsquery('simple', %s)
          AND (%s OR NOT is_adult)
        ORDER BY CASE WHEN search_names LIKE %s THEN 0 WHEN search_names LIKE %s THEN 1 ELSE 2 END,
                 sales_count DESC, id DESC
        LIMIT %s""",
    text="""
        SELECT id FROM (
            SELECT id, sales_count FROM storefront_listing
            WHERE is_on_sale
              AND to_tsvector('simple', search_names || ' ' || search_text) @@ to_tsquery('simple', %s)
              AND (%s OR NOT is_adult)
            LIMIT %s
        ) AS candidates
        ORDER BY sales_count DESC, id DESC
        LIMIT %s""",
    any_of=" | ",
    all_of=" & ",
    word="'{}'",
    prefix="'{}':*",
)

_SQLITE = _Backend(
    names="""
        SELECT listing.id FROM storefront_listing_fts AS fts
        JOIN storefront_listing AS listing ON listing.id = fts.rowid
        WHERE fts.search_names MATCH %s AND listing.is_on_sale AND (%s OR NOT listing.is_adult)
        ORDER BY CASE WHEN listing.search_names LIKE %s THEN 0 WHEN listing.search_names LIKE %s THEN 1 ELSE 2 END,
                 listing.sales_count DESC, listing.id DESC
        LIMIT %s""",
    text="""
        SELECT listing.id FROM (
            SELECT fts.rowid AS id FROM storefront_listing_fts AS fts
            JOIN storefront_listing AS listing ON listing.id = fts.rowid
            WHERE storefront_listing_fts MATCH %s AND (%s OR NOT listing.is_adult) LIMIT %s
        ) AS found
        JOIN storefront_listing AS listing ON listing.id = found.id
        WHERE listing.is_on_sale
        ORDER BY listing.sales_count DESC, listing.id DESC
        LIMIT %s""",
    any_of=" OR ",
    all_of=" AND ",
    word='"{}"',
    prefix='"{}"*',
)

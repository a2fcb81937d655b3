"""The one interface through which entries are searched, with PostgreSQL and SQLite behind it.

A search is a statement of several passes; each yields the entries that fit a `Match`, the heaviest first, and may
depend on what the passes before it found. Databases that stop as soon as enough rows are there never run the rest.

A word of half the catalogue must not cost more than a rare one, so a pass may come in bands: it asks among the
bestsellers first (`storefront.indexing.TIERS`), then among what sells less, until it has enough. Each band reads the
words' lists anew, so that there are three at most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from django.db import connection

from storefront.indexing import BOOK, FACETS, TIERS
from storefront.models.search import KEY_EDGES
from storefront.selectors.search_words import Groups

# From a high tier down, where nobody knows how many books may fit; at last all others at once.
BANDS = (5, 3, 0)
NO_BANDS = (0,)
PEOPLE_BANDS = (3, 0)
COLUMNS = ("listing_id", "weight", "key", "label", "note", "target", *FACETS)

type Values = list[str | int | list[str] | list[int]]

_HEAVIEST = 2**62


@dataclass(frozen=True, slots=True)
class Match:
    """Entries of a kind, of which every group of one of the `alternatives` has a word, with all `marks`.

    Words are folded: letters and digits only. `phrases` must stand there as they are; `without` are words that must not
    be there. `phrases`, warnings and `with_adult` are looked at row by row, the rest is asked of the full text index.
    """

    alternatives: Sequence[Groups]
    kind: str = BOOK
    marks: Sequence[str] = ()
    phrases: Sequence[str] = ()
    without: Sequence[str] = ()
    unwanted_warnings: int = 0
    with_adult: bool = True


@dataclass(frozen=True, slots=True)
class Pass:
    """One step: what fits, among names or also in the text, at most `limit`; only if `condition` (SQL) holds."""

    name: str
    match: Match
    limit: int
    bands: Sequence[int] = NO_BANDS
    in_text: bool = False
    key: str = ""  # of titles that come before any band; marks and words left out are not looked at there
    beginning: str = ""  # of keys that come before any band, looked at like `key`
    condition: str = ""


def bands_for(books: int, most: int) -> tuple[int, ...]:
    """Bands where so many books fit at most, and `most` are wanted. Some quarter of all is in each next tier: the first
    band holds about twice what is wanted; then one far below it, then the rest."""
    first = max((tier for tier, least in enumerate(TIERS, 1) if books >= 2 * most * least), default=0)
    return tuple(dict.fromkeys((first, max(first - 2, 0), 0)))


class Row(NamedTuple):
    """What one pass found. A thousand of them are nothing unusual, hence plain tuples."""

    found_by: str
    listing: int | None
    weight: int
    key: str
    label: str
    note: str
    target: str
    # The facets, in the order of `storefront.indexing.FACETS`.
    subject: str
    language: str
    price_band: int
    length_band: int
    formats: int
    features: int
    warnings: int
    is_adult: bool


class Backend(Protocol):
    """A database's way to look through entries."""

    def step(self, one: Pass) -> tuple[str, Values]:
        """A SELECT of COLUMNS for the pass, without its condition, and its parameters."""
        ...


def run(passes: Sequence[Pass]) -> list[Row]:
    """Run the passes in order, in one statement. Rows come pass by pass."""
    backend: Backend = _Postgres() if connection.vendor == "postgresql" else _Sqlite()
    steps: list[str] = []
    parameters: Values = []
    for one in passes:
        sql, values = backend.step(one)
        where = f"WHERE {one.condition}" if one.condition else ""
        steps.append(f"{one.name} AS MATERIALIZED (SELECT * FROM ({sql}) AS step {where} LIMIT %s)")
        parameters += [*values, one.limit]
    columns = ", ".join(COLUMNS)
    parts = " UNION ALL ".join(f"SELECT '{one.name}', {columns} FROM {one.name}" for one in passes)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(steps)} {parts}", parameters)
        rows = cursor.fetchall()
    return list(map(Row._make, rows))


def found(*names: str) -> str:
    """SQL for how many entries these passes found."""
    return " + ".join(f"(SELECT COUNT(*) FROM {name})" for name in names)


def _filters(one: Pass, above: int | None = None) -> tuple[str, Values]:
    """What is looked at row by row; `above` leaves out the tiers that were asked for before."""
    match, place = one.match, _IN_TEXT if one.in_text else _IN_NAMES
    sql = "".join(f" AND ({place}) LIKE %s" for _ in match.phrases)
    values: Values = [f"% {phrase} %" for phrase in match.phrases]
    if match.unwanted_warnings:
        sql += " AND entry.warnings & %s = 0"
        values.append(match.unwanted_warnings)
    if not match.with_adult:
        sql += " AND NOT entry.is_adult"
    if above is not None:
        sql += " AND entry.weight < %s"
        values.append(above)
    if match.kind == BOOK:
        return f"{sql} AND entry.kind = '{BOOK}'", values
    # As a sum of two, so that no other index over the kind is mixed in.
    return f"{sql} AND entry.kind <> '{BOOK}' AND entry.kind || '' = '{match.kind}'", values


_IN_NAMES = "' ' || entry.names || ' '"
_IN_TEXT = "' ' || entry.names || ' / ' || entry.text || ' '"
_SELECTED = ", ".join(f"entry.{column}" for column in COLUMNS)


def _bands(one: Pass) -> Iterator[tuple[str, int | None]]:
    """For each band the word of its tier, and the weight from which on entries were asked for before."""
    above = None
    for band in one.bands:
        yield f">{band}" if band else "", above
        above = TIERS[band - 1] if band else None


def _firsts(one: Pass) -> Iterator[tuple[str, Values]]:
    """What the pass finds by keys before it asks any full text index. Enough of that, and the rest is never run."""
    select = f"SELECT {_SELECTED} FROM storefront_searchentry AS entry WHERE"
    where, values = _filters(one)
    where += " ORDER BY entry.weight DESC, entry.id DESC LIMIT %s"
    if one.key:
        yield f"{select} entry.key = %s{where}", [one.key, *values, one.limit]
    if one.beginning:
        edge = max(edge for edge in KEY_EDGES if edge <= len(one.beginning))
        left = f"LEFT(entry.key, {edge})" if connection.vendor == "postgresql" else f"SUBSTR(entry.key, 1, {edge})"
        like = "entry.key || '' LIKE %s"  # as a sum: only the index of first letters has them by weight
        begun: Values = [one.match.kind, one.beginning[:edge], f"{one.beginning}%"]
        yield f"{select} entry.kind = %s AND {left} = %s AND {like}{where}", [*begun, *values, one.limit]


def _vector(*columns: str) -> str:
    """As in migration 0033, so that its indexes are used."""
    words = " || ' ' || ".join(f"entry.{column}" for column in columns)
    return f"array_to_tsvector(array_remove(string_to_array({words}, ' '), ''))"


class _Postgres:
    """GIN indexes over vectors of names and of everything.

    A word of half the catalogue costs milliseconds in such an index however few entries remain, because its list is
    unpacked page by page. So what most entries have (their kind, not being for adults) is never asked of it.
    """

    _NAMES = _vector("names", "marks", "tiers")
    _TEXT = _vector("names", "text", "marks", "tiers")

    def step(self, one: Pass) -> tuple[str, Values]:
        vector = self._TEXT if one.in_text else self._NAMES
        where, values = _filters(one)
        bands = list(_bands(one))
        queries = [self.query(one.match, tier) for tier, _ in bands]
        # Bands are asked for one after another, until the limit around this statement is reached.
        sql = f"""
            SELECT entry.* FROM unnest(%s::text[], %s::bigint[]) AS band (query, above) CROSS JOIN LATERAL (
                SELECT {_SELECTED} FROM storefront_searchentry AS entry
                WHERE {vector} @@ band.query::tsquery AND entry.weight < band.above{where}
                ORDER BY entry.weight DESC, entry.id DESC LIMIT %s) AS entry"""
        aboves = [_HEAVIEST if above is None else above for _, above in bands]
        parameters: Values = [queries, aboves, *values, one.limit]
        for first, first_values in _firsts(one):
            sql, parameters = f"({first}) UNION ALL {sql}", [*first_values, *parameters]
        return sql, parameters

    @staticmethod
    def query(match: Match, tier: str) -> str:
        """The match as a tsquery. Nothing in it can need escaping."""
        alternatives = [
            " & ".join(f"({' | '.join(f"'{word}'" for word in group)})" for group in groups)
            for groups in match.alternatives
        ]
        parts = [f"({' | '.join(f'({one})' for one in alternatives)})"]
        parts += [f"'{mark}'" for mark in (*match.marks, *filter(None, [tier]))]
        parts += [f"!'{word}'" for word in match.without]
        return " & ".join(parts)


class _Sqlite:
    """An FTS5 table with names, text, marks and tiers in columns of their own."""

    def step(self, one: Pass) -> tuple[str, Values]:
        base = f"""
            SELECT {_SELECTED} FROM storefront_searchentry_fts AS fts
            JOIN storefront_searchentry AS entry ON entry.id = fts.rowid
            WHERE storefront_searchentry_fts MATCH %s"""
        order = " ORDER BY entry.weight DESC, entry.id DESC LIMIT %s"
        steps: list[str] = []
        parameters: Values = []
        for first, first_values in _firsts(one):
            steps.append(first)
            parameters += first_values
        for tier, above in _bands(one):
            where, values = _filters(one, above)
            steps.append(base + where + order)
            parameters += [self.query(one, tier), *values, one.limit]
        return " UNION ALL ".join(f"SELECT * FROM ({step})" for step in steps), parameters

    @staticmethod
    def query(one: Pass, tier: str) -> str:
        """The match as FTS5 has it. Marks and tiers lose their signs, which its tokenizer drops."""
        match, place = one.match, "{names text}" if one.in_text else "names"
        alternatives = [
            " AND ".join(f"({' OR '.join(f'"{word}"' for word in group)})" for group in groups)
            for groups in match.alternatives
        ]
        parts = [f"{place} : ({' OR '.join(f'({one})' for one in alternatives)})"]
        parts += [f'marks : "{mark[1:]}"' for mark in match.marks]
        if tier:
            parts.append(f'tiers : "{tier[1:]}"')
        wanted = " AND ".join(parts)
        unwanted = " OR ".join(f'{place} : "{word}"' for word in match.without)
        return f"({wanted}) NOT ({unwanted})" if unwanted else wanted

"""The one interface through which entries are searched, with PostgreSQL and SQLite behind it.

A search is a statement of several passes; each yields the entries that fit a `Match`, the heaviest first, and may
depend on what the passes before it found. Databases that stop as soon as enough rows are there never run the rest.

A word of half the catalogue must not cost more than a rare one, so a pass may come in bands: it asks among the
bestsellers first (`storefront.indexing.TIERS`), then among what sells a quarter as much, until it has enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db import connection

from storefront.indexing import BOOK, FACETS, TIERS
from storefront.selectors.search_words import Groups

# Every tier for names, where bands decide between microseconds and seconds; fewer for text, which is asked last.
ALL_BANDS = tuple(range(len(TIERS), -1, -1))
SOME_BANDS = (7, 5, 3, 1, 0)
NO_BANDS: tuple[int, ...] = ()
COLUMNS = ("listing_id", "weight", "key", "label", "note", "target", *FACETS)

type Values = list[str | int | list[str]]


@dataclass(frozen=True, slots=True)
class Match:
    """Entries of which every group of one of the `alternatives` has a word, with all `marks`, in full `phrases`.

    Words are folded: letters and digits only. `without` are words that must not be there, `without_marks` marks.
    """

    alternatives: Sequence[Groups]
    marks: Sequence[str] = (f".{BOOK}",)
    phrases: Sequence[str] = ()
    without: Sequence[str] = ()
    without_marks: Sequence[str] = ()
    unwanted_warnings: int = 0


@dataclass(frozen=True, slots=True)
class Pass:
    """One step: what fits, among names or also in the text, at most `limit`; only if `condition` (SQL) holds."""

    name: str
    match: Match
    limit: int
    bands: Sequence[int] = NO_BANDS
    in_text: bool = False
    keys: Sequence[str] = ()  # titles that come before any band
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """What one pass found; the facets are those of `storefront.indexing.FACETS`, in their order."""

    found_by: str
    listing: int | None
    weight: int
    key: str
    label: str
    note: str
    target: str
    facets: tuple[str | int | bool, ...]


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
    return [
        Row(found_by, listing, weight, key, label, note, target, tuple(values))
        for found_by, listing, weight, key, label, note, target, *values in rows
    ]


def found(*names: str) -> str:
    """SQL for how many entries these passes found."""
    return " + ".join(f"(SELECT COUNT(*) FROM {name})" for name in names)


def _filters(match: Match, text: str) -> tuple[str, Values]:
    """What the full text index cannot say: `text` is the SQL of all that a phrase may stand in."""
    sql = "".join(f" AND ({text}) LIKE %s" for _ in match.phrases)
    values: Values = [f"% {phrase} %" for phrase in match.phrases]
    if match.unwanted_warnings:
        sql += " AND entry.warnings & %s = 0"
        values.append(match.unwanted_warnings)
    return sql, values


_IN_NAMES = "' ' || entry.names || ' '"
_IN_TEXT = "' ' || entry.names || ' / ' || entry.text || ' '"
_SELECTED = ", ".join(f"entry.{column}" for column in COLUMNS)


def _tier_words(bands: Sequence[int]) -> Iterable[tuple[list[str], list[str]]]:
    """For each band the tier that its entries have, and the one they do not have, because it was asked for before."""
    above: list[str] = []
    for band in bands or (0,):
        here = f">{band}"
        yield ([here] if band else []), above
        above = [here]


def _vector(*columns: str) -> str:
    """As in migration 0033, so that its indexes are used."""
    words = " || ' ' || ".join(f"entry.{column}" for column in columns)
    return f"array_to_tsvector(array_remove(string_to_array({words}, ' '), ''))"


class _Postgres:
    """GIN indexes over vectors of names and of everything."""

    _NAMES = _vector("names", "marks", "tiers")
    _TEXT = _vector("names", "text", "marks", "tiers")
    _KIND = f" AND entry.kind = '{BOOK}'"

    def step(self, one: Pass) -> tuple[str, Values]:
        vector = self._TEXT if one.in_text else self._NAMES
        where, values = _filters(one.match, _IN_TEXT if one.in_text else _IN_NAMES)
        where += self._KIND if one.in_text else ""
        queries = [self.query(one.match, *tiers) for tiers in _tier_words(one.bands)]
        # Bands are asked for one after another, until the limit around this statement is reached.
        sql = f"""
            SELECT entry.* FROM unnest(%s::text[]) AS band CROSS JOIN LATERAL (
                SELECT {_SELECTED} FROM storefront_searchentry AS entry WHERE {vector} @@ band::tsquery{where}
                ORDER BY entry.weight DESC, entry.id DESC LIMIT %s) AS entry"""
        parameters: Values = [queries, *values, one.limit]
        if not one.keys:
            return sql, parameters
        first = f"""
            (SELECT {_SELECTED} FROM storefront_searchentry AS entry WHERE entry.key = ANY(%s)
            AND {vector} @@ %s::tsquery{where} ORDER BY entry.weight DESC, entry.id DESC LIMIT %s)"""
        query = self.query(one.match, [], [])
        return f"{first} UNION ALL {sql}", [list(one.keys), query, *values, one.limit, *parameters]

    @staticmethod
    def query(match: Match, tier: Sequence[str], not_tier: Sequence[str]) -> str:
        """The match as a tsquery. Nothing in it can need escaping."""
        alternatives = [
            " & ".join(f"({' | '.join(f"'{word}'" for word in group)})" for group in groups)
            for groups in match.alternatives
        ]
        parts = [f"({' | '.join(f'({one})' for one in alternatives)})"]
        parts += [f"'{mark}'" for mark in (*match.marks, *tier)]
        parts += [f"!'{word}'" for word in (*match.without, *match.without_marks, *not_tier)]
        return " & ".join(parts)


class _Sqlite:
    """An FTS5 table with names, text, marks and tiers in columns of their own."""

    def step(self, one: Pass) -> tuple[str, Values]:
        where, values = _filters(one.match, _IN_TEXT if one.in_text else _IN_NAMES)
        base = f"""
            SELECT {_SELECTED} FROM storefront_searchentry_fts AS fts
            JOIN storefront_searchentry AS entry ON entry.id = fts.rowid
            WHERE storefront_searchentry_fts MATCH %s{where}"""
        order = " ORDER BY entry.weight DESC, entry.id DESC LIMIT %s"
        steps: list[str] = []
        parameters: Values = []
        if one.keys:
            marks = ", ".join(["%s"] * len(one.keys))
            steps.append(f"{base} AND entry.key IN ({marks}){order}")
            parameters += [self.query(one, [], []), *values, *one.keys, one.limit]
        for tiers in _tier_words(one.bands):
            steps.append(base + order)
            parameters += [self.query(one, *tiers), *values, one.limit]
        return " UNION ALL ".join(f"SELECT * FROM ({step})" for step in steps), parameters

    @staticmethod
    def query(one: Pass, tier: Sequence[str], not_tier: Sequence[str]) -> str:
        """The match as FTS5 has it. Marks and tiers lose their signs, which its tokenizer drops."""
        match, place = one.match, "{names text}" if one.in_text else "names"
        alternatives = [
            " AND ".join(f"({' OR '.join(f'"{word}"' for word in group)})" for group in groups)
            for groups in match.alternatives
        ]
        parts = [f"{place} : ({' OR '.join(f'({one})' for one in alternatives)})"]
        parts += [f'marks : "{mark[1:]}"' for mark in match.marks]
        parts += [f'tiers : "{word[1:]}"' for word in tier]
        unwanted = [f'{place} : "{word}"' for word in match.without]
        unwanted += [f'marks : "{mark[1:]}"' for mark in match.without_marks]
        unwanted += [f'tiers : "{word[1:]}"' for word in not_tier]
        wanted = " AND ".join(parts)
        return f"({wanted}) NOT ({' OR '.join(unwanted)})" if unwanted else wanted

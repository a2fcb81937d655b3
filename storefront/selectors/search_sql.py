"""The one interface through which entries are searched, with PostgreSQL and SQLite behind it.

A search is a statement of several passes; each yields the entries that fit a `Match`, the heaviest first, and may
depend on what the passes before it found. Databases that stop as soon as enough rows are there never run the rest.

A word of half the catalogue must not cost more than a rare one, so a pass may come in bands: it asks among the
bestsellers first, then among what sells less, until it has enough. On PostgreSQL a word has a list of its own for each
band (`storefront.indexing.BANDS`). On SQLite bands are tiers (`TIERS`), and each reads the words' lists anew, so that
there are three at most.

Statements differ as little as may be: PostgreSQL keeps plans, and making one takes longer than the search.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple, Protocol

from django.db import connection

from common.rows import read_rows
from storefront.indexing import BANDS, BOOK, FACETS, TIERS
from storefront.models.search import KEY_EDGES
from storefront.selectors.search_words import Groups

# From a high tier down, where nobody knows how many books may fit; at last all others at once.
SOME_TIERS = (5, 3, 0)
ALL_TIERS = (0,)
PEOPLE_TIERS = (3, 0)
COLUMNS = ("listing_id", "weight", "key", "label", "note", "target", *FACETS)

_NO_KEY = " "

type Values = dict[str, str | int | list[str]]


@dataclass(frozen=True, slots=True)
class Match:
    """Entries of a kind, of which every group of one of the `alternatives` has a word, with all `marks`.

    Words are folded: letters and digits only. `phrases` must stand there as they are; `without` are words that must not
    be there, be it in names or text. `phrases`, warnings, `with_adult` and, of a pass among names, `without` are looked
    at row by row, the rest is asked of the full text index. Without alternatives, no entry fits.
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
    tiers: Sequence[int] = ALL_TIERS  # to ask in turn, where the index has no lists for bands
    in_text: bool = False
    # Of titles that come before any band; marks are not looked at there. "" is that of none.
    key: str | None = None
    beginning: str = ""  # of keys that come before any band, looked at like `key`
    condition: str = ""


def tiers_for(books: int, most: int) -> tuple[int, ...]:
    """Tiers where so many books fit at most, and `most` are wanted. Some quarter of all is in each next tier: the first
    holds about twice what is wanted; then one far below it, then the rest."""
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

    def parts(self, one: Pass) -> Iterator[tuple[str, Values]]:
        """SELECTs of COLUMNS for the pass, to be asked in turn, without its condition; and their parameters."""
        ...


def run(passes: Sequence[Pass]) -> list[Row]:
    """Run the passes in order, in one statement. Rows come pass by pass."""
    backend: Backend = _Postgres() if connection.vendor == "postgresql" else _Sqlite()
    steps: list[str] = []
    parameters: Values = {}
    for one in passes:
        selects = []
        for sql, values in chain(_firsts(one), backend.parts(one)):
            # In brackets of its own, since SQLite orders and limits nothing but a whole statement.
            selects.append(f"SELECT * FROM ({sql}) AS part")
            parameters |= values
        parameters[f"{one.name}_limit"] = one.limit
        where = f"WHERE {one.condition}" if one.condition else ""
        union = " UNION ALL ".join(selects)
        steps.append(f"{one.name} AS MATERIALIZED (SELECT * FROM ({union}) AS step {where} {_limit(one)})")
    columns = ", ".join(COLUMNS)
    parts = " UNION ALL ".join(f"SELECT '{one.name}', {columns} FROM {one.name}" for one in passes)
    return list(map(Row._make, read_rows(f"WITH {', '.join(steps)} {parts}", parameters)))


def found(*names: str) -> str:
    """SQL for how many entries these passes found."""
    return " + ".join(f"(SELECT COUNT(*) FROM {name})" for name in names)


_COLUMNS = ", ".join(f"entry.{column}" for column in COLUMNS)
_ENTRIES = f"SELECT {_COLUMNS} FROM storefront_searchentry AS entry"
_IN_NAMES = "' ' || entry.names || ' '"
_IN_TEXT = "' ' || entry.names || ' / ' || entry.text || ' '"


def _filters(one: Pass) -> tuple[str, Values]:
    """What is looked at row by row."""
    match, place = one.match, _IN_TEXT if one.in_text else _IN_NAMES
    sql = ""
    values: Values = {}
    # The index of names says nothing of the text, where words may stand that must not.
    without = () if one.in_text else match.without
    for some, text, like, name in (
        (match.phrases, place, "LIKE", f"{one.name}_phrases"),
        (without, _IN_TEXT, "NOT LIKE", f"{one.name}_without"),
    ):
        if some:
            condition, more = _each(text, like, [f"% {words} %" for words in some], name)
            sql += condition
            values |= more
    if match.unwanted_warnings:
        sql += f" AND entry.warnings & %({one.name}_warnings)s = 0"
        values[f"{one.name}_warnings"] = match.unwanted_warnings
    if not match.with_adult:
        sql += " AND NOT entry.is_adult"
    return sql, values


def _each(text: str, like: str, patterns: list[str], name: str) -> tuple[str, Values]:
    """That the text is LIKE, or NOT LIKE, each of the patterns."""
    if connection.vendor == "postgresql":  # one statement, however many they are
        return f" AND ({text}) {like} ALL((SELECT %({name})s)::text[])", {name: patterns}
    names = [f"{name}_{number}" for number in range(len(patterns))]
    return "".join(f" AND ({text}) {like} %({one})s" for one in names), dict(zip(names, patterns, strict=True))


def _heaviest(one: Pass) -> str:
    return f" ORDER BY entry.weight DESC, entry.id DESC {_limit(one)}"


def _limit(one: Pass) -> str:
    """In a SELECT, which hides it from the planner: a plan for this limit then costs what one for any does."""
    return f"LIMIT (SELECT CAST(%({one.name}_limit)s AS integer))"


def _firsts(one: Pass) -> Iterator[tuple[str, Values]]:
    """What the pass finds by keys before it asks any full text index. Enough of that, and the rest is never run."""
    where, values = _filters(one)
    of_kind = f"entry.kind = '{one.match.kind}'"
    if one.key is not None:
        key = f"{one.name}_key"
        # By the key. The sign keeps SQLite from all entries of the kind, which to its planner are as few.
        sign = "+" if connection.vendor == "sqlite" else ""
        yield (
            f"{_ENTRIES} WHERE entry.key = (SELECT %({key})s) AND {sign}{of_kind}{where}{_heaviest(one)}",
            {**values, key: one.key or _NO_KEY},
        )
    if one.beginning:
        edge = max(edge for edge in KEY_EDGES if edge <= len(one.beginning))
        left = f"LEFT(entry.key, {edge})" if connection.vendor == "postgresql" else f"SUBSTR(entry.key, 1, {edge})"
        first, whole = f"{one.name}_edge", f"{one.name}_beginning"
        # As a sum: only the index of first letters has them by weight.
        like = f"entry.key || '' LIKE (SELECT %({whole})s)"
        begun = {**values, first: one.beginning[:edge], whole: f"{one.beginning}%"}
        yield f"{_ENTRIES} WHERE {left} = (SELECT %({first})s) AND {like} AND {of_kind}{where}{_heaviest(one)}", begun


def _vector(*columns: str) -> str:
    """As in migration 0064, so that its indexes are used."""
    words = " || ' ' || ".join(f"entry.{column}" for column in columns)
    edges = ",".join(map(str, BANDS))
    ending = f"left(entry.kind, 1) || '>' || chr(97 + width_bucket(entry.weight, ARRAY[{edges}])) || ' '"
    return f"array_to_tsvector(array_remove(string_to_array(replace({words} || ' ', ' ', {ending}), ' '), ''))"


class _Postgres:
    """GIN indexes over vectors of names and of everything, in which each word ends with the kind and band of its entry.

    A word of half the catalogue costs milliseconds in such an index however few entries remain, because its list is
    unpacked page by page. So each band has lists of its own, and what most entries have is never asked for.
    """

    _NAMES = _vector("names", "marks")
    _TEXT = _vector("names", "text", "marks")
    _BANDS = f"ARRAY[{', '.join(f"'>{chr(97 + band)}'" for band in range(len(BANDS), -1, -1))}]"

    def parts(self, one: Pass) -> Iterator[tuple[str, Values]]:
        vector = self._TEXT if one.in_text else self._NAMES
        kind = f" AND entry.kind = '{BOOK}'" if one.in_text else ""  # of a partial index
        where, values = _filters(one)
        name = f"{one.name}_query"
        # Bands are asked for one after another, until the limit around this is reached. They hide the query from the
        # planner, too.
        yield (
            f"""SELECT entry.* FROM unnest({self._BANDS}) AS band (ending) CROSS JOIN LATERAL (
                {_ENTRIES} WHERE {vector} @@ replace(%({name})s, '>', band.ending)::tsquery{kind}{where}
                {_heaviest(one)}) AS entry""",
            {**values, name: self.query(one.match)},
        )

    @staticmethod
    def query(match: Match) -> str:
        """The match as a tsquery, with ">" for the band. Nothing in it can need escaping."""
        if not match.alternatives:
            return "'>'"  # no word at all, which is a query like any other for the planner
        ending = f"{match.kind[0]}>"
        alternatives = [
            " & ".join(f"({' | '.join(f"'{word}{ending}'" for word in group)})" for group in groups)
            for groups in match.alternatives
        ]
        parts = [f"({' | '.join(f'({one})' for one in alternatives)})"]
        parts += [f"'{mark}{ending}'" for mark in match.marks]
        parts += [f"!'{word}{ending}'" for word in match.without]
        return " & ".join(parts)


class _Sqlite:
    """An FTS5 table with names, text, marks and tiers in columns of their own."""

    def parts(self, one: Pass) -> Iterator[tuple[str, Values]]:
        where, values = _filters(one)
        where += f" AND entry.kind = '{one.match.kind}'"
        if not one.match.alternatives:
            yield f"{_ENTRIES} WHERE entry.id = 0", {}  # that of none
            return
        above = None
        for tier in one.tiers:
            name = f"{one.name}_tier_{tier}"
            # What was asked for before is left out by its weight.
            below = f" AND entry.weight < {above}" if above else ""
            yield (
                f"SELECT {_COLUMNS} FROM storefront_searchentry_fts AS fts "
                "JOIN storefront_searchentry AS entry ON entry.id = fts.rowid "
                f"WHERE storefront_searchentry_fts MATCH %({name})s{where}{below}{_heaviest(one)}",
                {**values, name: self.query(one, f">{tier}" if tier else "")},
            )
            above = TIERS[tier - 1] if tier else None

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

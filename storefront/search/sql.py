"""What both SQL backends share: the columns, and all conditions except those on words."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from storefront.search.backend import Facets, Found, Match

TABLE = "search_searchdocument"
_FACETS = ", ".join(f"document.{name}" for name in Facets._fields)
_COLUMNS = f"document.place, document.listing_id, document.target, document.label, document.note, document.key, document.books, {_FACETS}"  # noqa: E501 - one list
_FACETS_AT = len(Found._fields) - 1  # columns before the facets
# Too many titles begin with a shorter prefix to sort them; a scan in order of places finds some soon enough.
MIN_INDEXED_PREFIX = 3


@dataclass(slots=True)
class Where:
    """SQL conditions with their parameters."""

    conditions: list[str] = field(default_factory=list)
    parameters: list[Any] = field(default_factory=list)

    def add(self, condition: str, *parameters: Any) -> None:
        self.conditions.append(condition)
        self.parameters += parameters

    @property
    def sql(self) -> str:
        return " AND ".join(self.conditions)


def columns_of(match: Match) -> Where:
    """Return the conditions on plain columns."""
    where = Where()
    if match.kind and not (match.keys or match.key_prefix):  # a key contains the kind, and has an index
        where.add(f"document.kind = '{match.kind}'")
    if not match.with_adult:
        where.add("NOT document.is_adult")
    if match.keys:
        where.add(f"document.key IN ({', '.join(['%s'] * len(match.keys))})", *(match.kind + key for key in match.keys))
    if match.not_keys:
        marks = ", ".join(["%s"] * len(match.not_keys))
        where.add(f"document.key NOT IN ({marks})", *(match.kind + key for key in match.not_keys))
    if match.not_key_prefix:
        prefix = match.kind + match.not_key_prefix
        where.add("substr(document.key, 1, %s) <> %s", len(prefix), prefix)
    return where


def is_by_key(match: Match) -> bool:
    """Return whether the index of keys finds the few matching documents."""
    return bool(match.keys) or len(match.key_prefix) >= MIN_INDEXED_PREFIX


class SqlBackend(ABC):
    """Search in rows of SearchDocument with the database's own full-text index."""

    @abstractmethod
    def _source(self, match: Match) -> tuple[str, Where]:
        """Return the FROM clause and all conditions."""

    def _select(
        self, match: Match, *, order: str, limit: int, above: int | None = None, before: int | None
    ) -> list[Found]:
        source, where = self._source(match)
        if before is not None:
            where.add("document.place < %s", before)
        if above is not None:
            where.add("document.place >= %s", above)
        sql = f"SELECT {_COLUMNS} FROM {source} WHERE {where.sql} ORDER BY {order} DESC LIMIT %s"
        with connection.cursor() as cursor:
            cursor.execute(sql, [*where.parameters, limit])
            rows = cursor.fetchall()
        return [Found._make((*row[:_FACETS_AT], Facets._make(row[_FACETS_AT:]))) for row in rows]

    def facets(self, match: Match, *, limit: int) -> list[tuple[Facets, int]]:
        source, where = self._source(match)
        names = ", ".join(Facets._fields)
        sql = (
            f"SELECT {names}, COUNT(*) FROM (SELECT {_FACETS} FROM {source} WHERE {where.sql} LIMIT %s) AS found "
            f"GROUP BY {names}"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [*where.parameters, limit])
            return [(Facets(*row[:-1]), row[-1]) for row in cursor.fetchall()]

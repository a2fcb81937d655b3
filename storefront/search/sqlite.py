"""The SQLite backend: an FTS5 table over the documents, kept up to date by triggers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection

from storefront.search.backend import BOOK, Found, Groups, Match, Term, kind_mark
from storefront.search.models import SearchWord
from storefront.search.sql import TABLE, SqlBackend, Where, columns_of, is_by_key

FTS = f"{TABLE}_fts"
_NAMES = "{title people more marks}"
_LAST_LETTER = "\U0010ffff"
TRIGGERS = ["search_document_insert", "search_document_delete", "search_document_update"]
_DEFINITIONS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name IN (%s, %s, %s)"


class SqliteBackend(SqlBackend):
    def find(self, match: Match, *, before: int | None = None, limit: int) -> list[Found]:
        # The plus keeps the planner from scanning all places instead of using the index of keys.
        order = "+document.place" if is_by_key(match) else "document.place"
        return self._select(match, order=order, limit=limit, before=before)

    def _source(self, match: Match) -> tuple[str, Where]:
        where = columns_of(match)
        if match.key_prefix:
            prefix = match.kind + match.key_prefix
            if is_by_key(match):
                where.add("document.key >= %s AND document.key < %s", prefix, prefix + _LAST_LETTER)
            else:
                where.add("substr(document.key, 1, %s) = %s", len(prefix), prefix)
        if not (asked := _query(match)):
            return f"{TABLE} AS document", where
        where.add(f"{FTS} MATCH %s", asked)
        # CROSS JOIN forces the planner to read the words first, in the order of places.
        return f"{FTS} CROSS JOIN {TABLE} AS document ON document.place = {FTS}.rowid", where

    def has_word_beginning(self, beginning: str) -> bool:
        return SearchWord.objects.filter(word__gte=beginning, word__lt=beginning + _LAST_LETTER).exists()

    @contextmanager
    def loading(self) -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute(_DEFINITIONS, TRIGGERS)
            definitions = cursor.fetchall()
            for name, _ in definitions:
                cursor.execute(f"DROP TRIGGER {name}")
        yield
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {FTS}({FTS}) VALUES ('rebuild')")
            for _, definition in definitions:
                cursor.execute(definition)

    def missing(self) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(_DEFINITIONS, TRIGGERS)
            found = {name for name, _ in cursor.fetchall()}
        return [name for name in TRIGGERS if name not in found]


def _query(match: Match) -> str:
    """Return the FTS5 query; "" if no words are asked for. Words are normalized, so nothing needs escaping."""
    names = f"{_NAMES} : {_alternatives(match.alternatives)}" if match.alternatives else ""
    everything = _alternatives(match.alternatives) if match.in_text else names
    wanted = [f"({everything})"] if everything else []
    wanted += [f'"{mark}"' for mark in match.marks]
    unwanted = [f"({names})"] if match.not_in_names else []
    unwanted += [_term(term) for term in match.without]
    if (wanted and match.kind not in ("", BOOK)) or (unwanted and not wanted):
        # Most documents are books, and FTS5 has no unary NOT.
        wanted.append(f'"{kind_mark(match.kind)}"')
    asked = " AND ".join(wanted)
    return f"({asked}) NOT ({' OR '.join(unwanted)})" if unwanted else asked


def _alternatives(alternatives: Iterable[Groups]) -> str:
    return f"({' OR '.join(f'({" AND ".join(map(_any, groups))})' for groups in alternatives)})"


def _any(terms: Iterable[Term]) -> str:
    return f"({' OR '.join(map(_term, terms))})"


def _term(term: Term) -> str:
    return f'"{" ".join(term.words)}"{" *" if term.is_prefix else ""}'

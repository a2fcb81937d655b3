"""The PostgreSQL backend: generated `tsvector` columns with GIN indexes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.core.cache import caches
from django.db import connection

from storefront.search.backend import BOOK, Found, Groups, Match, Term, kind_mark
from storefront.search.models import SearchDocument, SearchWord
from storefront.search.sql import TABLE, SqlBackend, Where, columns_of, is_by_key

# The planner assumes that every word is rare. So most pages are first looked for among this many places, which is
# enough for common words; only if it is not, the GIN index is used.
_PLACES_WALKED = 5000
_INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND indexname = ANY(%s)"
NAMES_OF_INDEXES = ["search_names", "search_everything"]


class PostgresBackend(SqlBackend):
    def find(self, match: Match, *, before: int | None = None, limit: int) -> list[Found]:
        if match.kind == BOOK and not is_by_key(match):
            above = _place_below(before) if before is not None else _highest_places()
            if not above:  # a small shop, or the last places
                return self._select(match, order="document.place", limit=limit, before=before)
            found = self._select(match, order="document.place", limit=limit, before=before, above=above)
            if len(found) >= limit:
                return found
        # No index has this order, so the planner uses the index of words or of keys.
        return self._select(match, order="document.place + 0", limit=limit, before=before)

    def _source(self, match: Match) -> tuple[str, Where]:
        where = columns_of(match)
        if match.key_prefix:
            where.add("document.key LIKE %s", f"{match.kind}{match.key_prefix}%")  # normalized: no escaping needed
        vector = "document.everything" if match.in_text else "document.names"
        wanted = [_alternatives(match.alternatives)] if match.alternatives else []
        wanted += [f"'{mark}'" for mark in match.marks]
        if wanted and match.kind not in ("", BOOK):
            wanted.append(f"'{kind_mark(match.kind)}'")  # most documents are books
        if wanted:
            where.add(f"{vector} @@ %s::tsquery", " & ".join(wanted))
        if match.not_in_names:
            where.add("NOT document.names @@ %s::tsquery", _alternatives(match.alternatives))
        if match.without:
            where.add("NOT document.everything @@ %s::tsquery", _any(match.without))
        return f"{TABLE} AS document", where

    def has_word_beginning(self, beginning: str) -> bool:
        return SearchWord.objects.filter(word__startswith=beginning).exists()

    @contextmanager
    def loading(self) -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute(_INDEXES, [NAMES_OF_INDEXES])
            definitions = cursor.fetchall()
            for name, _ in definitions:
                cursor.execute(f"DROP INDEX {name}")
        yield
        connection.check_constraints()  # no index can be created while constraint checks are pending
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
            for _, definition in definitions:
                cursor.execute(definition)

    def missing(self) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(_INDEXES, [NAMES_OF_INDEXES])
            found = {name for name, _ in cursor.fetchall()}
        return [name for name in NAMES_OF_INDEXES if name not in found]


def _highest_places() -> int:
    """Return the place above which a first page is looked for, recomputed every ten minutes."""
    return int(caches["pages"].get_or_set("search-highest-places", _place_below, 600) or 0)


def _place_below(before: int | None = None) -> int:
    """Return the place `_PLACES_WALKED` documents below another, or below the top; 0 if there are not that many."""
    places = SearchDocument.objects.order_by("-place").values_list("place", flat=True)
    if before is not None:
        places = places.filter(place__lt=before)
    return next(iter(places[_PLACES_WALKED : _PLACES_WALKED + 1]), 0)


def _alternatives(alternatives: Iterable[Groups]) -> str:
    """Return the alternatives as a tsquery. Words are normalized, so nothing needs escaping."""
    return f"({' | '.join(f'({" & ".join(map(_any, groups))})' for groups in alternatives)})"


def _any(terms: Iterable[Term]) -> str:
    return f"({' | '.join(map(_term, terms))})"


def _term(term: Term) -> str:
    return f"({' <-> '.join(f"'{word}'" for word in term.words)}{':*' if term.is_prefix else ''})"

"""An empty PostgreSQL database with the real tables of prints, for `bench.passages`."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import django

from tests.support.postgres import server

_PRINTS_OF_A_BOOK = 625
_WHEN = datetime(2026, 1, 1, tzinfo=UTC)


@contextmanager
def started() -> Iterator[None]:
    """Start a server and make the tables in it; the server ends with the block."""
    with server() as url:
        os.environ["DATABASE_URL"] = url
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
        django.setup()
        _make_tables()
        yield


def _make_tables() -> None:
    """Make the tables as the migrations do, without keys to the tables of works, which are not here."""
    from django.db import connection

    from publishing.passages.models import PassagePrint, PrintedText

    with connection.schema_editor() as editor:
        for model in (PrintedText, PassagePrint):
            editor.create_model(model)
        editor.deferred_sql = [statement for statement in editor.deferred_sql if "FOREIGN KEY" not in str(statement)]


def load(text_id: int, prints: Collection[int]) -> None:
    """Load the prints of one text of the shop."""
    _load_texts([text_id])
    _copy("passages_passageprint (hash, text_id, since)", ((one, text_id, _WHEN) for one in prints))


def load_drawn(count: int, *, first_text: int) -> None:
    """Load random prints, of texts of the usual length. Indexes are made afterwards, as when a backup is restored."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE passages_passageprint DROP CONSTRAINT passages_passageprint_pkey")
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'passages_passageprint'")
        indexes = [name for (name,) in cursor.fetchall()]
        for name in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    _load_texts(range(first_text, first_text + count // _PRINTS_OF_A_BOOK + 1))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO passages_passageprint (hash, text_id, since) "
            "SELECT (floor(random() * 2 ^ 57) - 2 ^ 56)::bigint * 128, %s + number / %s, %s "
            "FROM generate_series(0, %s - 1) AS number",
            [first_text, _PRINTS_OF_A_BOOK, _WHEN, count],
        )
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute("ALTER TABLE passages_passageprint ADD PRIMARY KEY (hash, text_id)")
        for number in range(len(indexes)):
            cursor.execute(f"CREATE INDEX passages_text_{number} ON passages_passageprint (text_id)")


def _load_texts(ids: Iterable[int]) -> None:
    columns = "passages_printedtext (id, title, source, file, version, words, attempts, printed_at)"
    _copy(columns, ((one, "", "", f"text-{one}", 1, 0, 0, _WHEN) for one in ids))


def _copy(into: str, rows: Iterable[tuple[object, ...]]) -> None:
    from django.db import connection

    with connection.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def settle() -> None:
    """Let the database gather its statistics, and set the map of visible pages for look-ups in the index alone."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE passages_passageprint")


def look_up(prints: Collection[int]) -> Counter[int]:
    """Return how many of the prints each text has, asked for as the shop does."""
    from publishing.passages.selectors.holders import dates_elsewhere

    return Counter({text: len(dates) for text, dates in dates_elsewhere(0, prints).items()})


def insert(prints: Collection[int]) -> None:
    """Insert the prints of an upload as the shop does, and forget them again."""
    from django.db import transaction

    from publishing.passages.models import PassagePrint, PrintedText

    text, _is_new = PrintedText.objects.get_or_create(file="upload", defaults={"printed_at": _WHEN, "pk": 10**9})
    with transaction.atomic():
        rows = [PassagePrint(hash=one, text=text, since=_WHEN) for one in sorted(prints)]
        PassagePrint.objects.bulk_create(rows, batch_size=500)
        transaction.set_rollback(True)


def size_mb() -> int:
    """Return the size of the table of prints with its indexes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('passages_passageprint')")
        return int(cursor.fetchone()[0]) // 1_000_000

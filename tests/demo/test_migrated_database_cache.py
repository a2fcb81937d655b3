"""The migrated database that the story of money keeps: found again, made anew with new code, never half there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from demo import migrated_database_cache


@pytest.fixture
def made() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as made:
        made.executescript("CREATE TABLE ledger (amount INTEGER); INSERT INTO ledger VALUES (415);")
        yield made


@pytest.fixture
def empty() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as empty:
        yield empty


def amounts(database: sqlite3.Connection) -> list[tuple[int]]:
    return database.execute("SELECT amount FROM ledger").fetchall()


class TestKeptDatabase:
    def test_is_read_into_an_empty_one(
        self, made: sqlite3.Connection, empty: sqlite3.Connection, tmp_path: Path
    ) -> None:
        migrated_database_cache.keep(tmp_path / "cache" / "a.sqlite3", made)
        assert migrated_database_cache.read(tmp_path / "cache" / "a.sqlite3", empty)
        assert amounts(empty) == [(415,)]

    def test_takes_the_place_of_older_ones(self, made: sqlite3.Connection, tmp_path: Path) -> None:
        for name in ("a", "b"):
            migrated_database_cache.keep(tmp_path / f"{name}.sqlite3", made)
        assert [path.name for path in tmp_path.iterdir()] == ["b.sqlite3"]

    def test_that_is_missing_or_damaged_is_not_read(self, empty: sqlite3.Connection, tmp_path: Path) -> None:
        path = tmp_path / "a.sqlite3"
        assert not migrated_database_cache.read(path, empty)
        path.write_bytes(b"nothing of the kind" * 1000)
        assert not migrated_database_cache.read(path, empty)
        assert empty.execute("SELECT * FROM sqlite_master").fetchall() == []

    def test_where_nothing_can_be_written_the_story_goes_on(self, made: sqlite3.Connection, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        migrated_database_cache.keep(tmp_path / "file" / "a.sqlite3", made)
        assert [path.name for path in tmp_path.iterdir()] == ["file"]


class TestPlace:
    def test_stays_while_the_code_does(self, tmp_path: Path) -> None:
        assert migrated_database_cache.place(tmp_path) == migrated_database_cache.place(tmp_path)

    @pytest.mark.parametrize(
        "name",
        [
            "royalties/migrations/0001_initial.py",
            "royalties/triggers/sqlite.py",
            "auth/migrations/0001_initial.py",
        ],
    )
    def test_changes_with_migrations_and_triggers(
        self, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before, sources = migrated_database_cache.place(tmp_path), dict(migrated_database_cache._sources())
        changed = tmp_path / "changed.py"
        changed.write_bytes(sources[name].read_bytes() + b"#")
        monkeypatch.setattr(migrated_database_cache, "_sources", lambda: iter((sources | {name: changed}).items()))
        assert migrated_database_cache.place(tmp_path) != before

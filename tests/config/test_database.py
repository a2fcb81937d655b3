"""Database settings from an address."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from config import env

ADDRESS = "postgres://octavo:p%40ss@db:5433/shop?sslmode=require"


def _of(monkeypatch: pytest.MonkeyPatch, address: str, **more: str) -> dict[str, object]:
    monkeypatch.setenv("DATABASE_URL", address)
    for name, value in more.items():
        monkeypatch.setenv(name, value)
    return env.database("DATABASE_URL", Path("octavo.sqlite3"))


def test_an_address_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _of(monkeypatch, ADDRESS)
    assert [found[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        *("shop", "octavo", "p@ss", "db", "5433")
    ]
    assert found["OPTIONS"] == {"sslmode": "require", "server_side_binding": True, "prepare_threshold": 2}


def test_a_pooler_is_asked_without_prepared_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _of(monkeypatch, ADDRESS, DATABASE_PREPARE="no")["OPTIONS"] == {"sslmode": "require"}


def test_another_database_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match="mysql"):
        _of(monkeypatch, "mysql://db/shop")


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
def test_a_statement_asked_again_is_prepared() -> None:
    with connection.cursor() as cursor:
        for number in range(4):
            cursor.execute("SELECT %s + 41732", [number])
        cursor.execute("SELECT COUNT(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["%41732%"])
        assert cursor.fetchone() == (1,)

"""Database settings from an address."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

ADDRESS = "postgres://octavo:p%40ss@db:5433/shop?sslmode=require"


def _of(monkeypatch: pytest.MonkeyPatch, address: str) -> dict[str, object]:
    monkeypatch.setenv("DATABASE_URL", address)
    return env.database("DATABASE_URL", Path("octavo.sqlite3"))


def test_an_address_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _of(monkeypatch, ADDRESS)
    assert [found[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        *("shop", "octavo", "p@ss", "db", "5433")
    ]
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_another_database_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match="mysql"):
        _of(monkeypatch, "mysql://db/shop")

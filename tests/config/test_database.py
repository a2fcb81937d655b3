"""Database settings from an address."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
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
    assert found["OPTIONS"] == {"sslmode": "require", "connect_timeout": "5"}


def test_its_time_limits_are_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_STATEMENT_TIMEOUT_S", "60")
    monkeypatch.setenv("DATABASE_LOCK_TIMEOUT_S", "10")
    found = _of(monkeypatch, ADDRESS + "&connect_timeout=2&options=-c%20search_path%3Dshop")
    assert found["OPTIONS"] == {
        "sslmode": "require",
        "connect_timeout": "2",
        "options": "-c search_path=shop -c statement_timeout=60s -c lock_timeout=10s",
    }


def test_a_web_process_has_limits_and_a_worker_none() -> None:
    code = "import {module}; from django.conf import settings; print(settings.DATABASES['default'].get('OPTIONS'))"
    told = {}
    for module in ("config.wsgi", "config.celery"):
        done = subprocess.run(
            [sys.executable, "-c", code.format(module=module)],
            env={"PATH": "/usr/bin", "DATABASE_URL": ADDRESS, "DJANGO_SETTINGS_MODULE": "config.settings.dev"},
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=True,
        )
        told[module] = done.stdout
    assert "statement_timeout=60s" in told["config.wsgi"]
    assert "lock_timeout=10s" in told["config.wsgi"]
    assert "timeout=60s" not in told["config.celery"]


def test_another_database_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match="mysql"):
        _of(monkeypatch, "mysql://db/shop")

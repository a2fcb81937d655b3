"""The only reader of environment variables: typed, named, with defaults.

A secret may come from a file: where `NAME_FILE` is set, its content is the value of `NAME`.
Every variable read here is listed in `.env.example`.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_PREPARED_AFTER = 2  # executions; PostgreSQL itself plans anew five times before it keeps a plan


def text(name: str, default: str | None = None) -> str:
    """The variable as text. Raises ImproperlyConfigured when it is missing and has no default."""
    file = os.environ.get(f"{name}_FILE")
    if file:
        return Path(file).read_text(encoding="utf-8").strip()
    value = os.environ.get(name, "")
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"Set {name} in the environment (see .env.example).")
    return default


def flag(name: str, default: bool = False) -> bool:
    """The variable as yes or no: 1, true, yes, on; 0, false, no, off."""
    value = text(name, "1" if default else "0").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}.")


def integer(name: str, default: int | None = None) -> int:
    """The variable as a whole number. Raises ImproperlyConfigured when it is missing and has no default."""
    value = text(name, None if default is None else str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def words(name: str, default: str = "") -> list[str]:
    """The variable as a list, separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def lines(name: str) -> list[str]:
    """The variable as lines, separated by | or by real ends of lines, as a file has them."""
    return [line.strip() for line in re.split(r"[|\n]", text(name, "")) if line.strip()]


def key_from(secret: str) -> str:
    """A key for the vault made from another secret: for one machine and for tests, never for production."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"vault:{secret}".encode()).digest()).decode()


def cache(name: str) -> dict[str, object]:
    """Django's settings of the shared cache: a Redis server by its address, or a table of the database without it."""
    address = text(name, "")
    if not address:
        table = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "common_cacheentry"}
        # More addresses than ever try something within an hour; what is over goes before the oldest.
        return {**table, "OPTIONS": {"MAX_ENTRIES": 20_000}}
    if urlsplit(address).scheme not in {"redis", "rediss", "unix"}:
        raise ImproperlyConfigured(f"{name} must start with redis://, rediss:// or unix://.")
    return {"BACKEND": "common.cache.PatientRedisCache", "LOCATION": address}


def counts(name: str) -> dict[str, object]:
    """Django's settings of the cache in which requests are counted: the shared one where that is a Redis server, else
    each process's own. A count in the database would cost more than most pages."""
    if text(name, ""):
        return cache(name)
    own = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "counts"}
    return {**own, "OPTIONS": {"MAX_ENTRIES": 20_000}}


def database(name: str, default: Path) -> dict[str, object]:
    """Django's database settings from an address: `postgres://user:password@host:port/name` or `sqlite:///path`.

    Without the variable: an SQLite file at `default`. PostgreSQL keeps the plans of statements that a connection asks
    again and again, unless `DATABASE_PREPARE` is "no" (for a pooler that hands out connections by transaction).
    """
    address = text(name, f"sqlite:///{default}")
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path),
            "CONN_MAX_AGE": 60,  # opening the file and reading its schema costs more than a page's queries
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # recursive_triggers: without it INSERT OR REPLACE would slip past the ledger's DELETE trigger.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                "PRAGMA recursive_triggers=ON; PRAGMA cache_size=-20000;",
            },
            "TEST": {"NAME": unquote(parts.path) + ".test"},
        }
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must start with postgres:// or sqlite:///, not {parts.scheme}://.")
    options: dict[str, object] = {}
    if flag("DATABASE_PREPARE", True):
        options = {"server_side_binding": True, "prepare_threshold": _PREPARED_AFTER}
    for pair in filter(None, parts.query.split("&")):
        key, _, value = pair.partition("=")
        options[key] = unquote(value)
    host = str(options.pop("host", "")) or unquote(parts.hostname or "")
    return {
        "ENGINE": "common.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,  # plans are kept with the connection, and made anew several times before they are
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }

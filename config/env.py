"""The only reader of environment variables: typed, named, with defaults.

A secret may come from a file: if `NAME_FILE` is set, the file's content is the value of `NAME`. Every variable read
here is listed in `.env.example`.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """Return the variable as text. Raises ImproperlyConfigured if it is missing and has no default."""
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
    """Return the variable as a boolean: 1, true, yes, on; 0, false, no, off."""
    value = text(name, "1" if default else "0").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}.")


def integer(name: str, default: int | None = None) -> int:
    """Return the variable as an integer. Raises ImproperlyConfigured if it is missing and has no default."""
    value = text(name, None if default is None else str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def words(name: str, default: str = "") -> list[str]:
    """Return the variable as a list, separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def lines(name: str) -> list[str]:
    """Return the variable as a list of lines, separated by | or by real line breaks, as in a file."""
    return [line.strip() for line in re.split(r"[|\n]", text(name, "")) if line.strip()]


def key_from(secret: str) -> str:
    """Derive a vault key from another secret: for one machine and for tests, never for production."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"vault:{secret}".encode()).digest()).decode()


def cache(name: str, prefix: str) -> dict[str, object]:
    """Return Django's settings for a cache of disposable data: a Redis server by its URL, or each process's own memory.

    If the server is down, a read is a miss after a quarter of a second.
    """
    address = text(name, "")
    if not address:
        own = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": prefix}
        return {**own, "OPTIONS": {"MAX_ENTRIES": 20_000}}
    if urlsplit(address).scheme not in {"redis", "rediss", "unix"}:
        raise ImproperlyConfigured(f"{name} must start with redis://, rediss:// or unix://.")
    options = {"SOCKET_CONNECT_TIMEOUT": 0.25, "SOCKET_TIMEOUT": 0.25, "IGNORE_EXCEPTIONS": True}
    return {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": address, "KEY_PREFIX": prefix, "OPTIONS": options}


def _time_limits() -> str:
    """Return PostgreSQL's options for how long a statement may take, and wait for a lock. 0 means no limit."""
    limits = {
        "statement_timeout": integer("DATABASE_STATEMENT_TIMEOUT_S", 0),
        "lock_timeout": integer("DATABASE_LOCK_TIMEOUT_S", 0),
    }
    return " ".join(f"-c {limit}={seconds}s" for limit, seconds in limits.items() if seconds)


def database(name: str, default: Path) -> dict[str, object]:
    """Return Django's database settings from a URL: `postgres://user:password@host:port/name` or `sqlite:///path`.

    Without the variable: an SQLite file at `default`.
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
                # recursive_triggers: without it INSERT OR REPLACE would bypass the ledger's DELETE trigger.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                "PRAGMA recursive_triggers=ON; PRAGMA cache_size=-20000;",
            },
            "TEST": {"NAME": unquote(parts.path) + ".test"},
        }
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must start with postgres:// or sqlite:///, not {parts.scheme}://.")
    options: dict[str, object] = {}
    for pair in filter(None, parts.query.split("&")):
        key, _, value = pair.partition("=")
        options[key] = unquote(value)
    options.setdefault("connect_timeout", "5")
    if limits := _time_limits():
        options["options"] = " ".join(filter(None, [str(options.get("options", "")), limits]))
    host = str(options.pop("host", "")) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }

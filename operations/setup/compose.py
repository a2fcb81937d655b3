"""The files of settings that `deploy/compose.yaml` reads: of the shop, of the database's owner, of the servers."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from common import env_file
from operations.setup.postgresql import APPLICATION, DATABASE, OWNER

MADE = {
    "VAR_DIR": "/var/lib/octavo",
    "DOWNLOAD_BACKEND": "accel",
    "BACKUP_DIR": "/var/backups/octavo",
    "BROKER_URL": "redis://broker:6379/0",
    "CACHE_URL": "redis://broker:6379/1",
}
_COMMENT = "Made by script/init --compose. Readable by its owner only."


def add_database(file: Path, settings: dict[str, str]) -> dict[str, str]:
    """Add the database's URL to the settings, and write the files of its owner and its server next to `file`.

    Passwords that are there already stay: the server takes them only when it starts for the first time.
    """
    owner_file, server_file = (file.with_name(f"{file.name}.{of}") for of in ("owner", "database"))
    known = env_file.read(server_file) if server_file.exists() else {}
    passwords = {
        name: known.get(name) or secrets.token_urlsafe(24)
        for name in ("POSTGRES_PASSWORD", "OWNER_PASSWORD", "APPLICATION_PASSWORD")
    }
    env_file.write(server_file, {**known, **passwords}, comment=_COMMENT)
    env_file.write(owner_file, {"DATABASE_URL": _url(OWNER, passwords["OWNER_PASSWORD"])}, comment=_COMMENT)
    return {**settings, "DATABASE_URL": _own_or(settings, _url(APPLICATION, passwords["APPLICATION_PASSWORD"]))}


def _own_or(settings: Mapping[str, str], url: str) -> str:
    """Return the URL of a database elsewhere if the operator named one, or the given one."""
    named = settings.get("DATABASE_URL", "")
    return named if named and urlsplit(named).hostname != "database" else url


def _url(role: str, password: str) -> str:
    return f"postgres://{role}:{password}@database:5432/{DATABASE}"

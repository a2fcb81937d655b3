"""An empty database beside that of the run, in its place for a while."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection


@contextmanager
def scratch_database() -> Iterator[None]:
    """Let the connection lead to an empty database inside the block, which is dropped at its end."""
    own = connection.settings_dict["NAME"]
    with tempfile.TemporaryDirectory() as folder:
        is_server = connection.vendor == "postgresql"
        scratch = f"{own}_scratch" if is_server else str(Path(folder) / "scratch.sqlite3")
        if is_server:
            _run(f"DROP DATABASE IF EXISTS {scratch}", f"CREATE DATABASE {scratch}")
        _lead_to(scratch)
        try:
            yield
        finally:
            _lead_to(own)
            if is_server:
                _run(f"DROP DATABASE {scratch}")


def _lead_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)

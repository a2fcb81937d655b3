"""The search backend for the shop's database."""

from __future__ import annotations

from django.db import connection

from storefront.search.backend import Backend
from storefront.search.postgresql import PostgresBackend
from storefront.search.sqlite import SqliteBackend

_BACKENDS: dict[str, Backend] = {"postgresql": PostgresBackend(), "sqlite": SqliteBackend()}


def get_backend() -> Backend:
    """Return the search backend for the shop's database."""
    return _BACKENDS[connection.vendor]

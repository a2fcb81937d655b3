"""Run by itself by test_as_migrated.py: nothing here is marked for the database, as in journeys."""

from __future__ import annotations

from typing import Any

from django.db import connection


def test_the_database_is_there(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        assert "royalties_journalentry" in connection.introspection.table_names()

"""A connection that ended is noticed without asking over it."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="is about PostgreSQL"),
]


@pytest.fixture
def fresh():
    """A connection of its own, at rest."""
    made = connection.copy()
    made.connect()
    yield made
    made.close()


def test_one_that_stands_is_not_asked(fresh) -> None:
    with CaptureQueriesContext(fresh):
        assert fresh.is_usable()
        assert not fresh.queries


def test_one_that_the_server_ended_is_replaced(fresh) -> None:
    pid = fresh.connection.info.backend_pid
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    assert not fresh.is_usable()
    fresh.health_check_enabled, fresh.health_check_done = True, False
    with fresh.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert fresh.connection.info.backend_pid != pid


def test_what_the_server_said_meanwhile_is_no_end(fresh) -> None:
    with fresh.cursor() as cursor:
        cursor.execute("LISTEN news")
    with connections["default"].cursor() as cursor:
        cursor.execute("NOTIFY news")
    assert fresh.is_usable()


def test_an_error_is_looked_into(fresh) -> None:
    fresh.errors_occurred = True
    assert fresh.is_usable()
    fresh.connection.close()
    assert not fresh.is_usable()
    assert fresh.connection.pgconn.status == psycopg.pq.ConnStatus.BAD

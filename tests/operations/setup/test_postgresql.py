"""Roles and database on a server of their own, since they belong to a whole server."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from operations.setup import postgresql
from operations.setup.postgresql import Urls
from tests.support import postgres


@pytest.fixture(scope="module")
def admin() -> Iterator[str]:
    """A superuser's URL. The server was made for one called octavo, a name that ours needs."""
    with postgres.server() as address:
        with psycopg.connect(address, autocommit=True) as first:
            first.execute("CREATE ROLE admin SUPERUSER LOGIN")
        ours = address.replace("octavo@", "admin@")
        with psycopg.connect(ours, autocommit=True) as second:
            second.execute("ALTER ROLE octavo RENAME TO before")
        yield ours


@pytest.fixture(scope="module")
def urls(admin: str) -> Urls:
    return postgresql.create(admin, known=None)


def test_owner_makes_tables_and_the_shop_does_not(urls: Urls) -> None:
    with psycopg.connect(urls.owner) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS book (id int)")
    with psycopg.connect(urls.application) as shop, pytest.raises(psycopg.errors.InsufficientPrivilege):
        shop.execute("CREATE TABLE mine (id int)")
    with psycopg.connect(urls.application) as shop, pytest.raises(psycopg.errors.InsufficientPrivilege):
        shop.execute("ALTER TABLE book DISABLE TRIGGER USER")


def test_database_is_as_the_doctor_wants_it(urls: Urls) -> None:
    with psycopg.connect(urls.application) as shop:
        found = shop.execute("SELECT current_setting('server_encoding'), current_setting('jit')").fetchone()
    assert found == ("UTF8", "off")


def test_neither_role_is_powerful(admin: str, urls: Urls) -> None:
    query = "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls FROM pg_roles WHERE rolname LIKE 'octavo%'"
    with psycopg.connect(admin) as connection:
        assert connection.execute(query).fetchall() == [(False,), (False,)]


def test_can_be_run_again_and_keeps_passwords_and_rows(admin: str, urls: Urls) -> None:
    with psycopg.connect(urls.owner) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS book (id int)")
        owner.execute("INSERT INTO book VALUES (1)")
    assert postgresql.create(admin, known=urls) == urls
    with psycopg.connect(urls.owner) as owner:
        assert owner.execute("SELECT count(*) > 0 FROM book").fetchone() == (True,)

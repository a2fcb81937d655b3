"""The two roles and the database: one role owns it and migrates, the other serves the shop."""

from __future__ import annotations

import os
import pwd
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import psycopg
from psycopg import sql

OWNER, APPLICATION, DATABASE = "octavo", "octavo_app", "octavo"
_SUPERUSER = "postgres"


@dataclass(frozen=True, slots=True)
class Urls:
    """How the owner and the shop reach the database."""

    owner: str
    application: str


def create(admin_url: str, *, known: Urls | None) -> Urls:
    """Create roles and database where they are missing, and return how to reach them.

    `known` are the URLs of the last run, whose passwords stay. `admin_url` is one of a superuser, or "" for the server
    on this machine, which knows its superuser by the system's account.
    """
    before = {OWNER: known.owner, APPLICATION: known.application} if known else {}
    passwords = {role: _password(before.get(role, "")) for role in (OWNER, APPLICATION)}
    with _admin(admin_url) as connection:
        for role, password in passwords.items():
            _create_role(connection, role, password)
        _create_database(connection)
        host = connection.info.host if admin_url else "127.0.0.1"
        port = connection.info.port
    query = f"?{urlsplit(admin_url).query}" if urlsplit(admin_url).query else ""
    if host.startswith("/"):
        place, query = "", f"?host={quote(host, safe='')}&port={port}"
    else:
        place = f"{host}:{port}"
    made = {role: f"postgres://{role}:{password}@{place}/{DATABASE}{query}" for role, password in passwords.items()}
    return Urls(owner=made[OWNER], application=made[APPLICATION])


def _password(url: str) -> str:
    """Return the password in the URL, or a new one."""
    return urlsplit(url).password or secrets.token_urlsafe(24)


@contextmanager
def _admin(url: str) -> Iterator[psycopg.Connection]:
    """Connect as a superuser. On this machine PostgreSQL asks the system who is there, not for a password."""
    if url:
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as to:
            yield to
        return
    us = os.geteuid()
    os.seteuid(pwd.getpwnam(_SUPERUSER).pw_uid)
    try:
        to = psycopg.connect(user=_SUPERUSER, dbname="postgres", autocommit=True, connect_timeout=5)
    finally:
        os.seteuid(us)
    with to:
        yield to


def _create_role(connection: psycopg.Connection, role: str, password: str) -> None:
    is_there = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchone() is not None
    verb = "ALTER" if is_there else "CREATE"
    connection.execute(
        sql.SQL(f"{verb} ROLE {{}} LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD {{}}").format(
            sql.Identifier(role), sql.Literal(password)
        )
    )


def _create_database(connection: psycopg.Connection) -> None:
    if connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(
                sql.Identifier(DATABASE), sql.Identifier(OWNER)
            )
        )
    # Compiling a search takes longer than searching.
    connection.execute(sql.SQL("ALTER DATABASE {} SET jit = off").format(sql.Identifier(DATABASE)))

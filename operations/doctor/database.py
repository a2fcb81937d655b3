"""The database: reach, version, encoding, migrations, and the rights of the role that serves the shop."""

from __future__ import annotations

from collections.abc import Iterator

from django.core import checks
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from common import append_only
from operations.doctor.examination import Finding, Level, ok, warning, wrong

_OLDEST_POSTGRESQL = 15
_ROLES = "“Two roles in PostgreSQL” in docs/operations.md"


def database() -> Iterator[Finding]:
    """Try the connection, then everything that only the database itself knows."""
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        yield from _server()
        yield from _role()
    else:
        advice = "Right for one machine and few people. Otherwise set DATABASE_URL=postgres://…"
        yield warning("database", f"An embedded database ({connection.vendor}).", advice)
    yield from _migrations()


def schema_and_clock() -> Iterator[Finding]:
    """Run the checks of `check --database default`: the clock, indexes and triggers of search, the schema's age."""
    found = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
    found = [message for message in found if message.level >= checks.WARNING and not message.is_silenced()]
    if not found:
        yield ok("clock", "Clock and indexes agree with the database.")
    for message in found:
        # A clock that is off pays people too early or too late: here it is no mere warning.
        is_wrong = message.level >= checks.ERROR or message.id == "common.W003"
        level = Level.WRONG if is_wrong else Level.WARNING
        yield Finding("clock", level, f"{message.msg} ({message.id})", str(message.hint or ""))


def _server() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding'), "
            "current_setting('jit')::bool, pg_is_in_recovery()"
        )
        version, encoding, compiles, is_replica = cursor.fetchone()
    if version < _OLDEST_POSTGRESQL:
        yield wrong("database", f"PostgreSQL {version}.", f"Octavo needs PostgreSQL {_OLDEST_POSTGRESQL} or newer.")
    elif encoding != "UTF8":
        yield wrong("database", f"Its encoding is {encoding}.", "Create it anew: createdb --encoding UTF8 -T template0")
    elif is_replica:
        yield wrong("database", "It is a read-only replica.", "DATABASE_URL has to name the primary server.")
    else:
        yield ok("database", f"PostgreSQL {version}, {encoding}.")
    if compiles:
        advice = f"ALTER DATABASE {connection.ops.quote_name(connection.settings_dict['NAME'])} SET jit = off;"
        yield warning("database", "Just-in-time compilation is on: searches take longer than they need.", advice)


def _role() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper OR rolcreaterole OR rolbypassrls OR EXISTS (SELECT 1 FROM pg_class "
            "WHERE pg_has_role(relowner, 'MEMBER') AND relnamespace = current_schema()::regnamespace) "
            "FROM pg_roles WHERE rolname = current_user"
        )
        role, is_powerful = cursor.fetchone()
    if is_powerful:
        advice = f"Give web, worker and schedule a role that owns nothing: {_ROLES}."
        yield warning("role", f"{role} could drop the triggers that guard the ledger.", advice)
    elif missing := _missing_rights():
        advice = f"As the owner: manage.py grant_application_role {role} --apply"
        yield wrong("role", f"{role} lacks rights on {len(missing)} tables, such as {missing[0]}.", advice)
    else:
        yield ok("role", f"{role} owns nothing and may do what the shop does.")


def _missing_rights() -> list[str]:
    """Return the tables that the connection's role cannot read, or add rows to, and those it may change but must
    not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, has_table_privilege(oid, 'SELECT'), has_table_privilege(oid, 'INSERT'), "
            "has_table_privilege(oid, 'DELETE') FROM pg_class "
            "WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') ORDER BY relname"
        )
        rows = cursor.fetchall()
    guarded = append_only.declared()
    return [
        table
        for table, reads, inserts, deletes in rows
        if table != "django_migrations" and not (reads and inserts and deletes != (table in guarded))
    ]


def _migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        first = waiting[0][0]
        detail = f"{len(waiting)} migrations are not applied, the first is {first.app_label}.{first.name}."
        yield wrong("migrations", detail, "As the owner of the database: manage.py migrate")
    else:
        yield ok("migrations", "All are applied.")

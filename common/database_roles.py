"""The two roles of a PostgreSQL database: the owner, who migrates, and the role that serves the shop.

The owner of a table can drop the triggers that guard it. So the role of web and worker processes owns nothing: it
inserts into and reads append-only tables, and reads and writes all others.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from common import append_only

# Django's own table: only migrations write there.
_OWNERS_ALONE = ("django_migrations",)


def grants(connection: BaseDatabaseWrapper, role: str) -> list[str]:
    """Return the statements that give the role what it needs and revoke the rest, in the same order on every run."""
    quote = connection.ops.quote_name
    to, schema, database = quote(role), quote(_schema(connection)), quote(connection.settings_dict["NAME"])
    statements = [
        f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {to}",
        f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC",
        f"REVOKE ALL ON SCHEMA {schema} FROM {to}",
        f"GRANT USAGE ON SCHEMA {schema} TO {to}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {to}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {to}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {to}",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} TO {to}",
    ]
    for table in _OWNERS_ALONE:
        statements.append(f"REVOKE INSERT, UPDATE, DELETE ON {schema}.{quote(table)} FROM {to}")
    for table, erasable in append_only.declared().items():
        statements.append(f"REVOKE UPDATE, DELETE ON {schema}.{quote(table)} FROM {to}")
        if erasable:
            columns = ", ".join(quote(column) for column in erasable)
            statements.append(f"GRANT UPDATE ({columns}) ON {schema}.{quote(table)} TO {to}")
    return statements


def objections(connection: BaseDatabaseWrapper, role: str) -> str:
    """Return why the role must not be the application's, or ""."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolcreaterole OR rolbypassrls, pg_has_role(rolname, current_user, 'MEMBER'), "
            "EXISTS (SELECT 1 FROM pg_class "
            "WHERE relowner = role.oid AND relnamespace = current_schema()::regnamespace) "
            "OR EXISTS (SELECT 1 FROM pg_namespace "
            "WHERE nspname = current_schema() AND pg_has_role(rolname, nspowner, 'MEMBER')) "
            "OR EXISTS (SELECT 1 FROM pg_database "
            "WHERE datname = current_database() AND pg_has_role(rolname, datdba, 'MEMBER')) "
            "FROM pg_roles AS role WHERE rolname = %s",
            [role],
        )
        found = cursor.fetchone()
    if found is None:
        return "is not there: CREATE ROLE it first, with LOGIN and a password."
    is_powerful, is_owner, owns = found
    if is_powerful:
        return "is a superuser, or makes roles: it could change everything."
    if is_owner or owns:
        return "owns tables, their schema or the database, or is the owner: it could drop triggers."
    return ""


def _schema(connection: BaseDatabaseWrapper) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        return str(cursor.fetchone()[0])

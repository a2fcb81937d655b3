"""The role that serves the shop on PostgreSQL: everything works, and nothing append-only changes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction
from django.db.models import F
from django.test import Client

from accounts.models import AuditEntry, AuditLink, Refusal
from accounts.services import audit, record_audit, refused_attempts
from common import append_only, clock
from common.periods import Month
from conversion.models import ConversionJob
from royalties.models import JournalEntry
from royalties.services import invariants, ledger_chain
from tests.factories.accounts import make_reader
from tests.factories.publishing import make_edition
from tests.royalties import closing
from tests.royalties.factories import NOON, edition, recorded_sale, split, user

pytestmark = pytest.mark.django_db

ROLE = "octavo-app"
PASSWORD = "a long enough passphrase"


@pytest.fixture
def role(db: None) -> Iterator[str]:
    """The statements are applied as the command does; roles go with the test's transaction."""
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has roles")
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE ROLE "{ROLE}" LOGIN')
    call_command("grant_application_role", ROLE, "--apply")
    yield ROLE


@pytest.fixture
def as_the_role(role: str) -> Iterator[None]:
    """The connection is the application's from here on; what owns nothing cannot become somebody else by SQL."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f'SET LOCAL SESSION AUTHORIZATION "{role}"')
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is checked at commit is checked as the role, too
        cursor.execute("SELECT session_user")
        assert cursor.fetchone()[0] == role


def refused(sql: str) -> bool:
    """Whether the database says no for want of a right, before any trigger."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except Error as error:
        return getattr(error.__cause__, "sqlstate", "") == "42501"
    return False


class TestTheShopWorks:
    def test_a_sale_its_chain_and_the_close_of_its_month(self, as_the_role: None) -> None:
        book = edition()
        split(book.work, (user("Ann"), 10000))
        recorded_sale(of=book)
        assert ledger_chain.chain_committed() > 0
        closed = closing.close(period=Month(2026, 11), at=clock.now().replace(month=12))
        assert closed.chain_position > 0
        assert JournalEntry.objects.exists()
        assert invariants.check_invariants() == []

    def test_a_conversion(self, as_the_role: None) -> None:
        made = make_edition().job
        assert made is not None
        ConversionJob.objects.filter(pk=made.pk).update(attempt=F("attempt") + 1)
        assert ConversionJob.objects.get(pk=made.pk).attempt == made.attempt + 1

    def test_a_log_in_and_one_that_is_refused(self, as_the_role: None) -> None:
        person = make_reader()
        person.set_password(PASSWORD)
        person.save()
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        client = Client()
        client.post("/accounts/login/", {"login": person.email, "password": "not the passphrase"})
        assert Refusal.objects.count() == 1
        response = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
        assert response.status_code == 302
        assert client.get("/account/").status_code == 200

    def test_the_audit_log_with_its_erasing(self, as_the_role: None) -> None:
        refused_attempts.note_login(verb="login.wrong_password", email="x@example.org", place="203.0.113.7")
        with clock.frozen(NOON.replace(year=2028)):
            refused_attempts.enter_counted(at=clock.now())
            assert audit.chain_committed() == 1
            assert audit.erase_old_facts(at=clock.now()) == 1


class TestNothingChanges:
    @pytest.mark.parametrize("table", sorted(append_only.declared()))
    def test_append_only_tables(self, as_the_role: None, table: str) -> None:
        with connection.cursor() as cursor:
            column = connection.introspection.get_table_description(cursor, table)[0].name
        for sql in (
            f"UPDATE {table} SET {column} = {column}",  # noqa: S608 - our own names
            f"DELETE FROM {table}",  # noqa: S608
            f"TRUNCATE {table} CASCADE",
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
            f"ALTER TABLE {table} ADD COLUMN more text",
            f"DROP TABLE {table} CASCADE",
        ):
            assert refused(sql), sql

    @pytest.mark.parametrize(
        "sql",
        [
            "DROP TRIGGER append_only_rows ON accounts_auditentry",
            "DROP TRIGGER ledger_keep_rows ON royalties_posting",
            "DROP FUNCTION royalties_refuse_change() CASCADE",
            "CREATE OR REPLACE FUNCTION royalties_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
            "SET LOCAL session_replication_role = replica",
            "UPDATE accounts_auditentry SET verb = 'x'",
            "UPDATE django_migrations SET name = 'x'",
            "CREATE TABLE more (id integer)",
        ],
    )
    def test_triggers_and_what_is_around_them(self, as_the_role: None, sql: str) -> None:
        assert refused(sql)

    def test_facts_are_erased_and_not_changed(self, as_the_role: None) -> None:
        entry = record_audit(actor=None, verb="work.moved", subject=make_reader(), facts={"number": 1})
        with pytest.raises(Error), transaction.atomic():
            AuditEntry.objects.filter(pk=entry.pk).update(facts={"number": 2})
        assert not AuditLink.objects.exists()


class TestTheCommand:
    def test_prints_what_it_would_do(self, db: None, capsys: pytest.CaptureFixture[str]) -> None:
        if connection.vendor != "postgresql":
            pytest.skip("only PostgreSQL has roles")
        call_command("grant_application_role", ROLE)
        out = capsys.readouterr().out
        assert 'GRANT USAGE ON SCHEMA "public" TO "octavo-app";' in out
        assert 'REVOKE UPDATE, DELETE ON "public"."royalties_posting" FROM "octavo-app";' in out
        assert 'GRANT UPDATE ("facts", "salt") ON "public"."accounts_auditentry" TO "octavo-app";' in out

    def test_may_be_repeated(self, role: str) -> None:
        call_command("grant_application_role", role, "--apply")

    @pytest.mark.parametrize(
        ("made", "words"),
        [
            ("", "is not there"),
            (f'CREATE ROLE "{ROLE}" SUPERUSER', "is a superuser"),
            (f'CREATE ROLE "{ROLE}" CREATEROLE', "is a superuser, or makes roles"),
            (f'CREATE ROLE "{ROLE}"; ALTER TABLE royalties_seal OWNER TO "{ROLE}"', "owns tables"),
            (f'CREATE ROLE "{ROLE}"; GRANT (owner) TO "{ROLE}"', "is the owner"),
            (f'CREATE ROLE "{ROLE}"; ALTER SCHEMA public OWNER TO "{ROLE}"', "their schema or the database"),
        ],
    )
    def test_refuses_a_role_that_could_do_more(self, db: None, made: str, words: str) -> None:
        if connection.vendor != "postgresql":
            pytest.skip("only PostgreSQL has roles")
        with connection.cursor() as cursor:
            for statement in filter(None, made.split("; ")):
                cursor.execute(statement.replace("(owner)", f'"{connection.settings_dict["USER"]}"'))
        with pytest.raises(CommandError, match=words):
            call_command("grant_application_role", ROLE, "--apply")

    @pytest.mark.both
    def test_sqlite_has_none(self, db: None) -> None:
        if connection.vendor == "postgresql":
            pytest.skip("about SQLite")
        with pytest.raises(CommandError, match="Only PostgreSQL"):
            call_command("grant_application_role", ROLE)

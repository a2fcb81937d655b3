"""The audit log only ever grows, and whatever got past its triggers shows in its chain."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from accounts import audit_registry, triggers
from accounts.models import AuditEntry, AuditLink, Deletion, User
from accounts.selectors import audit_chain
from accounts.services import audit, deletions, record_audit
from common import clock, hash_chain
from common.periods import Month
from royalties import verify_statement
from royalties.services import invariants, ledger_checks
from royalties.services import ledger_chain as chainer
from tests.conftest import NOON
from tests.factories.accounts import make_operator, make_reader
from tests.royalties import closing
from tests.royalties.database import run_together
from tests.royalties.factories import recorded_sale

pytestmark = [pytest.mark.both, pytest.mark.django_db]
_HALF_A_YEAR = timedelta(days=180)


@pytest.fixture
def log(db: None) -> list[AuditEntry]:
    """Five entries, chained."""
    operator, reader = make_operator(), make_reader()
    entries = [
        record_audit(actor=operator, verb="user.became_author", subject=reader, facts={"number": number})
        for number in range(5)
    ]
    audit.chain_committed()
    return entries


@pytest.fixture
def _ending(monkeypatch: pytest.MonkeyPatch) -> None:
    """A verb whose facts are kept for half a year."""
    verb = audit_registry.Verb("test.ends", "Ends", audit_registry.Area.SECURITY, _HALF_A_YEAR)
    monkeypatch.setitem(audit_registry._verbs, "test.ends", verb)


def ending(person: User | None = None) -> AuditEntry:
    subject = person or make_reader()
    return record_audit(actor=person, verb="test.ends", subject=subject, facts={"place": "203.0.113.7"})


@contextmanager
def without_triggers() -> Iterator[None]:
    """What somebody who owns the database can do."""
    triggers.drop(connection)
    yield
    triggers.install(connection)


def tamper(sql: str, *values: object) -> None:
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def broken() -> list[tuple[str, str]]:
    return audit_chain.broken(at=clock.now())


class TestTriggers:
    @pytest.mark.parametrize("table", [AuditEntry, AuditLink])
    def test_no_row_goes(self, log, table) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            table.objects.all()._raw_delete(table.objects.db)
        assert table.objects.count() == 5

    @pytest.mark.parametrize(
        "change",
        [
            {"verb": "nothing.happened"},
            {"actor": None},
            {"subject_id": "usr_x"},
            {"at": NOON - timedelta(days=1)},
            {"facts": {"number": 9}},
            {"facts": {}},
            {"salt": ""},
            {"facts": {}, "salt": "", "verb": "nothing.happened"},
        ],
    )
    def test_no_entry_changes(self, log, change) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            AuditEntry.objects.filter(pk=log[2].pk).update(**change)

    def test_no_link_changes(self, log) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            AuditLink.objects.filter(entry=log[2]).update(facts_hash="0" * 64)

    def test_facts_can_be_erased_with_their_salt(self, log) -> None:
        assert AuditEntry.objects.filter(pk=log[2].pk).update(facts={}, salt="") == 1

    def test_no_table_is_emptied(self, log) -> None:
        if connection.vendor != "postgresql":
            pytest.skip("SQLite has no TRUNCATE")
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("TRUNCATE accounts_auditentry CASCADE")


class TestChain:
    def test_holds(self, log) -> None:
        assert AuditLink.objects.count() == 5
        assert broken() == []
        assert audit.chain_committed() == 0

    def test_goes_on_where_it_ended(self, log) -> None:
        record_audit(actor=None, verb="user.became_author", subject=log[0].actor)
        assert audit.chain_committed() == 1
        links = list(AuditLink.objects.order_by("position"))
        assert links[-1].previous_hash == links[-2].hash
        assert broken() == []

    def test_is_made_of_the_same_bytes_as_the_ledgers(self) -> None:
        value = {"b": ["ü", 1], "a": None}
        assert hash_chain.canonical(value) == verify_statement.canonical(value)
        assert hash_chain.GENESIS == verify_statement.GENESIS

    @pytest.mark.parametrize(
        "column",
        [
            "verb = 'nothing.happened'",
            "actor_id = NULL",
            "about_id = actor_id",
            "subject_kind = 'x'",
            "subject_id = 'x'",
            "facts = '{\"number\": 7}'",
            "facts = '{}'",
            "salt = 'x'",
            "salt = '', facts = '{}'",
            "at = '2020-01-01 00:00:00+00:00'",
        ],
    )
    def test_a_changed_entry_is_found(self, log, column) -> None:
        tamper(f"UPDATE accounts_auditentry SET {column} WHERE id = %s", log[2].pk)  # noqa: S608 - from above
        assert broken()[0][0] == f"audit entry {log[2].pk}"

    @pytest.mark.parametrize("column", ["facts_hash", "previous_hash", "hash"])
    def test_a_changed_link_is_found(self, log, column) -> None:
        tamper(f"UPDATE accounts_auditlink SET {column} = 'x' WHERE entry_id = %s", log[2].pk)  # noqa: S608
        assert broken()[0][0] in {f"audit entry {log[2].pk}", f"audit entry {log[3].pk}"}

    def test_a_deleted_entry_is_found(self, log) -> None:
        tamper("DELETE FROM accounts_auditlink WHERE entry_id = %s", log[2].pk)
        tamper("DELETE FROM accounts_auditentry WHERE id = %s", log[2].pk)
        assert broken() == [
            (f"audit entry {log[3].pk}", f"is not linked to the one before it (position {log[3].link.position})")
        ]

    def test_one_put_in_between_is_found(self, log) -> None:
        place = log[2].link.position
        record_audit(actor=None, verb="user.became_author", subject=log[0].actor)
        audit.chain_committed()
        newest = AuditLink.objects.order_by("-position").first()
        tamper("DELETE FROM accounts_auditlink WHERE position = %s", newest.position)
        tamper("UPDATE accounts_auditlink SET position = position + 1000 WHERE position >= %s", place)
        with without_triggers():
            AuditLink.objects.create(
                position=place,
                entry_id=newest.entry_id,
                facts_hash=newest.facts_hash,
                previous_hash=newest.previous_hash,
                hash=newest.hash,
            )
        assert broken()[0] == (
            f"audit entry {newest.entry_id}",
            f"is not linked to the one before it (position {place})",
        )

    def test_one_with_an_old_number_is_found(self, log, monkeypatch) -> None:
        monkeypatch.setattr(audit_chain, "LATE_BY", 2)
        tamper("DELETE FROM accounts_auditlink WHERE entry_id = %s", log[0].pk)
        with without_triggers():
            rest = AuditLink.objects.order_by("position").first()
            AuditLink.objects.filter(pk=rest.pk).update(previous_hash=hash_chain.GENESIS)
        assert audit.chain_committed() == 0
        assert (f"audit entry {log[0].pk}", "was put in between older ones") in list(audit_chain._put_in(0))

    @pytest.mark.race
    def test_two_chainers_at_once_make_one_chain(self, racing_db) -> None:
        reader = make_reader()
        for _ in range(20):
            record_audit(actor=reader, verb="user.became_author", subject=reader)
        assert sum(run_together(*[audit.chain_committed] * 4)) == 20
        assert broken() == []

    @pytest.mark.race
    def test_who_writes_waits_for_no_chainer(self, racing_db) -> None:
        reader = make_reader()

        def write() -> int:
            return record_audit(actor=reader, verb="user.became_author", subject=reader).pk

        with transaction.atomic():
            hash_chain.wait_for_turn(audit._ADVISORY_LOCK)
            (written,) = run_together(write)
            assert isinstance(written, int)


class TestErasing:
    def test_old_facts_go_and_the_chain_holds(self, _ending) -> None:
        old = ending()
        audit.chain_committed()
        with clock.frozen(NOON + timedelta(days=10)):
            young = ending()
            audit.chain_committed()
        with clock.frozen(NOON + _HALF_A_YEAR):
            assert audit.erase_old_facts(at=clock.now()) == 1
            assert audit.erase_old_facts(at=clock.now()) == 0
            assert broken() == []
        old.refresh_from_db()
        young.refresh_from_db()
        assert (old.facts, old.salt) == ({}, "")
        assert young.facts == {"place": "203.0.113.7"}

    def test_facts_erased_too_early_are_missed(self, _ending) -> None:
        entry = ending()
        audit.chain_committed()
        AuditEntry.objects.filter(pk=entry.pk).update(facts={}, salt="")
        assert broken()[0][1].startswith("lost facts that are to be kept")

    def test_who_is_erased_leaves_none(self, _ending) -> None:
        person = make_reader()
        ending(person)
        kept = record_audit(actor=person, verb="user.became_author", subject=person, facts={"number": 1})
        audit.chain_committed()
        Deletion.objects.create(user=person, asked_at=NOON, due_at=NOON)
        assert deletions.erase(user_id=person.pk, at=NOON)
        assert list(AuditEntry.objects.filter(verb="test.ends").values_list("facts", flat=True)) == [{}]
        kept.refresh_from_db()
        assert kept.facts == {"number": 1}
        assert broken() == []

    def test_nor_does_what_was_not_chained_yet(self, _ending) -> None:
        person = make_reader()
        ending(person)
        Deletion.objects.create(user=person, asked_at=NOON, due_at=NOON)
        assert deletions.erase(user_id=person.pk, at=NOON)
        assert AuditEntry.objects.filter(verb="test.ends").exclude(facts={}).exists(), "the chain commits to them first"
        audit.chain_committed()
        assert audit.erase_old_facts(at=NOON) == 1
        assert not AuditEntry.objects.filter(verb="test.ends").exclude(facts={}).exists()
        assert broken() == []


class TestVerifyLedger:
    def test_names_the_entry_and_exits_with_1(self, log, capsys) -> None:
        tamper("UPDATE accounts_auditentry SET verb = 'x.y' WHERE id = %s", log[1].pk)
        with pytest.raises(SystemExit):
            call_command("verify_ledger")
        out = capsys.readouterr().out
        assert "BROKEN audit The audit log is unchanged" in out
        assert f"audit entry {log[1].pk} was changed after it was chained" in out

    def test_prints_where_the_log_ends(self, log, capsys) -> None:
        call_command("verify_ledger")
        last = AuditLink.objects.order_by("-position").first()
        assert f"The audit log ends at position {last.position} with {last.hash}." in capsys.readouterr().out

    def test_what_was_cut_off_since_the_last_check_is_found(self, log) -> None:
        assert ledger_checks.check_whole(at=NOON) == []
        tamper("DELETE FROM accounts_auditlink WHERE entry_id >= %s", log[3].pk)
        tamper("DELETE FROM accounts_auditentry WHERE id >= %s", log[3].pk)
        assert broken() == []  # the chain alone cannot tell
        found = invariants.check_invariants()
        assert [violation.rule for violation in found] == ["audit"]
        assert "at the last check" in found[0].detail

    def test_what_was_cut_off_since_a_month_was_closed_is_found(self, log) -> None:
        with clock.frozen(NOON + timedelta(days=10)):
            closed = closing.close(period=Month(2026, 11), at=clock.now())
        assert closed.audit_position > log[4].link.position
        tamper("DELETE FROM accounts_auditlink WHERE position >= %s", closed.audit_position)
        tamper("DELETE FROM royalties_ledgercheck")
        found = invariants.check_invariants()
        assert "when 2026-11 was closed" in found[0].detail

    def test_a_part_is_checked_from_the_last_end(self, log, monkeypatch) -> None:
        recorded_sale()
        chainer.chain_committed()
        assert ledger_checks.check_whole(at=NOON) == []
        seen = []
        monkeypatch.setattr(audit_chain, "broken", lambda *, at, since=0: seen.append(since) or [])
        ledger_checks.check_since_last(at=NOON)
        assert seen == [log[4].link.position]

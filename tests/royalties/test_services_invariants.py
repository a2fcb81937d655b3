"""Every rule finds its own violation: the triggers are dropped and a row is changed behind the services' back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from common.money import Money
from common.periods import Month
from payments.gateway import BalanceChange
from royalties import chart, entries, triggers
from royalties.models import ChainLink, EntryKind, JournalEntry, LedgerAccount, Posting
from royalties.services import clearing, invariants, ledger, ledger_chain, reconciliation, returns
from tests.royalties import closing
from tests.royalties.database import run_together
from tests.royalties.factories import NOON, WINDOW, edition, recorded_sale, split, user

pytestmark = [pytest.mark.both, pytest.mark.django_db]
DECEMBER = datetime(2026, 12, 2, tzinfo=UTC)


def make_books() -> None:
    """A closed month with a refund, cleared earnings of two contributors, and tax."""
    book = edition()
    split(book.work, (user("Ann"), 6000), (user("Ben"), 4000))
    for _ in range(3):
        recorded_sale(of=book, tax=33)
    made = recorded_sale(of=book)
    returns.record_refund(reference=made.reference, external_id="rfd", at=NOON)
    clearing.clear_due(at=NOON + WINDOW)
    closing.close(period=Month(2026, 11), at=DECEMBER)


@pytest.fixture
def books(db):
    make_books()


def tamper(sql: str, *values: object) -> None:
    """What somebody with the database's password could do."""
    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
    triggers.install(connection)


def broken() -> set[str]:
    return {violation.rule for violation in invariants.check_invariants()}


class TestEmptyBooks:
    def test_are_in_order(self):
        assert invariants.check_invariants() == []


class TestCheckInvariants:
    @pytest.fixture(scope="class")
    @classmethod
    def books(cls, standing_in_class):
        standing_in_class(make_books)

    def test_books_in_order(self, books):
        assert invariants.check_invariants() == []

    @pytest.mark.parametrize(
        ("sql", "rules"),
        [
            (
                "UPDATE royalties_posting SET amount_minor = amount_minor + 1 "
                "WHERE id = (SELECT min(id) FROM royalties_posting)",
                {"I1", "I2", "chain"},
            ),
            ("UPDATE royalties_seal SET postings = 9", {"I1"}),
            (
                "UPDATE royalties_posting SET account_id = 999999 WHERE id = (SELECT max(id) FROM royalties_posting)",
                {"I1", "chain"},
            ),
            ("UPDATE royalties_accountbalance SET balance_minor = balance_minor - 1 WHERE balance_minor < 0", {"I3"}),
            ("UPDATE royalties_salerecord SET paid_minor = paid_minor + 1, tax_minor = tax_minor + 1", {"I7"}),
            ("UPDATE royalties_saleshare SET amount_minor = amount_minor + 1", {"I7", "I11"}),
            ("UPDATE royalties_salerefund SET paid_minor = paid_minor + 1, tax_minor = tax_minor + 1", {"I6"}),
            ("UPDATE royalties_salerecord SET returned_minor = 1 WHERE returned_minor = 0", {"I6"}),
            ("UPDATE royalties_salerefundshare SET amount_minor = amount_minor + 1", {"I6"}),
            ("UPDATE royalties_saleshare SET returned_minor = 1 WHERE returned_minor = 0", {"I6"}),
            ("UPDATE royalties_salerecord SET clears_at = '2027-01-01 00:00:00'", {"I10"}),
            ("UPDATE royalties_salerecord SET state = 'clearing' WHERE state = 'cleared'", {"I10"}),
            ("UPDATE royalties_statementline SET royalty_minor = royalty_minor + 1", {"I11"}),
            ("DELETE FROM royalties_statementline", {"I11"}),
            (
                "UPDATE royalties_statement SET opening_minor = opening_minor + 5, closing_minor = closing_minor + 5, "
                "closing_payable_minor = closing_payable_minor + 5",
                {"I11", "I13"},
            ),
            (
                "UPDATE royalties_statementmovement SET amount_minor = amount_minor + 1 WHERE kind = 'royalties'",
                {"I11", "I13"},
            ),
            ("UPDATE royalties_statementmovement SET entries = entries + 1", {"I11"}),
            ("DELETE FROM royalties_statementmovement", {"I11", "I13"}),
            ("UPDATE royalties_statement SET sha256 = 'x'", {"I11"}),
            ("UPDATE royalties_closedperiod SET trial_balance_hash = 'x'", {"I12"}),
            ("UPDATE royalties_closedperiod SET chain_hash = 'x'", {"I12"}),
            ("UPDATE royalties_journalentry SET reference = 'moved' WHERE kind = 'refund'", {"chain"}),
            (
                "UPDATE royalties_chainlink SET hash = 'x' "
                "WHERE position = (SELECT max(position) FROM royalties_chainlink)",
                {"chain"},
            ),
        ],
    )
    def test_finds_what_was_changed(self, books, sql, rules):
        tamper(sql)
        assert rules <= broken()

    def test_finds_postings_without_an_entry(self, books):
        """Two that cancel each other out, so that no sum shows them."""
        tamper(
            "INSERT INTO royalties_posting (entry_id, account_id, currency, amount_minor) "
            "SELECT 999999 + amount, id, currency, amount FROM royalties_ledgeraccount "
            "CROSS JOIN (SELECT 1 AS amount UNION SELECT -1) amounts WHERE kind = 'platform_fee'"
        )
        lost = Posting.objects.order_by("-pk")[:2]
        found = {(v.row, v.detail) for v in invariants.check_invariants()}
        assert {(f"posting {posting.pk}", "has no entry or no account") for posting in lost} <= found

    def test_finds_lines_without_a_statement(self, books):
        tamper("UPDATE royalties_statementline SET statement_id = statement_id + 999999 WHERE position = 1")
        assert ("I11", "has no statement") in {(v.rule, v.detail) for v in invariants.check_invariants()}

    def test_finds_an_account_on_the_wrong_side(self, books):
        tamper(
            "UPDATE royalties_posting SET amount_minor = -amount_minor WHERE account_id IN "
            "(SELECT id FROM royalties_ledgeraccount WHERE kind = 'tax')"
        )
        assert {"I1", "I3", "I4"} <= broken()

    def test_finds_money_in_transit_that_nobody_asked_for(self, books):
        owner = LedgerAccount.objects.filter(kind="contributor_payable").first().owner
        ledger.post_one(
            entries.transfer_asked(
                payout="pyo_x", owner=owner.public_id, currency="USD", occurred_at=DECEMBER, amount=1
            )
        )
        assert broken() == {"I8"}

    def test_finds_a_transfer_of_more_than_was_earned(self, books):
        """By an entry that balances and overdraws nothing: money that another account of theirs never got."""
        owner = LedgerAccount.objects.filter(kind="contributor_payable").first().owner.public_id
        fed = entries.base.build_draft(
            EntryKind.FUND_FED,
            "fund_fed:x",
            [
                entries.Line(chart.PLATFORM_FEE, 5000),
                entries.Line(chart.of_contributor(chart.AccountKind.CONTRIBUTOR_IN_TRANSIT, owner), -5000),
            ],
            reference="x",
            currency="USD",
            occurred_at=DECEMBER,
        )
        sent = entries.transfer_confirmed(payout="x", owner=owner, currency="USD", occurred_at=DECEMBER, amount=5000)
        ledger.post([fed, sent])
        assert broken() == {"I6"}

    def test_finds_more_clawed_back_than_was_transferred(self, books):
        owner = LedgerAccount.objects.filter(kind="contributor_payable").first().owner.public_id
        owed = entries.base.build_draft(
            EntryKind.PLAN_FEE,
            "plan_fee:x",
            [
                entries.Line(chart.of_contributor(chart.AccountKind.CONTRIBUTOR_RECEIVABLE, owner), 7),
                entries.Line(chart.PLAN_FEE, -7),
            ],
            reference=owner,
            currency="USD",
            occurred_at=DECEMBER,
        )
        back = entries.transfer_reversed(external_id="trr", owner=owner, currency="USD", occurred_at=DECEMBER, amount=7)
        ledger.post([owed, back])
        assert broken() == {"I6"}

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE royalties_reconciliationitem SET ledger_minor = ledger_minor + 1",
            "UPDATE royalties_providermovement SET net_minor = net_minor + 1",
            "DELETE FROM royalties_providermovement",
        ],
    )
    def test_finds_a_changed_reconciliation(self, books, monkeypatch, sql):
        class Provider:
            def balance_changes(self, **_):
                yield BalanceChange("txn_1", "refund", "refund", "rfd", Money(-499, "USD"), Money(0, "USD"), None, NOON)

        monkeypatch.setattr("payments.services.gateway", Provider)
        reconciliation.reconcile(at=DECEMBER)
        assert broken() == set()
        tamper(sql)
        assert broken() == {"I9"}

    def test_finds_a_fraction(self, books):
        if connection.vendor != "sqlite":
            pytest.skip("PostgreSQL's columns hold no fractions")
        tamper("UPDATE royalties_posting SET amount_minor = 0.5 WHERE id = (SELECT MIN(id) FROM royalties_posting)")
        assert "I14" in broken()


class TestChain:
    def test_every_entry_once(self, books):
        assert ChainLink.objects.count() == JournalEntry.objects.count()
        assert ledger_chain.chain_committed() == 0

    def test_in_batches(self, monkeypatch):
        monkeypatch.setattr(ledger_chain, "_BATCH", 2)
        book = edition()
        for _ in range(5):
            recorded_sale(of=book)
        assert ledger_chain.chain_committed() == 5
        assert invariants.check_invariants() == []

    def test_a_flipped_byte_names_the_entry(self, books):
        victim = Posting.objects.order_by("pk")[2]
        tamper("UPDATE royalties_posting SET amount_minor = amount_minor + 1 WHERE id = %s", victim.pk)
        found = [v for v in invariants.check_invariants() if v.rule == "chain"]
        assert [v.row for v in found] == [f"journal entry {victim.entry_id}"]

    def test_a_removed_link_is_found(self, books):
        victim = ChainLink.objects.order_by("position")[1].position
        tamper("DELETE FROM royalties_entryleaf WHERE link_id = %s", victim)
        tamper("DELETE FROM royalties_chainlink WHERE position = %s", victim)
        assert "chain" in broken()

    @pytest.mark.race
    def test_two_chainers_at_once_make_one_chain(self, racing_db):
        book = edition()
        for _ in range(10):
            recorded_sale(of=book)
        results = run_together(*[ledger_chain.chain_committed] * 4)
        assert sum(results) == 10
        assert invariants.check_invariants() == []


class TestVerifyLedger:
    def test_in_order(self, books, capsys):
        call_command("verify_ledger")
        out = capsys.readouterr().out
        assert "ok     I1" in out
        assert "The ledger is in order." in out

    def test_broken_exits_with_1_and_names_the_row(self, books, capsys):
        tamper("UPDATE royalties_closedperiod SET trial_balance_hash = 'x'")
        with pytest.raises(SystemExit) as stopped:
            call_command("verify_ledger")
        assert stopped.value.code == 1
        assert "BROKEN I12" in capsys.readouterr().out

    def test_as_json(self, books, capsys):
        tamper("UPDATE royalties_closedperiod SET trial_balance_hash = 'x'")
        with pytest.raises(SystemExit):
            call_command("verify_ledger", "--json")
        report = json.loads(capsys.readouterr().out)
        assert report["ok"] is False
        assert report["violations"][0]["row"] == "period 2026-11"
        assert [r["code"] for r in report["rules"] if not r["ok"]] == ["I12"]


def test_checked_while_sales_arrive(racing_db):
    book = edition()
    recorded_sale(of=book)
    arriving = [lambda: recorded_sale(of=book, sold_at=NOON + timedelta(hours=1)) for _ in range(4)]
    results = run_together(*arriving, invariants.check_invariants, invariants.check_invariants)
    assert results[-2:] == [[], []]

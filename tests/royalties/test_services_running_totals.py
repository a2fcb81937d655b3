"""What the chainer counts is what the postings say, whenever and in whatever pieces it was counted."""

from __future__ import annotations

from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db.models import Sum

from common.periods import Month
from royalties.models import (
    ChainLink,
    ChainMark,
    ClosedPeriod,
    ClosedTally,
    JournalEntry,
    MonthTally,
    Posting,
    Statement,
)
from royalties.selectors import trial_balance
from royalties.selectors.statements import entries_of_movement
from royalties.services import invariants, ledger_chain, running_totals, statements
from tests.royalties import closing, varied
from tests.royalties.database import run_together
from tests.royalties.factories import edition, recorded_sale
from tests.royalties.gateways import FakeGateway
from tests.royalties.test_services_invariants import tamper
from tests.support.standing import Standing

pytestmark = [pytest.mark.both, pytest.mark.django_db]


@pytest.fixture
def books(gateway) -> None:
    varied.two_months()


class OfTwoMonths:
    """Tests that change the same books of two months."""

    @pytest.fixture(scope="class")
    @classmethod
    def books(cls, standing_in_class: Standing) -> None:
        with patch("payments.services.gateway", FakeGateway):
            standing_in_class(varied.two_months)


def counted() -> list[tuple[object, ...]]:
    rows = MonthTally.objects.values_list("period", "account", "entry_kind", "amount_minor", "debit_minor", "entries")
    return sorted(rows)


def closed_together() -> list[tuple[object, ...]]:
    rows = ClosedTally.objects.values_list("account", "entry_kind", "amount_minor", "debit_minor", "entries")
    return sorted(rows)


class TestAdd:
    def test_counts_every_chained_posting_once(self, books):
        assert running_totals.differing() == []
        total = MonthTally.objects.aggregate(moved=Sum("debit_minor"))["moved"]
        chained = Posting.objects.filter(entry__link__isnull=False, amount_minor__gt=0)
        assert total == chained.aggregate(moved=Sum("amount_minor"))["moved"]

    def test_leaves_what_is_not_chained(self):
        recorded_sale()
        ledger_chain.chain_committed()
        before = counted()
        recorded_sale(of=edition())
        assert counted() == before
        ledger_chain.chain_committed()
        assert counted() != before

    def test_in_batches_gives_the_same(self, monkeypatch):
        book = edition()
        for paid in (499, 599, 699, 799, 899):
            recorded_sale(of=book, paid=paid)
        monkeypatch.setattr(ledger_chain, "_BATCH", 2)
        ledger_chain.chain_committed()
        in_batches = counted()
        forget()
        ledger_chain.rebuild_tallies()
        assert counted() == in_batches

    def test_counts_an_entry_once_for_each_owner(self, books):
        """Whatever it touches of theirs: a movement says how many entries made it."""
        for statement in Statement.objects.all():
            for movement in statement.movements.all():
                assert movement.entries == entries_of_movement(statement, movement.kind).count()


class TestRebuild(OfTwoMonths):
    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE royalties_monthtally SET amount_minor = amount_minor + 1 WHERE entry_kind = 'sale'",
            "DELETE FROM royalties_monthtally WHERE entry_kind = 'refund'",
            "UPDATE royalties_closedtally SET debit_minor = debit_minor + 1 WHERE entry_kind = 'sale'",
            "DELETE FROM royalties_closedtally",
        ],
    )
    def test_gives_what_was_there(self, books, sql, capsys):
        months, closed, mark = counted(), closed_together(), ChainMark.objects.values().get()
        tamper(sql)
        with pytest.raises(SystemExit):
            call_command("verify_ledger")
        call_command("verify_ledger", "--rebuild-tallies")
        assert (counted(), closed_together(), ChainMark.objects.values().get()) == (months, closed, mark)

    def test_counts_all_that_is_chained_when_everything_was_lost(self, books):
        months, closed, position = counted(), closed_together(), ChainMark.objects.get().tallied_position
        forget()
        ledger_chain.rebuild_tallies()
        assert (counted(), closed_together()) == (months, closed)
        assert ChainMark.objects.get().tallied_position == position
        assert invariants.check_invariants() == []


class TestDiffering(OfTwoMonths):
    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE royalties_monthtally SET amount_minor = amount_minor + 1 WHERE entry_kind = 'sale'",
            "UPDATE royalties_monthtally SET entries = entries + 1 WHERE entry_kind = 'sale'",
            "DELETE FROM royalties_monthtally WHERE entry_kind = 'refund'",
            "UPDATE royalties_closedtally SET debit_minor = debit_minor + 1 WHERE entry_kind = 'sale'",
            "DELETE FROM royalties_closedtally WHERE entry_kind = 'clearing'",
        ],
    )
    def test_names_what_was_changed(self, books, sql):
        tamper(sql)
        assert "I3" in {found.rule for found in invariants.check_invariants()}


class TestSettle:
    def test_the_chainer_looks_no_further_back_than_the_last_close_unless_asked(self):
        recorded_sale()
        ledger_chain.chain_committed()
        recorded_sale(of=edition())
        late = JournalEntry.objects.latest("pk")
        ChainMark.objects.update(settled_entry=late.pk)
        assert ledger_chain.chain_committed() == 0
        assert ledger_chain.chain_committed(whole=True) == 1
        assert ChainLink.objects.filter(entry=late).exists()

    def test_a_close_settles_everything(self):
        recorded_sale()
        closing.close(period=Month(2026, 11), at=datetime(2026, 12, 2, tzinfo=UTC))
        assert ChainMark.objects.get().settled_entry == JournalEntry.objects.latest("pk").pk


class TestRebuildBeforeAClose:
    def test_leaves_a_month_that_closes_next_in_order(self, books):
        tamper("DELETE FROM royalties_closedtally")
        ledger_chain.rebuild_tallies()
        month = Month.parse(ClosedPeriod.objects.latest("period").period).next
        closing.close(period=month, at=month.end)
        assert invariants.check_invariants() == []


class TestTrialBalance:
    def test_of_closed_months_is_that_of_their_postings(self, books):
        for closed in ClosedPeriod.objects.all():
            assert closed.trial_balance_hash == trial_balance.trial_balance_hash(before=Month.parse(closed.period).end)
            assert closed.trial_balance_hash == trial_balance.hashes_of_closed()[closed.period]
        assert trial_balance.closed_hash() == ClosedPeriod.objects.first().trial_balance_hash


class TestStatements:
    def test_made_from_tallies_are_what_the_entries_give(self, books):
        assert Statement.objects.count() > 3
        for closed in ClosedPeriod.objects.order_by("period"):
            assert list(statements.violations(closed)) == []


def forget() -> None:
    """Lose every tally, and how far they went."""
    for model in (MonthTally, ClosedTally, ChainMark):
        model.objects.all().delete()


class TestRace:
    @pytest.mark.race
    def test_a_rebuild_beside_the_chainer_counts_each_link_once(self, racing_db):
        book = edition()
        for _ in range(8):
            recorded_sale(of=book)
        run_together(*[ledger_chain.chain_committed, ledger_chain.rebuild_tallies] * 2)
        ledger_chain.chain_committed()
        assert running_totals.differing() == []
        assert ChainLink.objects.count() == JournalEntry.objects.count()

"""Faults P3 to P10 of the outboxes of payouts and reversals, each test named for its fault; P1 and P2 are `kills`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from payments.gateway import GatewayUnknown
from royalties.models import JournalEntry, Payout, Reversal, SaleRecord
from royalties.services import invariants, payouts, returns, reversals
from tests.royalties.database import run_together
from tests.royalties.faults.conftest import AT, balance


@pytest.fixture
def reversal(paid, gateway):
    """One that was decided and not sent."""

    def make() -> Reversal:
        payout = paid()
        returns.record_refund(reference=SaleRecord.objects.get().reference, external_id="r", at=AT)
        (made,) = reversals.claw_back(owner=payout.user, currency="USD", cause="r", at=AT + timedelta(days=31))
        return made

    return make


def grow_old(model) -> None:
    model.objects.update(first_call_at=datetime.now(UTC) - timedelta(hours=24))


@pytest.mark.both
@pytest.mark.django_db
class TestPayouts:
    @pytest.mark.parametrize("fault", ["lost", GatewayUnknown("500")])
    def test_p08_key_older_than_a_day(self, approved, gateway, fault):
        """It is looked for, never asked for again: the key may be forgotten, and would pay twice."""
        payout = approved()
        gateway.faults = [fault]
        payouts.send_payout(payout_id=payout.pk)
        grow_old(Payout)
        after = payouts.send_payout(payout_id=payout.pk)
        assert (after.state, gateway.calls) == ("paid" if fault == "lost" else "failed", 1)
        assert balance("contributor_payable") == (0 if fault == "lost" else 415)
        assert invariants.check_invariants() == []

    def test_p09_task_delivered_twice(self, approved, gateway):
        payout = approved()
        states = [payouts.send_payout(payout_id=payout.pk).state for _ in range(2)]
        assert (states, gateway.calls) == (["paid", "paid"], 1)

    @pytest.mark.race
    def test_p10_two_workers_one_payout(self, racing_db, approved, gateway):
        payout = approved()
        results = run_together(*[lambda: payouts.send_payout(payout_id=payout.pk)] * 2)
        assert not [r for r in results if isinstance(r, Exception)]
        assert (len(gateway.transfers), JournalEntry.objects.filter(kind="transfer_confirmed").count()) == (1, 1)


@pytest.mark.both
@pytest.mark.django_db
class TestReversals:
    @pytest.mark.parametrize("times", [1, 3])
    def test_p03_p04_lost_answers_are_asked_for_with_the_same_key(self, reversal, gateway, times):
        made = reversal()
        gateway.faults = ["lost"] * times
        for _ in range(times):
            assert reversals.send_reversal(reversal_id=made.pk).state == "sent"
        assert reversals.send_reversal(reversal_id=made.pk).state == "done"
        assert (len(gateway.reversals), balance("contributor_receivable")) == (1, 0)

    @pytest.mark.parametrize("fault", ["lost", GatewayUnknown("500")])
    def test_p08_key_older_than_a_day(self, reversal, gateway, fault):
        made = reversal()
        gateway.faults = [fault]
        reversals.send_reversal(reversal_id=made.pk)
        grow_old(Reversal)
        after = reversals.send_reversal(reversal_id=made.pk)
        assert (after.state, gateway.reversal_calls) == ("done" if fault == "lost" else "refused", 1)
        assert balance("contributor_receivable") == (0 if fault == "lost" else 415)

    def test_p09_task_delivered_twice(self, reversal, gateway):
        made = reversal()
        states = [reversals.send_reversal(reversal_id=made.pk).state for _ in range(2)]
        assert (states, gateway.reversal_calls) == (["done", "done"], 1)

    def test_the_sweeper_finds_what_was_never_asked_for(self, reversal, django_capture_on_commit_callbacks):
        reversal()
        with django_capture_on_commit_callbacks(execute=True):
            assert reversals.retry_stuck() == 1
        assert Reversal.objects.get().state == "done"

    @pytest.mark.race
    def test_p10_two_workers_one_reversal(self, racing_db, reversal, gateway):
        made = reversal()
        results = run_together(*[lambda: reversals.send_reversal(reversal_id=made.pk)] * 4)
        assert not [r for r in results if isinstance(r, Exception)]
        assert (len(gateway.reversals), JournalEntry.objects.filter(kind="transfer_reversed").count()) == (1, 1)

    @pytest.mark.race
    def test_two_decisions_take_a_debt_once(self, racing_db, paid, gateway):
        payout = paid()
        returns.record_refund(reference=SaleRecord.objects.get().reference, external_id="r", at=AT)
        later = AT + timedelta(days=31)
        results = run_together(
            *[
                lambda n=n: reversals.claw_back(owner=payout.user, currency="USD", cause=f"c{n}", at=later)
                for n in range(4)
            ]
        )
        assert sum(len(made) for made in results) == 1

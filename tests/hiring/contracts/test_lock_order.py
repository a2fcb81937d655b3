"""A bank's notice or an arriving refund beside a step of the contract: all lock in one order, so none is a deadlock.

Both sides stop once they hold their first row, and go on when the other waits for it or is done.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection

from common import clock, jobs
from hiring.contracts import services
from hiring.contracts.models import Milestone
from hiring.contracts.process import State
from hiring.contracts.services import steps
from hiring.funding import services as funding
from hiring.funding.models import MilestonePayment, MilestoneRefund
from hiring.funding.services import disputes, payments, refunds
from payments.services import gateway
from payments.stripe.sandbox import disputes as bank
from royalties.services import invariants
from royalties.services.milestones import settling
from tests.factories.buying import pay_session
from tests.hiring.contracts.factories import make_contract
from tests.hiring.contracts.test_payments import pay
from tests.royalties.database import run_together

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("racing_db")]


@dataclass
class Meeting:
    """Two threads that meet with a lock each."""

    here: set[str] = field(default_factory=set)
    over: threading.Event = field(default_factory=threading.Event)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def hold(self, name: str) -> None:
        """Wait until both hold a lock, or somebody waits for one, or the other is done."""
        with self.changed:
            self.here.add(name)
        while len(self.here) < 2 and not self.over.is_set() and not somebody_waits():
            self.over.wait(0.01)

    def run(self, *calls: Callable[[], object]) -> list[Any]:
        def until_over(call: Callable[[], object]) -> object:
            try:
                return call()
            finally:
                self.over.set()

        return run_together(*(lambda call=call: until_over(call) for call in calls))


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees who waited when it first asked
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = %s", [_name()]
        )
        return bool(cursor.fetchone()[0])


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def stop_after(monkeypatch: pytest.MonkeyPatch, module: object, name: str, meeting: Meeting, label: str) -> None:
    """Let whoever leaves the function wait at the meeting."""
    before = getattr(module, name)

    def and_wait(*given: Any, **named: Any) -> Any:
        found = before(*given, **named)
        meeting.hold(label)
        return found

    monkeypatch.setattr(module, name, and_wait)


def funded() -> Milestone:
    return pay(make_contract(at=clock.now()).milestones.get())


def test_the_banks_notice_beside_a_give_back(monkeypatch: pytest.MonkeyPatch) -> None:
    milestone, meeting = funded(), Meeting()
    payment = MilestonePayment.objects.get()
    opened = bank.open_dispute(gateway().fetch_payment(payment_id=payment.provider_payment_id).charge_id)
    stop_after(monkeypatch, disputes, "_row", meeting, "bank")
    stop_after(monkeypatch, steps, "lock_contract", meeting, "side")
    results = meeting.run(
        lambda: funding.sync_dispute(dispute_id=opened["id"]),
        lambda: services.give_back(actor=milestone.contract.provider, milestone=milestone, at=clock.now()),
    )
    refused = [each for each in results if isinstance(each, Exception)]
    assert [type(each).__name__ for each in refused] in ([], ["NotInThisState"]), refused
    milestone.refresh_from_db()
    assert milestone.state in {State.FROZEN, State.RETURNED}
    assert invariants.check_invariants() == []


def test_an_arriving_payment_beside_a_call_off(monkeypatch: pytest.MonkeyPatch) -> None:
    milestone, meeting = make_contract(at=clock.now()).milestones.get(), Meeting()
    contract = milestone.contract
    url = funding.start_payment(
        actor=contract.client,
        reference=milestone.public_id,
        payer=contract.client,
        title="Part 1",
        amount=milestone.amount,
        return_url="https://shop.example/",
        at=clock.now(),
    )
    session = url.rstrip("/").rpartition("/")[2]
    pay_session(session)
    stop_after(monkeypatch, payments, "happened_at", meeting, "bank")
    stop_after(monkeypatch, steps, "lock_contract", meeting, "side")
    results = meeting.run(
        lambda: funding.settle_session(session_id=session),
        lambda: services.call_off(actor=contract.client, milestone=milestone, at=clock.now()),
    )
    refused = [each for each in results if isinstance(each, Exception)]
    assert [type(each).__name__ for each in refused] in ([], ["NotInThisState"]), refused
    milestone.refresh_from_db()
    assert milestone.state in {State.FUNDED, State.RETURNED}
    assert invariants.check_invariants() == []


def test_an_answered_refund_beside_another_give_back(monkeypatch: pytest.MonkeyPatch) -> None:
    milestone, meeting = funded(), Meeting()
    provider = milestone.contract.provider
    with jobs.collect_messages():
        services.give_back(actor=provider, milestone=milestone, returned_minor=10_000, at=clock.now())
    refund = MilestoneRefund.objects.get()
    stop_after(monkeypatch, refunds, "happened_at", meeting, "refund")  # the payment and the refund are locked
    stop_after(monkeypatch, settling, "added_fee", meeting, "side")  # the ledger's milestone is locked
    results = meeting.run(
        lambda: funding.send_refund(refund_id=refund.pk),
        lambda: services.give_back(actor=provider, milestone=milestone, returned_minor=5_000, at=clock.now()),
    )
    assert [each for each in results if isinstance(each, Exception)] == []
    milestone.refresh_from_db()
    assert (milestone.state, milestone.returned_minor) == (State.FUNDED, 15_000)
    assert invariants.check_invariants() == []

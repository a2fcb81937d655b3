"""When payouts are proposed, what they cost, who bears it, and finance's hold on a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail

from common import clock
from common.errors import NotAllowed
from royalties import payout_costs
from royalties.errors import HoldEndsBeforeItBegins, HoldIsOver, NothingToPayOut, PayoutNotPossible
from royalties.models import HoldRule, JournalEntry, Payout, PayoutRun, SchedulePeriod
from royalties.services import invariants, payout_accounts, payouts, plans
from tests.royalties.database import run_together
from tests.royalties.factories import NOON, WINDOW, payable, payout_account, user
from tests.royalties.faults.conftest import balance

pytestmark = [pytest.mark.both, pytest.mark.django_db]
AT = NOON + WINDOW + timedelta(days=1)
PRICE = payout_costs.PayoutPrice(per_payout_minor=25, rate_bps=25, per_month_minor=200, free_from_minor=3000)


@pytest.fixture(autouse=True)
def _after_clearing():
    with clock.frozen(AT):
        yield


@pytest.fixture
def fiona(db):
    return user("Fiona", is_finance=True)


class TestCosts:
    # 10.00: 2.25 fixed; 7.73 + 0.02 rate = 7.75, by hand.
    @pytest.mark.parametrize(
        ("payable_minor", "is_first", "expected"),
        [
            (1000, True, (773, 227)),
            (1000, False, (973, 27)),
            (3000, True, (3000, 0)),
            (100, True, (0, 0)),
            (226, True, (1, 225)),
        ],
    )
    def test_by_hand(self, payable_minor, is_first, expected):
        parts = payout_costs.divide(payable_minor, PRICE, is_first_in_month=is_first, payee_bears=True)
        assert (parts.amount, parts.fee) == expected

    @pytest.mark.parametrize("payable_minor", range(226, 3000, 37))
    def test_nothing_is_lost(self, payable_minor):
        parts = payout_costs.divide(payable_minor, PRICE, is_first_in_month=True, payee_bears=True)
        assert 0 <= payable_minor - parts.amount - parts.fee <= 1
        assert parts.fee == payout_costs.cost_of(parts.amount, PRICE, is_first_in_month=True)

    def test_break_even(self):
        """At 8 %, 26.65 of royalties come with 2.32 of commission, and cost 2.25 + 0.07."""
        assert payout_costs.break_even_payout(PRICE, commission_bps=800) == 2665
        assert payout_costs.break_even_price(PRICE, commission_bps=800, sales=1) == 2897
        assert payout_costs.break_even_payout(PRICE, commission_bps=20) == 0


class TestWhoBears:
    def choose(self, person, minimum=1):
        payout_account(person)
        return payout_accounts.choose_schedule(
            actor=person, schedule="monthly", minimum_units=minimum, currency="", at=AT
        )

    def pay(self, fiona, gateway):
        run = payouts.propose_run(actor=fiona, currency="USD", at=AT)
        payouts.approve_run(actor=user(is_finance=True), run=run, at=AT)
        return payouts.send_payout(payout_id=run.payouts.get().pk)

    def test_the_payee_who_was_told(self, fiona, gateway):
        person = payable()
        self.choose(person)
        payout = self.pay(fiona, gateway)
        assert (payout.amount_minor, payout.fee_minor, payout.cost_minor) == (190, 225, 225)
        assert (balance("contributor_payable"), payout.fee_entry.kind) == (0, "payout_fee")
        assert invariants.check_invariants() == []

    def test_we_for_who_was_not_told(self, fiona, gateway):
        payout_account(payable())
        payout = self.pay(fiona, gateway)
        assert (payout.amount_minor, payout.fee_minor, payout.cost_minor) == (415, 0, 226)

    def test_we_by_plan(self, fiona, gateway):
        person = payable()
        self.choose(person)
        plans.choose_plan(actor=person, code="studio", currency="USD", at=AT - timedelta(days=40))
        assert self.pay(fiona, gateway).fee_minor == 0

    def test_the_monthly_part_once_a_month(self, fiona, gateway):
        person = payable()
        self.choose(person)
        self.pay(fiona, gateway)
        payable(person)
        assert self.pay(fiona, gateway).cost_minor == 26

    def test_who_chose_the_free_minimum_is_told_nothing(self):
        person = user()
        assert self.choose(person, minimum=30).cost_told_at is None

    def test_what_is_less_than_its_cost_waits(self, fiona):
        self.choose(payable(paid=240))  # 1.83 payable
        with pytest.raises(NothingToPayOut):
            payouts.propose_run(actor=fiona, currency="USD", at=AT)


class TestProposeDue:
    def test_the_machine_proposes_and_one_person_approves(self, gateway):
        payout_account(payable())
        (run,) = payouts.propose_due(at=AT)
        assert (run.proposed_by, run.period.period) == (None, "2026-10")
        payouts.approve_run(actor=user(is_finance=True), run=run, at=AT)
        assert payouts.send_payout(payout_id=run.payouts.get().pk).state == "paid"

    def test_once_per_period(self):
        person = payable()
        payout_account(person)
        payouts.propose_due(at=AT)
        Payout.objects.update(state="canceled")
        assert payouts.propose_due(at=AT + timedelta(days=1)) == []
        assert len(payouts.propose_due(at=AT + timedelta(days=30))) == 1

    def test_a_period_without_anything_is_done_too(self):
        payouts.propose_due(at=AT)
        payout_account(payable())
        assert payouts.propose_due(at=AT + timedelta(hours=1)) == []
        assert SchedulePeriod.objects.filter(run=None).count() == 2 * len(settings.CURRENCIES)

    def test_weekly_only_for_who_chose_it(self):
        weekly = payable()
        payout_account(weekly, schedule="weekly")
        (run,) = payouts.propose_due(at=AT)
        assert (run.period.period, run.payouts.get().user) == ("2026-W46", weekly)

    def test_on_demand_is_left_out(self, fiona):
        payout_account(payable(), schedule="on_demand")
        assert payouts.propose_due(at=AT) == []
        with pytest.raises(NothingToPayOut):
            payouts.propose_run(actor=fiona, currency="USD", at=AT)

    @pytest.mark.race
    def test_f15_two_beats_at_once(self, racing_db):
        payout_account(payable())
        results = run_together(*[lambda: payouts.propose_due(at=AT)] * 4)
        assert not [r for r in results if isinstance(r, Exception)]
        assert (PayoutRun.objects.count(), Payout.objects.count()) == (1, 1)


class TestRequestPayout:
    def test_somebody_of_finance_approves(self, gateway):
        person = payable()
        payout_account(person, schedule="on_demand")
        run = payouts.request_payout(actor=person, currency="USD", at=AT)
        with pytest.raises(NotAllowed):
            payouts.approve_run(actor=person, run=run, at=AT)
        payouts.approve_run(actor=user(is_finance=True), run=run, at=AT)
        assert payouts.send_payout(payout_id=run.payouts.get().pk).state == "paid"

    def test_a_payee_of_finance_does_not_approve_their_own(self):
        person = payable(user("Finn", is_finance=True))
        payout_account(person)
        run = payouts.request_payout(actor=person, currency="USD", at=AT)
        with pytest.raises(NotAllowed):
            payouts.approve_run(actor=person, run=run, at=AT)

    def test_pays_nobody_else(self):
        person, other = payable(), payable()
        payout_account(person)
        payout_account(other)
        assert payouts.request_payout(actor=person, currency="USD", at=AT).payouts.get().user == person

    @pytest.mark.parametrize("account", [None, {"is_ready": False}, {"minimum_units": 5}, {"trouble": "closed"}])
    def test_says_why_not(self, account):
        person = payable()
        if account is not None:
            payout_account(person, **account)
        with pytest.raises(PayoutNotPossible):
            payouts.request_payout(actor=person, currency="USD", at=AT)

    def test_twice(self):
        person = payable()
        payout_account(person)
        payouts.request_payout(actor=person, currency="USD", at=AT)
        with pytest.raises(PayoutNotPossible):
            payouts.request_payout(actor=person, currency="USD", at=AT)


class TestPersonHold:
    def hold(self, fiona, person, days: int | None = None):
        ends_at = AT + timedelta(days=days) if days else None
        return payouts.impose_hold(
            actor=fiona, person=person, rule=HoldRule.IDENTITY, reason="Looks odd", ends_at=ends_at, at=AT
        )

    def test_nothing_is_proposed(self, fiona, django_capture_on_commit_callbacks):
        person = payable()
        payout_account(person)
        with django_capture_on_commit_callbacks(execute=True):
            self.hold(fiona, person)
        with pytest.raises(NothingToPayOut):
            payouts.propose_run(actor=fiona, currency="USD", at=AT)
        with pytest.raises(PayoutNotPossible):
            payouts.request_payout(actor=person, currency="USD", at=AT)
        assert "Looks odd" in mail.outbox[0].body

    @pytest.mark.parametrize("is_lifted", [True, False])
    def test_an_approved_payout_waits_and_goes_on(self, fiona, gateway, is_lifted, django_capture_on_commit_callbacks):
        person = payable()
        payout_account(person)
        run = payouts.propose_run(actor=fiona, currency="USD", at=AT)
        payouts.approve_run(actor=user(is_finance=True), run=run, at=AT)
        held = self.hold(fiona, person, days=3)
        assert payouts.send_payout(payout_id=run.payouts.get().pk).state == "held"
        assert (payouts.retry_stuck(), gateway.calls) == (0, 0)
        if is_lifted:
            payouts.lift_hold(actor=fiona, hold=held, at=AT)
        later = AT if is_lifted else AT + timedelta(days=3)
        with clock.frozen(later), django_capture_on_commit_callbacks(execute=True):
            payouts.retry_stuck()
        assert run.payouts.get().state == "paid"

    def test_refusals(self, fiona):
        person = user()
        with pytest.raises(NotAllowed):
            self.hold(user(is_operator=True), person)
        with pytest.raises(NotAllowed):
            self.hold(fiona, fiona)
        with pytest.raises(HoldEndsBeforeItBegins):
            self.hold(fiona, person, days=-1)
        held = payouts.lift_hold(actor=fiona, hold=self.hold(fiona, person), at=AT)
        with pytest.raises(HoldIsOver):
            payouts.lift_hold(actor=fiona, hold=held, at=AT)


def test_no_entry_without_a_payout(db):
    payouts.propose_due(at=AT)
    assert not JournalEntry.objects.exists()

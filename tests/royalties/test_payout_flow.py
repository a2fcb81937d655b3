"""The flow from sale to payout: each stage is a balance of the ledger, with its date and what it waits for."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Sum
from django.urls import reverse

from common import clock
from common.money import Money
from royalties import flow_chart
from royalties.models import HoldRule, Payout, Posting
from royalties.selectors import payout_flow
from royalties.services import clearing, disputes, payouts, reserves, returns
from royalties.services.disputes import DisputeFacts
from royalties.services.payouts.holds import impose_hold
from tests.royalties.books import balance
from tests.royalties.factories import NOON, WINDOW, edition, payout_account, recorded_sale, user

pytestmark = pytest.mark.django_db
CLEARED = NOON + WINDOW
LATER = NOON + timedelta(days=20)
_ACCOUNTS = {
    "clearing": "contributor_clearing",
    "disputed": "contributor_disputed",
    "payable": "contributor_payable",
    "reserve": "contributor_reserve",
    "in-transit": "contributor_in_transit",
    "owed": "contributor_receivable",
}


@pytest.fixture(autouse=True)
def _demonstration(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    with clock.frozen(LATER):
        yield


@pytest.fixture
def ann():
    return user("Ann", is_author=True)


@pytest.fixture
def fiona():
    return user("Fiona", is_finance=True)


@pytest.fixture
def everywhere(ann, fiona, gateway):
    """Ann has money in every stage, and was paid once."""
    book = edition(ann)
    payout_account(ann)
    for _ in range(2):
        recorded_sale(of=book)
    clearing.clear_due(at=CLEARED)
    run = payouts.propose_run(actor=fiona, currency="USD", at=LATER)
    payouts.approve_run(actor=user("Felix", is_finance=True), run=run, at=LATER)
    payouts.send_payout(payout_id=Payout.objects.get().pk)
    reserves.impose(
        actor=fiona, user=ann, rate_bps=1000, days=30, reason="Many returns.", until=LATER + timedelta(90), at=NOON
    )
    for _ in range(2):
        recorded_sale(of=book)
    clearing.clear_due(at=CLEARED)
    disputed = recorded_sale(of=book)
    facts = DisputeFacts("dp_1", disputed.order_reference, disputed.breakdown.paid, Money(1500, "USD"), NOON)
    disputes.open_dispute(facts=facts)
    recorded_sale(of=book, sold_at=LATER)
    partly = recorded_sale(of=book, sold_at=LATER)
    returns.record_refund(reference=partly.reference, external_id="rf_1", at=LATER, amount=Money(200, "USD"))
    return ann


def only_flow(person):
    (found,) = payout_flow.payout_flows_of(person, LATER)
    return found


class TestTiesToTheLedger:
    def test_every_stage_is_a_balance(self, everywhere):
        found = only_flow(everywhere)
        for name, account in _ACCOUNTS.items():
            assert found.amounts.get(name, 0) == balance(account, everywhere), name
        assert {name for name, amount in found.amounts.items() if amount} == {
            "clearing", "disputed", "payable", "reserve", "paid"
        }  # fmt: skip

    def test_paid_is_what_left_transit_for_good(self, everywhere):
        entries = Payout.objects.values("outcome_entry")
        left = Posting.objects.filter(entry__in=entries, account__kind="contributor_in_transit")
        assert only_flow(everywhere).amounts["paid"] == left.aggregate(total=Sum("amount_minor"))["total"] == 830

    def test_what_a_stage_is_made_of_adds_up(self, everywhere):
        for name in _ACCOUNTS:
            moved = payout_flow.movements(everywhere, payout_flow.postings_of(everywhere, name, "USD"))
            assert sum(m.amount_minor for m in moved) == payout_flow.balance_of(everywhere, name, "USD"), name

    def test_a_fixed_number_of_queries(self, everywhere, django_assert_max_num_queries):
        with django_assert_max_num_queries(12):
            payout_flow.payout_flows_of(everywhere, LATER)


class TestWaiting:
    def waiting(self, person):
        return only_flow(person).waiting

    def sold(self, person):
        recorded_sale(of=edition(person))
        clearing.clear_due(at=CLEARED)
        return person

    def test_for_an_account(self, ann):
        assert self.waiting(self.sold(ann)).why == "account"

    def test_for_the_minimum(self, ann):
        payout_account(ann, minimum_units=30)
        assert self.waiting(self.sold(ann)).why == "minimum"

    def test_for_the_schedule(self, ann):
        payout_account(ann)
        waits = self.waiting(self.sold(ann))
        assert (waits.why, waits.at) == ("schedule", datetime(2026, 12, 1, 12, tzinfo=UTC))

    def test_for_an_account_that_changed(self, ann):
        payout_account(ann, usable_from=LATER + timedelta(days=1))
        waits = self.waiting(self.sold(ann))
        assert (waits.why, waits.at) == ("changed", LATER + timedelta(days=1))

    def test_for_approval_then_for_the_bank(self, ann, fiona):
        payout_account(ann)
        self.sold(ann)
        run = payouts.propose_run(actor=fiona, currency="USD", at=LATER)
        assert self.waiting(ann).why == "proposed"
        payouts.approve_run(actor=user("Felix", is_finance=True), run=run, at=LATER)
        assert self.waiting(ann).why == "approved"

    def test_for_finance_with_reason_and_end(self, ann, fiona):
        payout_account(ann)
        until = LATER + timedelta(days=3)
        impose_hold(
            actor=fiona,
            person=self.sold(ann),
            rule=HoldRule.IDENTITY,
            reason="A name differs.",
            ends_at=until,
            at=LATER,
        )
        waits = self.waiting(ann)
        assert (waits.why, waits.at, waits.reason) == ("held", until, "A name differs.")

    def test_a_hold_comes_before_a_payout_that_it_will_stop(self, ann, fiona):
        payout_account(ann)
        self.sold(ann)
        payouts.propose_run(actor=fiona, currency="USD", at=LATER)
        impose_hold(actor=fiona, person=ann, rule=HoldRule.IDENTITY, reason="A name differs.", ends_at=None, at=LATER)
        assert self.waiting(ann).why == "held"


class TestPages:
    def test_says_state_date_and_reason(self, client, everywhere, fiona):
        impose_hold(
            actor=fiona, person=everywhere, rule=HoldRule.IDENTITY, reason="A name differs.", ends_at=None, at=LATER
        )
        client.force_login(everywhere)
        text = re.sub(r"\s+", " ", client.get(reverse("earnings")).content.decode())
        for words in (
            "clears 7 December 2026",
            "until the bank decides",
            "in reserve until 17 December 2026",
            "last on 23 November 2026",
            "on hold: A name differs.",
            "Many returns.",
        ):
            assert words in text
        assert "style=" not in text

    def test_a_debt_is_told(self, client, ann, gateway, fiona):
        payout_account(ann)
        sale = recorded_sale(of=edition(ann))
        clearing.clear_due(at=CLEARED)
        run = payouts.propose_run(actor=fiona, currency="USD", at=LATER)
        payouts.approve_run(actor=user("Felix", is_finance=True), run=run, at=LATER)
        payouts.send_payout(payout_id=Payout.objects.get().pk)
        returns.record_refund(reference=sale.reference, external_id="rf_1", at=LATER)
        client.force_login(ann)
        assert "You owe $4.15" in client.get(reverse("earnings")).content.decode()

    @pytest.mark.parametrize("name", [*_ACCOUNTS, "paid"])
    def test_every_figure_opens_what_it_is_made_of(self, client, everywhere, name):
        client.force_login(everywhere)
        text = client.get(reverse("earnings-stage", args=[name]), {"currency": "USD"}).content.decode()
        assert Money(payout_flow.balance_of(everywhere, name, "USD"), "USD").format() in text

    def test_movements_lead_to_their_sales(self, client, ann):
        sale = recorded_sale(of=edition(ann, title="The Lighthouse"))
        client.force_login(ann)
        text = client.get(reverse("earnings-stage", args=["clearing"]), {"currency": "USD"}).content.decode()
        assert reverse("earnings-sale", args=[sale.reference]) in text
        assert "The Lighthouse" in text

    def test_movements_take_two_queries(self, everywhere, django_assert_num_queries):
        with django_assert_num_queries(2):
            assert len(payout_flow.movements(everywhere, payout_flow.postings_of(everywhere, "payable", "USD"))) > 4

    def test_nothing_of_others(self, client, everywhere):
        client.force_login(user("Otto", is_author=True))
        text = client.get(reverse("earnings-stage", args=["payable"]), {"currency": "USD"}).content.decode()
        assert "/earnings/entries/" not in text
        assert "$0.00" in text

    @pytest.mark.parametrize(("name", "currency"), [("nowhere", "USD"), ("payable", ""), ("payable", "XXX")])
    def test_there_is_no_other_stage(self, client, ann, name, currency):
        client.force_login(ann)
        assert client.get(reverse("earnings-stage", args=[name]), {"currency": currency}).status_code == 404


class TestDrawing:
    def height(self, pool: flow_chart.Pool) -> int:
        return 32 - min(int(y) for y in re.findall(r"\d+ (\d+)", pool.lying))

    def test_pools_are_to_scale(self):
        half, whole, nothing, _sea = flow_chart.pools([500, 1000, 0, 9])
        assert self.height(whole) == 2 * self.height(half) == 28
        assert self.height(nothing) < self.height(half)

    def test_nothing_paid_is_no_sea(self):
        assert self.height(flow_chart.pools([5, 0])[-1]) < 28

    def test_pools_join(self):
        first, second, _ = flow_chart.pools([400, 900, 0])
        assert "100 29" in first.lying
        assert second.lying.startswith("M100 29 ")

    def test_stands_as_it_lies(self):
        (pool, _) = flow_chart.pools([5, 5])
        swapped = re.sub(r"(\d+) (\d+)", r"\2 \1", pool.standing)
        assert swapped == pool.lying

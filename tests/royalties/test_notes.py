"""The words that pages show for a state, by what it depends on."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from common.money import Money
from common.periods import Month
from royalties import flow_chart
from royalties.models import (
    AccountTrouble,
    Payout,
    PayoutAccount,
    PayoutAccountState,
    PayoutRail,
    PayoutState,
    ReconciliationRun,
    ReserveRule,
    ReserveRuleState,
)
from royalties.selectors.clearing_accounts import ClearingAccount, ClearingState, Passing
from royalties.selectors.closing import Evidence, OpenItem
from royalties.selectors.payout_flow import Dates, Stage, Waiting
from royalties.selectors.plans import CheapestRange, PlanOffer
from royalties.selectors.reconciliation import Standing
from royalties.templatetags.royalties import clearing_chip, item_chip, payout_account_chip
from royalties.views.checklist import checks_ahead, checks_of_month
from tests.royalties.factories import NOON

LATER = NOON + timedelta(days=1)
DAY = f"{NOON.day} {NOON:%B %Y}"


def _states(checks) -> list[tuple[str, str]]:
    return [(str(check.state.word), check.state.kind) for check in checks]


def _remarks(checks) -> list[str]:
    return [remark.text for check in checks for remark in check.remarks]


class TestWaiting:
    @pytest.mark.parametrize(
        ("waiting", "note", "is_for_owner"),
        [
            (Waiting("approved", NOON, rail="stripe"), f"payout approved {DAY}, expected in a day or two", False),
            (
                Waiting("approved", NOON, rail="bank"),
                f"payout approved {DAY}, expected once your bank has it",
                False,
            ),
            (Waiting("proposed", NOON), f"payout proposed {DAY}, waiting for approval", False),
            (Waiting("held", NOON, "A 5 % doubt."), f"on hold until {DAY}: A 5 % doubt.", False),
            (Waiting("held", reason="A 5 % doubt."), "on hold: A 5 % doubt.", False),
            (Waiting("changed", NOON), f"on hold until {DAY} because your account changed", False),
            (Waiting("account"), "waiting for your payout account", True),
            (Waiting("trouble", reason="100 % closed"), "100 % closed", True),
            (Waiting("minimum"), "waiting to reach your minimum payout", True),
            (Waiting("asked"), "paid on request", True),
            (Waiting("schedule", NOON), f"next payout planned for {DAY}", False),
        ],
    )
    def test_is_told(self, waiting, note, is_for_owner):
        assert (waiting.note, waiting.is_for_owner) == (note, is_for_owner)


def _stage(name, amount=100, first=None, last=None, waiting=None) -> Stage:
    (pool,) = flow_chart.pools([amount])
    return Stage(name, amount, Dates(first, last), pool, waiting)


class TestStage:
    @pytest.mark.parametrize(
        ("stage", "note"),
        [
            (_stage("paid"), "nothing yet"),
            (_stage("paid", last=NOON), f"last on {DAY}"),
            (_stage("clearing", 0, NOON, NOON), "nothing here"),
            (_stage("clearing"), ""),
            (_stage("clearing", 100, NOON, NOON + timedelta(hours=1)), f"clears {DAY}"),
            (_stage("clearing", 100, NOON, LATER), f"clears between {DAY} and {LATER.day} {LATER:%B %Y}"),
            (_stage("disputed", 100, NOON, LATER), f"since {DAY}, until the bank decides"),
            (_stage("reserve", 100, LATER, NOON), f"in reserve until {DAY}"),
            (_stage("in-transit", 100, LATER, NOON), f"sent {DAY}, not confirmed yet"),
            (_stage("payable", 100, waiting=Waiting("asked")), "paid on request"),
            (_stage("payable", 0, waiting=Waiting("asked")), "nothing here"),
        ],
    )
    def test_is_told(self, stage, note):
        assert stage.note == note

    def test_leads_to_the_account_only_with_money(self):
        assert _stage("payable", 100, waiting=Waiting("asked")).is_for_owner
        assert not _stage("payable", 0, waiting=Waiting("asked")).is_for_owner
        assert not _stage("clearing").is_for_owner

    def test_is_drawn_empty_or_hatched(self):
        assert (_stage("paid", 0).color, _stage("paid").color) == ("empty", "paid")
        assert [name for name in ("clearing", "disputed", "reserve") if _stage(name).is_kept] == ["disputed", "reserve"]


class TestStates:
    def test_of_a_payout_account(self):
        account = PayoutAccount(is_ready=True, usable_from=LATER)
        assert account.state(NOON) == PayoutAccountState.ON_HOLD
        assert account.state(LATER) == PayoutAccountState.READY
        account.is_ready = False
        assert account.state(LATER) == PayoutAccountState.NOT_FINISHED
        account.trouble = AccountTrouble.CLOSED
        assert account.state(LATER) == PayoutAccountState.TROUBLE

    def test_of_a_reserve_rule(self):
        rule = ReserveRule(ends_at=LATER)
        assert rule.state(NOON) == ReserveRuleState.IN_FORCE
        assert rule.state(LATER) == ReserveRuleState.ENDED
        rule.lifted_at = NOON
        assert rule.state(NOON) == ReserveRuleState.LIFTED

    def test_of_a_clearing_account(self):
        def account(booked, since):
            return ClearingAccount("tax", "USD", booked, Passing(5, 1, since), timedelta(hours=1), LATER)

        assert account(5, None).state == ClearingState.IN_ORDER
        assert account(5, NOON).state == ClearingState.OVERDUE
        assert account(6, NOON).state == ClearingState.UNEXPLAINED
        assert [account(5, None).is_raised, account(5, NOON).is_raised, account(6, None).is_raised] == [0, 1, 1]

    def test_chips_of_one_word_keep_their_kinds(self):
        assert clearing_chip("overdue") == {"word": "Late", "kind": "caution"}
        assert item_chip("late") == {"word": "Matched late", "kind": ""}
        assert payout_account_chip("on_hold")["kind"] == "progress"

    def test_of_a_payout_whose_bank_refused_it(self):
        account = PayoutAccount(trouble=AccountTrouble.BANK_REFUSED)
        payout = Payout(account=account, rail=PayoutRail.STRIPE, state=PayoutState.PAID)
        assert payout.is_with_refusing_bank
        payout.state = PayoutState.SENT
        assert not payout.is_with_refusing_bank

    def test_a_payout_leads_to_its_newest_entry(self):
        assert Payout().entry_id is None
        assert Payout(asked_entry_id=1).entry_id == 1
        assert Payout(asked_entry_id=1, outcome_entry_id=2).entry_id == 2


@pytest.mark.parametrize(
    ("range_", "note"),
    [
        (None, "The other plans cost less at any level of sales."),
        (CheapestRange(Money(100, "USD"), None), "Cheapest with sales of $1.00 a month or more."),
        (
            CheapestRange(Money(100, "USD"), Money(200, "USD")),
            "Cheapest with sales of $1.00 a month or more, up to $2.00.",
        ),
        (CheapestRange(Money(0, "USD"), Money(200, "USD")), "Cheapest with sales of less than $2.00 a month."),
    ],
)
def test_where_a_plan_costs_least(range_, note):
    offer = PlanOffer(SimpleNamespace(), 1000, Money(0, "USD"), range_, is_current=False, is_next=False, costs=[])
    assert offer.cheapest_note == note


class TestChecks:
    raised = (ClearingAccount("tax", "USD", 6, Passing(5, 1, None), timedelta(), NOON),)

    def test_all_done_before_any_month(self):
        checks = checks_ahead(0, Standing(ReconciliationRun(at=NOON), 0, 0, 0, 0), [])
        assert set(_states(checks)) == {("done", "success")}
        assert _remarks(checks) == [f"0 open items, compared {DAY}"]

    def test_nothing_done_before_any_month(self):
        checks = checks_ahead(2, Standing(None, 3, 2, 1, 1), self.raised)
        assert _states(checks) == [
            ("violated", "danger"), ("to do", "caution"), ("check", "caution"), ("pending", "caution")
        ]  # fmt: skip
        assert _remarks(checks) == ["2 violations, above", "Not compared yet.", "Tax USD", "1 proposal"]

    def test_items_that_block_lead_to_the_list(self):
        checks = checks_ahead(0, Standing(ReconciliationRun(at=NOON), 3, 2, 1, 0), [])
        assert _states(checks)[1] == ("blocks", "danger")
        assert [remark.href for remark in checks[1].remarks] == [
            "", "/finance/reconciliation/?state=holding", "/finance/reconciliation/?state=set_aside"
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("has_provider", "at", "state", "remark"),
        [
            (False, None, "done", "No money has moved through the provider yet, so there is nothing to compare."),
            (True, None, "to do", "Never compared."),
            (True, NOON, "done", f"Last compared {DAY}, {NOON:%H:%M} UTC."),
        ],
    )
    def test_of_a_month_compared(self, has_provider, at, state, remark):
        run = ReconciliationRun(at=at) if at else None
        evidence = Evidence(Month.of(NOON).previous, run, has_provider, [], 0, 0)
        checks = checks_of_month(evidence, 0, Standing(run, 0, 0, 0, 0), [])
        assert (str(checks[0].state.word), checks[0].remarks[0].text) == (state, remark)

    @pytest.mark.parametrize(
        ("aside", "state", "remark"),
        [
            ([], "done", "0 open items"),
            ([True], "check", "1 open item"),
            ([True, False], "blocks", "2 open items, 1 of them blocks closing"),
        ],
    )
    def test_of_a_month_items(self, aside, state, remark):
        items = [OpenItem(SimpleNamespace(), 1, is_set_aside) for is_set_aside in aside]
        evidence = Evidence(Month.of(NOON).previous, None, False, items, 0, 0)
        checks = checks_of_month(evidence, 1, Standing(None, 0, 0, 0, 0), self.raised)
        assert (str(checks[1].state.word), checks[1].remarks[0].text) == (state, remark)
        assert checks[2].href == "/finance/"

"""Faults T1 to T11 of paying out; each test is named for its fault."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import transaction

from common import clock
from common.errors import NotAllowed
from common.periods import Month
from payments import registry
from payments.gateway import GatewayRefused
from payments.rails.beneficiaries import beneficiary
from payments.registry import NotYetKnown, ProviderNotice
from royalties import payout_schedule
from royalties.errors import NothingToBringBack, NothingToPayOut
from royalties.models import PayableConversion, Payout, PayoutAccount, PayoutSchedule, PayoutState, Reversal, SaleRecord
from royalties.services import (
    bank_details,
    clearing,
    exchange_rates,
    invariants,
    payout_accounts,
    payouts,
    returns,
    reversals,
)
from tests.royalties.factories import payable, payout_account, user
from tests.royalties.faults.conftest import AT, balance

pytestmark = [pytest.mark.both, pytest.mark.django_db]
HOLD = timedelta(hours=72)


def propose(fiona, currency="USD", at=AT):
    return payouts.propose_run(actor=fiona, currency=currency, at=at)


def told(event_type: str, object_id: str = "ba_1", account_id: str = "") -> None:
    handlers = registry.handlers_for(event_type)
    assert handlers
    for handler in handlers:
        handler(ProviderNotice("evt", event_type, object_id, "", {}, account_id=account_id))


def bank_failed(account_id: str) -> None:
    told("payout.failed", "po_1", account_id)


def test_t01_insufficient_platform_balance(approved, fiona, felix, gateway, django_capture_on_commit_callbacks):
    """The money is payable again at once, a person is told, and the next run asks under a new key."""
    payout = approved()
    gateway.faults = [GatewayRefused("balance_insufficient")]
    with django_capture_on_commit_callbacks(execute=True):
        assert payouts.send_payout(payout_id=payout.pk).state == PayoutState.FAILED
    assert (balance("contributor_payable"), balance("contributor_in_transit")) == (415, 0)
    assert sorted(address for message in mail.outbox for address in message.to) == sorted([fiona.email, felix.email])
    assert "balance_insufficient" in mail.outbox[0].subject
    assert payout.user.email not in mail.outbox[0].body
    again = propose(fiona).payouts.get()
    assert again.key != payout.key


def test_t02_transfer_above_charge(paid, gateway):
    """What an order brought is the cap of what is paid for it; I6 finds what exceeds it."""
    payout = paid()
    assert invariants.check_invariants() == []
    with transaction.atomic():
        Reversal.objects.create(
            payout=payout, purpose="debt", cause="x", amount_minor=416, key="k", created_at=AT, state="done"
        )
        assert [v.rule for v in invariants.check_invariants()] == ["I6"]
        transaction.set_rollback(True)


def test_t02_no_payout_exceeds_what_is_payable(approved, gateway):
    payout = approved()
    Payout.objects.filter(pk=payout.pk).update(amount_minor=416)
    assert payouts.send_payout(payout_id=payout.pk).state == PayoutState.CANCELED
    assert gateway.calls == 0


def test_t03_capability_inactive(approved, fiona, gateway, django_capture_on_commit_callbacks):
    payout = approved()
    gateway.faults = [GatewayRefused("insufficient_capabilities_for_transfer")]
    with django_capture_on_commit_callbacks(execute=True):
        payouts.send_payout(payout_id=payout.pk)
    account = PayoutAccount.objects.get()
    assert (account.trouble, balance("contributor_payable")) == ("inactive", 415)
    assert [payout.user.email] in [message.to for message in mail.outbox]
    with pytest.raises(NothingToPayOut):
        propose(fiona)
    payout_accounts.refresh(account=account, at=AT)
    assert PayoutAccount.objects.get().trouble == ""


def test_t04_account_closed_with_payable(approved, fiona, gateway, django_capture_on_commit_callbacks):
    """What was earned stays payable, its owner is told and may be paid another way."""
    payout = approved()
    gateway.faults = [GatewayRefused("account_closed")]
    with django_capture_on_commit_callbacks(execute=True):
        payouts.send_payout(payout_id=payout.pk)
    assert (PayoutAccount.objects.get().trouble, balance("contributor_payable")) == ("closed", 415)
    assert any("is still due to you" in message.body for message in mail.outbox)
    to = beneficiary(holder="Ann", country="DE", iban_text="DE89370400440532013000")
    bank_details.use_bank(actor=payout.user, beneficiary=to, at=AT)
    with pytest.raises(NothingToPayOut):
        propose(fiona)
    with clock.frozen(AT + HOLD):
        assert propose(fiona, at=AT + HOLD).payouts.get().rail == "bank"


def test_t04_a_closing_at_the_provider_is_heard_of(fiona):
    account = payout_account(payable())
    told("v2.core.account.closed", account.provider_account_id)
    assert PayoutAccount.objects.get().trouble == "closed"
    with pytest.raises(NothingToPayOut):
        propose(fiona)


def test_t06_an_approved_run_does_not_pay_to_a_bank_changed_since(approved, gateway):
    payout = approved()
    gateway.masked_bank = "•••• 1111"
    told("account.external_account.updated", account_id=PayoutAccount.objects.get().provider_account_id)
    assert payouts.send_payout(payout_id=payout.pk).state == PayoutState.HELD
    assert gateway.calls == 0


def test_t04_a_closed_account_is_opened_anew_under_another_key(gateway):
    person = user()
    account = payout_account(person, trouble="closed")
    before = account.key
    payout_accounts.start_onboarding(
        actor=person, country="FR", return_url="https://a/", refresh_url="https://b/", at=AT
    )
    account = PayoutAccount.objects.get()
    assert (account.trouble, account.country, account.is_ready) == ("", "FR", False)
    assert gateway.opened == [account.key] != [before]


def test_t05_paid_then_failed(paid, fiona, gateway, django_capture_on_commit_callbacks):
    payout = paid()
    with django_capture_on_commit_callbacks(execute=True):
        bank_failed(payout.destination)
        bank_failed(payout.destination)
    account = PayoutAccount.objects.get()
    assert (account.trouble, account.is_usable(AT)) == ("bank_refused", False)
    assert [message.to for message in mail.outbox] == [[payout.user.email]]
    with django_capture_on_commit_callbacks(execute=True):
        payouts.bring_back(actor=fiona, payout=payout, at=AT)
    payout.refresh_from_db()
    assert (payout.state, balance("contributor_payable")) == (PayoutState.RETURNED, 415)
    assert invariants.check_invariants() == []
    with pytest.raises(NothingToBringBack):
        payouts.bring_back(actor=fiona, payout=payout, at=AT)


def test_t05_only_another_bank_ends_it(paid, gateway):
    payout = paid()
    bank_failed(payout.destination)
    assert payout_accounts.refresh(account=PayoutAccount.objects.get(), at=AT).trouble == "bank_refused"
    gateway.masked_bank = "•••• 1111"
    account = payout_accounts.refresh(account=PayoutAccount.objects.get(), at=AT)
    assert (account.trouble, account.usable_from) == ("", AT + HOLD)


def test_t05_nothing_is_brought_back_that_arrived(paid, fiona):
    with pytest.raises(NothingToBringBack):
        payouts.bring_back(actor=fiona, payout=paid(), at=AT)


def test_t05_only_finance_brings_back(paid):
    payout = paid()
    bank_failed(payout.destination)
    for person in (payout.user, user(is_operator=True)):
        with pytest.raises(NotAllowed):
            payouts.bring_back(actor=person, payout=payout, at=AT)


@pytest.mark.parametrize("status", ["paid", "in_transit", "canceled"])
def test_t05_the_truth_is_fetched(paid, gateway, status):
    gateway.payout_status = status
    bank_failed(paid().destination)
    assert PayoutAccount.objects.get().trouble == ""


def test_t05_unknown_account_is_parked(gateway, db):
    with pytest.raises(NotYetKnown):
        bank_failed("acct_unknown")
    bank_failed("")  # our own payout to our own bank


@pytest.mark.parametrize(("after", "is_sent"), [(HOLD - timedelta(seconds=1), False), (HOLD, True)])
def test_t06_bank_changed(fiona, gateway, after, is_sent):
    person = payable()
    account = payout_account(person)
    gateway.masked_bank = "•••• 1111"
    told("account.external_account.created", account_id=account.provider_account_id)
    with clock.frozen(AT + after):
        if is_sent:
            assert propose(fiona, at=AT + after).payouts.get().user == person
        else:
            with pytest.raises(NothingToPayOut):
                propose(fiona, at=AT + after)


class TestT09RateMoves:
    def rate(self, fiona, felix, value: str, at=AT):
        row = exchange_rates.propose_rate(
            actor=fiona, base="EUR", quote="USD", rate=Decimal(value), true_at=at, source="ECB", at=at
        )
        return exchange_rates.decide_rate(actor=felix, rate=row, is_approved=True, at=at)

    def test_t09_exchange_rate_moves(self, fiona, felix, gateway):
        """The payout keeps the rate of the proposal; the next one has the new rate."""
        person = payable(currency="EUR")
        euros = balance("contributor_payable", "EUR")
        payout_account(person, currency="USD")
        self.rate(fiona, felix, "1.10")
        run = propose(fiona)
        amount = run.payouts.get().amount_minor
        assert amount == (euros * 110 + 50) // 100
        self.rate(fiona, felix, "1.50")
        payouts.approve_run(actor=felix, run=run, at=AT)
        payout = payouts.send_payout(payout_id=run.payouts.get().pk)
        assert (payout.state, payout.amount_minor, payout.currency) == (PayoutState.PAID, amount, "USD")
        assert str(payout.conversions.get().rate) == "1 EUR = 1.1 USD"
        assert invariants.check_invariants() == []

    def test_an_old_rate_converts_nothing(self, fiona, felix):
        payout_account(payable(currency="EUR"), currency="USD")
        self.rate(fiona, felix, "1.10", at=AT - timedelta(days=8))
        with pytest.raises(NothingToPayOut):
            propose(fiona)
        assert not PayableConversion.objects.exists()

    def test_a_rate_needs_two_people(self, fiona):
        payout_account(payable(currency="EUR"), currency="USD")
        row = exchange_rates.propose_rate(
            actor=fiona, base="EUR", quote="USD", rate=Decimal("1.1"), true_at=AT, source="ECB", at=AT
        )
        with pytest.raises(NotAllowed):
            exchange_rates.decide_rate(actor=fiona, rate=row, is_approved=True, at=AT)
        with pytest.raises(NothingToPayOut):
            propose(fiona)


class TestT11Time:
    @pytest.mark.parametrize(
        "zone",
        ["Pacific/Kiritimati", "Europe/Berlin", "America/New_York", "America/Adak", "Etc/GMT+12", "Asia/Kolkata"],
    )
    @pytest.mark.parametrize("month", [Month(2026, n) for n in (2, 3, 10, 11, 12)])
    def test_t11_month_end_in_the_authors_zone(self, zone, month):
        """No author's month is still running when it is proposed, on whichever side of a change of clocks."""
        over_at = month.end + timedelta(hours=12)
        assert payout_schedule.last_period_over(PayoutSchedule.MONTHLY, over_at).name == str(month)
        there = over_at.astimezone(ZoneInfo(zone))
        assert (there.year, there.month) == (month.next.year, month.next.month)
        before = payout_schedule.last_period_over(PayoutSchedule.MONTHLY, over_at - timedelta(microseconds=1))
        assert before.name == str(month.previous)

    def test_t11_weeks_by_iso_across_the_year(self):
        at = datetime(2027, 1, 4, 12, tzinfo=UTC)  # a Monday
        assert payout_schedule.last_period_over(PayoutSchedule.WEEKLY, at).name == "2026-W53"
        assert payout_schedule.last_period_over(PayoutSchedule.WEEKLY, at - timedelta(seconds=1)).name == "2026-W52"

    def test_t11_clock_skew_proposes_once(self):
        """A second machine whose clock is behind, or ahead, within a period finds it proposed."""
        payout_account(payable())
        assert len(payouts.propose_due(at=AT)) == 1
        payable(Payout.objects.get().user, paid=999)
        for skew in (-90, 90, 3600):
            assert payouts.propose_due(at=AT + timedelta(seconds=skew)) == []


class TestClawBack:
    def debt(self, paid):
        payout = paid()
        returns.record_refund(reference=SaleRecord.objects.get().reference, external_id="r", at=AT)
        return payout

    def claw(self, payout, at):
        return reversals.claw_back(owner=payout.user, currency="USD", cause="rfd_1", at=at)

    def test_later_earnings_come_first(self, paid, gateway):
        assert self.claw(self.debt(paid), AT) == []

    @pytest.mark.parametrize(("days", "asked"), [(29, 0), (30, 1)])
    def test_waits_its_time(self, paid, gateway, days, asked):
        payout = self.debt(paid)
        payable(payout.user)  # who still sells
        SaleRecord.objects.update(sold_at=AT + timedelta(days=days - 1))
        assert len(self.claw(payout, AT + timedelta(days=days))) == asked

    def test_takes_it_from_the_transfer(self, paid, gateway, django_capture_on_commit_callbacks):
        payout = self.debt(paid)
        with django_capture_on_commit_callbacks(execute=True):
            (reversal,) = self.claw(payout, AT + timedelta(days=31))
        assert reversal.key == f"reversal:rfd_1:{payout.transfer_id}"
        assert balance("contributor_receivable") == 0
        assert invariants.check_invariants() == []
        assert self.claw(payout, AT + timedelta(days=31)) == []

    def test_r05_after_transfer_with_short_balance(self, paid, gateway, django_capture_on_commit_callbacks):
        payout = self.debt(paid)
        gateway.faults = [GatewayRefused("balance_insufficient")]
        with django_capture_on_commit_callbacks(execute=True):
            self.claw(payout, AT + timedelta(days=31))
        assert (Reversal.objects.get().state, balance("contributor_receivable")) == ("refused", 415)
        assert self.claw(payout, AT + timedelta(days=31)) == []
        assert invariants.check_invariants() == []

    def test_what_was_recovered_meanwhile_is_payable_again(self, paid, gateway):
        payout = self.debt(paid)
        (reversal,) = self.claw(payout, AT + timedelta(days=31))
        payable(payout.user)
        clearing.recover_debts(at=AT)
        reversals.send_reversal(reversal_id=reversal.pk)
        assert (balance("contributor_receivable"), balance("contributor_payable")) == (0, 415)
        assert invariants.check_invariants() == []

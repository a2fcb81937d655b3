"""Emails about paying out and tax forms: a lost message is found, once, and what no longer applies is not sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail

from accounts.models import User
from common import clock
from payments.gateway import GatewayRefused
from payments.rails.beneficiaries import beneficiary
from royalties.models import AccountTrouble, HoldNotice, HoldRule, PayoutAccount
from royalties.services import bank_details, emails, payouts, tax_forms
from royalties.services.payouts import transitions
from tests.royalties.factories import payout_account, user
from tests.royalties.faults.conftest import AT
from tests.royalties.test_withholding import signed

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=2)


@pytest.fixture
def ann() -> User:
    return user("Ann", is_author=True)


@pytest.fixture
def sweep(django_capture_on_commit_callbacks) -> Callable[[], list[str]]:
    """Run the task that retries, after everything before it was lost; returns who got an email."""

    def run() -> list[str]:
        mail.outbox.clear()
        with clock.frozen(LATER), django_capture_on_commit_callbacks(execute=True):
            emails.retry_unsent(at=LATER)
        return sorted(to for message in mail.outbox for to in message.to)

    return run


class TestALostMessageIsFoundOnce:
    def test_of_a_changed_account(self, ann, sweep):
        to = beneficiary(holder="Ann", country="DE", iban_text="DE89370400440532013000")
        bank_details.use_bank(actor=ann, beneficiary=to, at=AT)
        assert [sweep(), sweep()] == [[ann.email], []]

    def test_of_an_account_in_trouble(self, ann, sweep):
        transitions.mark_trouble(payout_account(ann).pk, AccountTrouble.BANK_REFUSED)
        assert [sweep(), sweep()] == [[ann.email], []]

    def test_of_a_hold(self, ann, fiona, sweep):
        payouts.impose_hold(
            actor=fiona, person=ann, rule=HoldRule.IDENTITY, reason="A name differs.", ends_at=None, at=AT
        )
        assert [sweep(), sweep()] == [[ann.email], []]

    def test_of_a_failed_payout(self, approved, fiona, felix, gateway, sweep):
        gateway.faults = [GatewayRefused("balance_insufficient")]
        payouts.send_payout(payout_id=approved().pk)
        assert [sweep(), sweep()] == [sorted([fiona.email, felix.email]), []]

    def test_of_a_decided_tax_form(self, ann, fiona, sweep):
        certificate = tax_forms.hand_in(actor=ann, signed=signed(), at=AT)
        tax_forms.decide(actor=fiona, certificate=certificate, is_accepted=False, reason="Unsigned.", at=AT)
        assert [sweep(), sweep()] == [[ann.email], []]


class TestIsNotSent:
    def test_a_hold_that_was_lifted(self, ann, fiona, sweep):
        hold = payouts.impose_hold(
            actor=fiona, person=ann, rule=HoldRule.IDENTITY, reason="A name differs.", ends_at=None, at=AT
        )
        payouts.lift_hold(actor=fiona, hold=hold, at=AT)
        assert sweep() == []
        assert HoldNotice.objects.get().told_at == LATER

    def test_trouble_that_is_over(self, ann, sweep):
        account = payout_account(ann)
        transitions.mark_trouble(account.pk, AccountTrouble.BANK_REFUSED)
        PayoutAccount.objects.update(trouble="")
        assert sweep() == []
        account.refresh_from_db()
        assert account.untold_trouble_at is None

    def test_to_somebody_who_was_erased(self, ann, fiona, sweep):
        payouts.impose_hold(
            actor=fiona, person=ann, rule=HoldRule.IDENTITY, reason="A name differs.", ends_at=None, at=AT
        )
        User.objects.filter(pk=ann.pk).update(email="erased")
        assert sweep() == []
        assert HoldNotice.objects.get().told_at == LATER

    def test_a_payout_that_did_not_fail(self, approved, gateway, sweep):
        payouts.send_payout(payout_id=approved().pk)
        assert sweep() == []

    def test_before_the_message_had_its_minute(self, ann, fiona, django_capture_on_commit_callbacks):
        payouts.impose_hold(
            actor=fiona, person=ann, rule=HoldRule.IDENTITY, reason="A name differs.", ends_at=None, at=AT
        )
        with django_capture_on_commit_callbacks(execute=True):
            emails.retry_unsent(at=AT)
        assert mail.outbox == []


def test_an_account_that_changes_twice_before_its_owner_is_told_is_told_of_once(ann, sweep):
    for number in ("DE89370400440532013000", "FR1420041010050500013M02606"):
        to = beneficiary(holder="Ann", country=number[:2], iban_text=number)
        bank_details.use_bank(actor=ann, beneficiary=to, at=AT)
    assert sweep() == [ann.email]

"""A refund that the client's bank sent back: finance sends it again, and says so on a page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from hiring.funding.models import MilestoneRefund
from payments.stripe.sandbox import refunds as provider_refunds
from tests.factories.accounts import make_author, make_finance, make_moderator, make_operator
from tests.hiring.funding.paying import make_contract, pay, send_refunds, settle
from tests.hiring.funding.test_funding import hooks_as_before  # noqa: F401
from tests.payments.postman import deliver_all
from tests.royalties.books import assert_balances_agree, balance

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def returned(db) -> MilestoneRefund:
    pay(make_contract())
    settle(30_000, 20_000)
    send_refunds()
    provider_refunds.fail_refund(MilestoneRefund.objects.get().provider_refund_id)
    deliver_all()
    return MilestoneRefund.objects.get()


def browser(person: User) -> Client:
    found = Client()
    found.force_login(person)
    return found


def test_finance_enters_the_reference_of_the_transfer(returned):
    office = browser(make_finance())
    page, resend = reverse("funding:refunds"), reverse("funding:resend", args=[returned.public_id])
    assert returned.public_id in office.get(page).text
    assert "Enter the reference" in office.post(resend, {"bank_reference": " "}, follow=True).text
    assert balance("refund_pending") == 20_000
    assert "no longer owed" in office.post(resend, {"bank_reference": "T1"}, follow=True).text
    assert balance("refund_pending") == 0
    assert "No refund has come back" in office.get(page).text
    assert "does not wait" in office.post(resend, {"bank_reference": "T2"}, follow=True).text
    assert_balances_agree()


def test_operators_look_and_nobody_else_finds_the_page(returned):
    page, resend = reverse("funding:refunds"), reverse("funding:resend", args=[returned.public_id])
    operator = browser(make_operator())
    assert operator.get(page).status_code == 200
    assert operator.post(resend, {"bank_reference": "T1"}).status_code == 403
    for person in (make_author(), make_moderator(), returned.payment.payer):
        assert browser(person).get(page).status_code == 404
        assert browser(person).post(resend, {"bank_reference": "T1"}).status_code == 404
    assert balance("refund_pending") == 20_000

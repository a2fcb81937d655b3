"""What waits for finance when the demonstration opens, over a shop of a few orders."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock, jobs
from common.money import Money
from demo import finance_tasks
from demo.books import author
from demo.content.loader import load
from demo.people import seed_logins
from demo.shop import Shop, Visit
from royalties.models import ManualEntry, PayoutAccount, PlanMembership, ReserveRule, TaxCertificate
from royalties.services import invariants
from storefront.checkout.models import Dispute, FraudWarning, Refund
from tests.factories.accounts import make_reader
from tests.factories.buying import make_book

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _messages_at_once(monkeypatch):
    """The test's transaction never commits; the shop works its messages off by itself."""
    monkeypatch.setattr("common.jobs.transaction.on_commit", lambda send: send())


@pytest.fixture
def authors():
    seed_logins()
    return {persona.key: author(persona) for persona in load().authors}


def fill(authors, prices, now) -> None:
    with jobs.collect_messages() as messages:
        shop = Shop(messages)
        for price in prices:
            at = now - timedelta(days=3)
            with clock.frozen(at):
                shop.sell(Visit(at, make_reader(), (make_book(prices={"USD": price}),)))
        finance_tasks.choose_plan(authors, now - timedelta(days=40))
        finance_tasks.fill_desk(shop, authors, now)


def test_something_of_everything_waits(authors):
    now = clock.now()
    fill(authors, [499, 499, 1999], now)
    warning, dispute, refund = FraudWarning.objects.get(), Dispute.objects.get(), Refund.objects.get()
    assert (warning.outcome, warning.payment.order.total_minor) == ("kept", 1999)
    assert (dispute.status, dispute.is_answerable) == ("needs_response", True)
    assert refund.state == "proposed"
    assert refund.payment not in {warning.payment, dispute.payment}
    assert ReserveRule.objects.in_force(now).get().user == authors["tom-wray"]
    correction = ManualEntry.objects.get()
    assert (correction.state, Money(correction.amount_minor, correction.currency)) == ("proposed", Money(1200, "EUR"))
    assert PlanMembership.objects.in_force(now).get().plan.code == "studio"
    assert PayoutAccount.objects.get().rail == "bank"
    form = TaxCertificate.objects.get()
    assert (form.user, form.state, form.country) == (authors["korbinian-haas"], "handed_in", "DE")
    assert invariants.check_invariants() == []


def test_a_shop_that_sold_nothing_has_no_cases_of_readers(authors):
    fill(authors, [], clock.now())
    assert not Dispute.objects.exists()
    assert not Refund.objects.exists()
    assert ReserveRule.objects.exists()

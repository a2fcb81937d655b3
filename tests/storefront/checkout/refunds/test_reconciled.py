"""Whatever happens to payments in whatever currency, the night finds every movement of the provider in our books."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from common.money import Money
from payments.services import gateway
from payments.stripe.sandbox import disputes as bank
from payments.stripe.sandbox import refunds as provider_refunds
from royalties.models import ReconciliationItem
from royalties.services import reconciliation
from storefront.checkout.models import Refund
from storefront.checkout.refunds import services as refunds
from tests.factories.accounts import make_finance, make_reader
from tests.factories.buying import buy, make_book
from tests.payments.postman import deliver_all
from tests.royalties.books import assert_balances_agree

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def give_back(order, amount_minor):
    return refunds.send_refund(
        refund_id=refunds.propose_refund(
            actor=make_finance(),
            line=order.lines.first(),
            amount=Money(amount_minor, order.currency),
            reason="A broken file.",
            at=clock.now(),
        ).pk
    )


def open_dispute(order) -> str:
    payment = gateway().fetch_payment(payment_id=order.payments.get().provider_payment_id)
    dispute_id: str = bank.open_dispute(payment.charge_id)["id"]
    deliver_all()
    return dispute_id


def bought(currency):
    return buy(make_reader(), make_book(prices={currency: 1200}), currency=currency)


@pytest.mark.parametrize("currency", ["USD", "JPY"])
def test_every_movement_is_found(currency):
    give_back(bought(currency), 300)
    give_back(bought(currency), 1200)
    provider_refunds.fail_refund(Refund.objects.latest("pk").provider_refund_id)
    order = bought(currency)
    gateway().refund(key="dashboard", payment_id=order.payments.get().provider_payment_id, amount=Money(500, currency))
    for outcome in ("won", "lost"):
        bank.decide_dispute(open_dispute(bought(currency)), outcome)
    open_dispute(bought(currency))
    deliver_all()
    assert_balances_agree()
    at = clock.now() + timedelta(hours=12)
    with clock.frozen(at):
        reconciliation.reconcile(at=at)
    rows = ReconciliationItem.objects.open()
    assert [(row.key, row.currency, row.state, row.difference_minor) for row in rows] == []

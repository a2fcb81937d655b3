from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from common.money import Money
from payments import registry
from payments import services as payment_services
from payments.gateway import CheckoutLine
from payments.stripe.client import stripe_client
from payments.stripe.sandbox import accounts, events, payment_page
from payments.stripe.sandbox.cards import CARDS
from tests.payments.postman import post_in_process
from tests.payments.webhooks import Poster


@pytest.fixture(autouse=True)
def postman(monkeypatch):
    monkeypatch.setattr(events, "post", post_in_process)


@pytest.fixture
def post(client):
    return Poster(client)


@pytest.fixture
def handlers(monkeypatch):
    """An empty registry of handlers, to fill."""
    found = {}
    monkeypatch.setattr(registry, "_handlers", found)
    return found


@pytest.fixture
def sdk():
    """The SDK's client over the sandbox; as everywhere in the suite each request is held against the SDK's types."""
    return stripe_client()


@pytest.fixture
def gateway(db):
    return payment_services.gateway()


@pytest.fixture
def open_session(gateway):
    def opener(*, key="checkout:ord_1:abc", amount_minor=499, currency="USD", reference="ord_1", expires_at=None):
        return gateway.open_checkout(
            key=key,
            reference=reference,
            lines=[CheckoutLine("A Book", Money(amount_minor, currency), "lin_1")],
            email="reader@example.org",
            success_url="http://testserver/orders/ord_1/?session={CHECKOUT_SESSION_ID}",
            cancel_url="http://testserver/cart/",
            expires_at=expires_at or clock.now() + timedelta(hours=1),
        )

    return opener


@pytest.fixture
def paid_payment(open_session, gateway):
    """The provider's id of a paid payment."""

    def payer(*, amount_minor=499, currency="USD", card="us", key="checkout:ord_1:abc"):
        session = open_session(amount_minor=amount_minor, currency=currency, key=key)
        payment_page.pay(session_id=session.session_id, card=CARDS[card], country="DE")
        return gateway.fetch_checkout(session_id=session.session_id).payment_id

    return payer


@pytest.fixture
def ready_account(gateway):
    account = gateway.open_account(key="acct:con_1:1", reference="con_1", email="author@example.org", country="US")
    accounts.set_capability(account_id=account.account_id, status="active")
    return account.account_id

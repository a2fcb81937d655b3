"""Which ways to pay are named before the payment page: those that the provider has switched on, where it shows them."""

from __future__ import annotations

import pytest

from common import clock
from payments import pay_methods
from payments import services as payment_services
from payments.models import FaultKind
from payments.stripe.sandbox import customers, faults

pytestmark = pytest.mark.django_db

EUROPEAN = frozenset({"card", "ideal", "bancontact", "sepa_debit", "apple_pay", "alipay"})


def told(country, currency):
    ways = pay_methods.ways_to_pay(country=country, currency=currency)
    return [str(one) for one in ways.methods], [str(one) for one in ways.wallets]


@pytest.mark.parametrize(
    ("country", "currency", "methods"),
    [
        ("NL", "EUR", ["Card", "iDEAL", "SEPA direct debit"]),
        ("BE", "EUR", ["Card", "Bancontact", "SEPA direct debit"]),
        ("NL", "USD", ["Card"]),
        ("US", "EUR", ["Card"]),
        ("", "EUR", ["Card"]),
    ],
)
def test_only_what_is_shown_there_and_switched_on_is_named(country, currency, methods):
    pay_methods.remember(EUROPEAN, at=0)
    assert told(country, currency) == (methods, ["Apple Pay"])


def test_only_cards_are_promised_until_the_provider_has_answered():
    assert told("NL", "EUR") == (["Card"], [])


def test_the_provider_s_configuration_is_asked_once_an_hour(monkeypatch):
    now = clock.real_now().timestamp()
    assert pay_methods.is_due(at=now)
    payment_services.refresh_methods()
    assert told("DE", "EUR") == (["Card", "SEPA direct debit"], [])
    assert not pay_methods.is_due(at=now + 1)
    assert pay_methods.is_due(at=now + 3700)
    monkeypatch.setattr(customers, "_SWITCHED_ON", ("card", "ideal"))
    payment_services.refresh_methods()
    assert told("NL", "EUR") == (["Card", "iDEAL"], [])


def test_a_silent_provider_leaves_what_is_known():
    payment_services.refresh_methods()
    faults.arm(FaultKind.LOST_BEFORE, "/v1/payment_method_configurations", times=3)
    payment_services.refresh_methods()
    assert told("DE", "EUR") == (["Card", "SEPA direct debit"], [])

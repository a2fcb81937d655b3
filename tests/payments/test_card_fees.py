"""The simulated provider's fees, worked out by hand from the table that quotes follow, too."""

from __future__ import annotations

import pytest

from common.money import Money


@pytest.mark.django_db
class TestProcessorFee:
    @pytest.mark.parametrize(
        ("currency", "card", "fee"),
        [
            ("USD", "us", 59),  # 2.9 % of 1000 + 30
            ("USD", "de", 74),  # 4.4 % + 30
            ("EUR", "de", 40),  # 1.5 % + 25
            ("EUR", "gb", 50),  # 2.5 % + 25
            ("EUR", "us", 58),  # 3.25 % = 32.5, half up, + 25
            ("GBP", "gb", 35),  # 1.5 % + 20
            ("GBP", "de", 45),  # 2.5 % + 20
            ("GBP", "us", 53),  # 32.5 half up + 20
        ],
    )
    def test_depends_on_where_the_card_is_from(self, gateway, paid_payment, currency, card, fee):
        payment = gateway.fetch_payment(payment_id=paid_payment(amount_minor=1000, currency=currency, card=card))
        assert payment.processor_fee == Money(fee, currency)

    @pytest.mark.parametrize("card", ["us", "de"])
    def test_yen_cost_the_same_with_every_card(self, gateway, paid_payment, card):
        payment = gateway.fetch_payment(payment_id=paid_payment(amount_minor=1000, currency="JPY", card=card))
        assert (payment.settled, payment.processor_fee) == (Money(670, "USD"), Money(24, "USD"))  # 3.6 % of 6.70

    def test_of_a_listed_currency_that_is_converted(self, gateway, paid_payment, settings):
        settings.SANDBOX_BALANCE_CURRENCIES = ("USD",)
        payment = gateway.fetch_payment(payment_id=paid_payment(amount_minor=1000, currency="EUR", card="de"))
        # 10.00 EUR are 11.60 USD: 1.5 % of them is 17.4, and 0.25 EUR are 0.29 USD.
        assert payment.processor_fee == Money(17 + 29, "USD")

    def test_of_any_other_currency_is_that_of_the_balance_s(self, gateway, paid_payment):
        payment = gateway.fetch_payment(payment_id=paid_payment(amount_minor=1000, currency="CHF", card="us"))
        assert payment.processor_fee == Money(36 + 30, "USD")  # 2.9 % of 12.50 is 36.25

"""Rates read from the provider's conversions: which way round, once, for as long as they are good."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from common import clock
from common.money import Money
from royalties import entries, tasks
from royalties.models import ExchangeRate, PayableConversion, Payout, RateState
from royalties.services import exchange_rates, ledger
from tests.royalties.factories import NOON, WINDOW, payable, payout_account, user

pytestmark = [pytest.mark.both, pytest.mark.django_db]
AT = NOON + WINDOW + timedelta(days=1)


def converted(booked: Money, settled: Money, *, source: str = "ch_1", at=AT) -> None:
    """The provider settled one amount as another."""
    draft = entries.conversion(reference="ord_1", external_id=source, occurred_at=at, booked=booked, settled=settled)
    ledger.post_one(draft)


def rates() -> list[tuple[str, str, Decimal]]:
    return [(rate.base, rate.quote, rate.rate) for rate in ExchangeRate.objects.order_by("pk")]


class TestLearnRates:
    def test_a_payment_says_what_it_was_settled_at(self):
        converted(Money(1000, "JPY"), Money(670, "USD"))
        assert exchange_rates.record_provider_rates(at=AT) == 1
        rate = ExchangeRate.objects.get()
        assert rates() == [("JPY", "USD", Decimal("0.0067"))]
        assert (rate.state, rate.true_at, rate.external_id) == (RateState.APPROVED, AT, "conversion:ch_1")
        assert (rate.source, rate.proposed_by, rate.decided_by) == ("conversion by the payment provider", None, None)

    def test_money_going_out_says_the_rate_of_the_way_back(self):
        converted(Money(-1000, "JPY"), Money(-800, "USD"), source="re_1")
        exchange_rates.record_provider_rates(at=AT)
        assert rates() == [("USD", "JPY", Decimal(125))]

    def test_places_belong_to_the_currency(self):
        converted(Money(1500, "KWD"), Money(489, "USD"))
        exchange_rates.record_provider_rates(at=AT)
        assert rates() == [("KWD", "USD", Decimal("3.26"))]

    def test_is_rounded_to_eight_places(self):
        converted(Money(300, "EUR"), Money(100, "USD"))
        exchange_rates.record_provider_rates(at=AT)
        assert rates() == [("EUR", "USD", Decimal("0.33333333"))]

    def test_each_conversion_once(self):
        converted(Money(1000, "JPY"), Money(670, "USD"))
        converted(Money(1000, "JPY"), Money(680, "USD"), source="ch_2")
        assert [exchange_rates.record_provider_rates(at=AT) for _ in range(2)] == [2, 0]
        assert [rate for _, _, rate in rates()] == [Decimal("0.0067"), Decimal("0.0068")]

    @pytest.mark.parametrize(
        ("apart", "learned"),
        [
            (timedelta(days=-7), 1),
            (timedelta(days=-7, seconds=-1), 0),  # converts nothing any more
            (timedelta(0), 1),
            (timedelta(seconds=1), 0),  # not yet
        ],
    )
    def test_only_while_it_is_good(self, apart, learned):
        converted(Money(1000, "JPY"), Money(670, "USD"), at=AT + apart)
        assert exchange_rates.record_provider_rates(at=AT) == learned

    def test_nothing_from_what_is_too_small_for_eight_places(self):
        converted(Money(10_000_000_000, "JPY"), Money(1, "USD"))
        assert (exchange_rates.record_provider_rates(at=AT), rates()) == (0, [])

    def test_nothing_from_one_currency(self):
        converted(Money(499, "USD"), Money(490, "USD"))
        assert (exchange_rates.record_provider_rates(at=AT), rates()) == (0, [])

    def test_nothing_from_what_we_converted_ourselves(self):
        payout_account(payable(currency="EUR"), currency="USD")
        converted(Money(100, "EUR"), Money(116, "USD"))
        exchange_rates.record_provider_rates(at=AT)
        assert exchange_rates.convert_due(currency="USD", at=AT) == 1
        assert exchange_rates.record_provider_rates(at=AT) == 0


class TestLearnedRates:
    def test_pay_people_in_the_currency_they_chose(self, gateway):
        """The hourly task learns first, then proposes: 499 EUR cents leave 427 payable, at 1.16 they are 495.32."""
        person = payable(currency="EUR")
        payout_account(person, currency="USD")
        converted(Money(100, "EUR"), Money(119, "USD"))  # too old by then
        with clock.frozen(AT + timedelta(days=14)):
            converted(Money(1000, "EUR"), Money(1160, "USD"), source="ch_2", at=clock.now())
            tasks.propose_payouts()
        payout, conversion = Payout.objects.get(), PayableConversion.objects.get()
        assert (payout.amount_minor, payout.currency, conversion.given_minor) == (495, "USD", 427)
        assert (conversion.rate.external_id, conversion.payout) == ("conversion:ch_2", payout)

    def test_do_not_need_a_second_person_but_entered_ones_do(self):
        fiona = user("Fiona", is_finance=True)
        converted(Money(100, "EUR"), Money(116, "USD"))
        exchange_rates.record_provider_rates(at=AT)
        exchange_rates.propose_rate(
            actor=fiona, base="EUR", quote="USD", rate=Decimal(2), true_at=AT, source="a bank", at=AT
        )
        found = ExchangeRate.objects.newest(base="EUR", quote="USD", since=NOON, at=AT)
        assert found.rate == Decimal("1.16")

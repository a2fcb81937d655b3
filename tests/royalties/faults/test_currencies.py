"""Fault T7: the yen has no minor unit, the dinar of Kuwait has a thousand, of which cards take only tens."""

from __future__ import annotations

from decimal import Decimal

import pytest

from common.money import Money
from royalties.models import JournalEntry, PayoutState, ProcessorFeeSchedule, RoyaltyTerms, SaleRecord
from royalties.selectors.trial_balance import trial_balance
from royalties.services import disputes, exchange_rates, invariants, payouts, returns
from royalties.services.disputes import DisputeFacts
from storefront.checkout.errors import PaymentPageRefused
from storefront.checkout.models import Order, Refund
from storefront.checkout.refunds import services as refunds
from tests.factories.accounts import make_finance, make_reader
from tests.factories.buying import buy, make_book
from tests.royalties.factories import NOON, breakdown, edition, payable, payout_account, recorded_sale
from tests.royalties.faults.conftest import AT, balance

pytestmark = [pytest.mark.both, pytest.mark.django_db]

# Yen: 3.6 % of 980 = 35.28, 8 % = 78.4. Dinars: 2.9 % of 4990 + 90 = 234.71, 8 % = 399.2.
YEN = ("JPY", 980, (35, 78, 867))
DINAR = ("KWD", 4990, (235, 399, 4356))
each_currency = pytest.mark.parametrize(("currency", "paid", "parts"), [YEN, DINAR])


@pytest.fixture(autouse=True)
def _dinars(settings):
    settings.CURRENCIES = (*settings.CURRENCIES, "KWD")
    since = NOON.replace(year=2020)
    RoyaltyTerms.objects.create(name="Terms", currency="KWD", effective_at=since, platform_fee_bps=800)
    fees = {"rate_bps": 290, "fixed_minor": 90, "source": "a test"}
    ProcessorFeeSchedule.objects.create(currency="KWD", effective_at=since, **fees)


@pytest.fixture
def two_of_finance(fiona, felix):
    return fiona, felix


def balances(currency: str) -> dict[str, int]:
    return {one.kind: one.balance_minor for one in trial_balance(currency=currency) if one.balance_minor}


@each_currency
def test_t07_quote_and_sale(currency, paid, parts):
    given = breakdown(edition(), paid=paid, currency=currency)
    assert tuple(m.amount_minor for m in (given.processor_fee, given.platform_fee, given.royalty)) == parts
    recorded_sale(paid=paid, currency=currency)
    fee, platform, royalty = parts
    assert balances(currency) == {
        "stripe_balance": paid,
        "processor_fee_recovered": -fee,
        "platform_fee": -platform,
        "contributor_clearing": -royalty,
    }
    assert invariants.check_invariants() == []


@pytest.mark.parametrize(
    ("currency", "paid", "pieces"), [("JPY", 980, (1, 1, 333, 645)), ("KWD", 4990, (10, 10, 1660, 3310))]
)
def test_t07_refunds_in_pieces_to_the_last_unit(currency, paid, pieces):
    sold = recorded_sale(paid=paid, currency=currency)
    for number, piece in enumerate(pieces, 1):
        given = returns.record_refund(
            reference=sold.reference, external_id=f"re_{number}", at=AT, amount=Money(piece, currency)
        )
        assert given.is_last == (number == len(pieces))
        assert invariants.check_invariants() == []
    assert balances(currency) == {}
    assert SaleRecord.objects.get().returned_minor == paid


@each_currency
@pytest.mark.parametrize("is_won", [True, False])
def test_t07_dispute_whose_fee_is_in_dollars(currency, paid, parts, is_won):
    sold = recorded_sale(paid=paid, currency=currency)
    before = balances(currency)
    facts = DisputeFacts("dp_1", sold.order_reference, Money(paid, currency), Money(1500, "USD"), AT)
    disputes.open_dispute(facts=facts)
    assert balances(currency)["contributor_disputed"] == -parts[2]
    assert balances(currency)["dispute_in_progress"] == paid
    decide = disputes.win_dispute if is_won else disputes.lose_dispute
    decide(external_id="dp_1", at=AT)
    assert balances(currency) == (before if is_won else {})
    assert balances("USD") == {"dispute_fee": 1500, "stripe_balance": -1500}
    assert invariants.check_invariants() == []


@pytest.mark.parametrize(
    ("given", "received", "rate", "amount"),
    [
        (Money(980, "JPY"), "USD", "0.0067", 581),  # 867 * 0.0067 = 5.8089
        (Money(4990, "KWD"), "USD", "3.26", 1420),  # 4.356 * 3.26 = 14.20056
        (Money(499, "USD"), "JPY", "150", 623),  # 4.15 * 150 = 622.5
        (Money(499, "USD"), "KWD", "0.31", 1287),  # 4.15 * 0.31 = 1.2865
    ],
)
@pytest.mark.usefixtures("gateway")
def test_t07_payout_in_another_currency(two_of_finance, given, received, rate, amount):
    fiona, felix = two_of_finance
    currency = given.currency
    person = payable(paid=given.amount_minor, currency=currency)
    payout_account(person, currency=received)
    row = exchange_rates.propose_rate(
        actor=fiona, base=currency, quote=received, rate=Decimal(rate), true_at=AT, source="a bank", at=AT
    )
    exchange_rates.decide_rate(actor=felix, rate=row, is_approved=True, at=AT)
    run = payouts.propose_run(actor=fiona, currency=received, at=AT)
    payouts.approve_run(actor=felix, run=run, at=AT)
    payout = payouts.send_payout(payout_id=run.payouts.get().pk)
    assert (payout.state, payout.amount_minor, payout.currency) == (PayoutState.PAID, amount, received)
    assert (balance("contributor_payable", currency), balance("contributor_payable", received)) == (0, 0)
    assert balances(received)["stripe_balance"] == -amount
    assert balances(currency)["fx"] == -sum(minor for kind, minor in balances(currency).items() if kind != "fx")
    assert invariants.check_invariants() == []


@pytest.mark.parametrize(
    ("amount", "shown", "exact"),
    [
        (Money(980, "JPY"), "¥980", "980 JPY"),
        (Money(1, "JPY"), "¥1", "1 JPY"),
        (Money(4990, "KWD"), "KWD4.990", "4.990 KWD"),
        (Money(10, "KWD"), "KWD0.010", "0.010 KWD"),
    ],
)
def test_t07_formatting(amount, shown, exact):
    assert (amount.format("en").replace("\u00a0", ""), str(amount)) == (shown, exact)


def test_t07_dinars_are_paid_and_settled_in_dollars():
    buy(make_reader(), make_book(prices={"KWD": 4990}), currency="KWD")
    assert balances("KWD")["contributor_clearing"] == -4356
    # 4.990 * 3.26 = 16.2674, less 2.9 % + 0.30 = 0.77 of it
    assert balances("USD")["stripe_balance"] == 1627 - 77
    assert invariants.check_invariants() == []


def test_t07_dinars_that_do_not_end_in_zero_are_refused_before_money_moves():
    with pytest.raises(PaymentPageRefused):
        buy(make_reader(), make_book(prices={"KWD": 4995}), currency="KWD")
    assert Order.objects.get().state == "canceled"
    assert not JournalEntry.objects.exists()


def test_t07_a_refund_in_dinars_that_does_not_end_in_zero_fails_and_moves_nothing():
    order = buy(make_reader(), make_book(prices={"KWD": 4990}), currency="KWD")
    before = balances("KWD")
    refund = refunds.propose_refund(
        actor=make_finance(), line=order.lines.get(), amount=Money(5, "KWD"), reason="A page is missing", at=AT
    )
    refunds.approve_refund(actor=make_finance(), refund=refund, at=AT)  # no limit is set for dinars
    assert refunds.send_refund(refund_id=refund.pk) == "failed"
    assert Refund.objects.get().state == "failed"
    assert balances("KWD") == before

"""Builders against a published journal: the same event gives the same postings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from common.money import Money
from royalties import chart, entries
from royalties.chart import AccountKind
from royalties.entries import Deferral, Part, SaleAmounts, Taken
from royalties.errors import EntryNotBalanced
from tests.royalties.factories import NOON

JOURNAL = Path(__file__).resolve().parents[3] / "shared" / "oracles" / "worked_journal.beancount"
_NAMES = {
    r"Assets:Stripe:Platform": "stripe_balance",
    r"Assets:AuthorReceivable:(\w+)": r"contributor_receivable:\1",
    r"Liabilities:Author:(\w+):Held": r"contributor_clearing:\1",
    r"Liabilities:Author:(\w+):Payable": r"contributor_payable:\1",
    r"Liabilities:Author:(\w+):InTransit": r"contributor_in_transit:\1",
    r"Liabilities:Tax:VAT:DE": "tax:vat:DE",
    r"Liabilities:Tax:JCT": "tax:jct:JP",
    r"Income:PlatformFee": "platform_fee",
    r"Expenses:ProcessorFees": "processor_fee",
}


def published(event: str) -> dict[str, int]:
    """The postings of one entry of the journal, in minor units by our names."""
    if not JOURNAL.exists():
        pytest.skip("the published journal is not here")
    block = re.search(rf'"{re.escape(event)}"\n((?:  .+\n)+)', JOURNAL.read_text())[1]
    postings: dict[str, int] = {}
    for account, amount, currency in re.findall(r"  (\S+)\s+(-?[\d.]+) (\w+)", block):
        name = next(
            re.sub(pattern, ours, account) for pattern, ours in _NAMES.items() if re.fullmatch(pattern, account)
        )
        digits = amount.replace(".", "") if currency != "JPY" else amount
        postings[name] = postings.get(name, 0) + int(digits)
    return postings


def built(draft: entries.Draft) -> dict[str, int]:
    return {str(line.account): line.amount_minor for line in draft.lines}


def a_sale(reference: str, currency: str, *, gross: int, tax: int, fee: int, country: str) -> entries.Draft:
    amounts = SaleAmounts(gross, tax, 0, fee, country, (Part("Ann", gross - tax - fee),))
    return entries.sale(reference=reference, currency=currency, occurred_at=NOON, amounts=amounts)


MOVE = {"owner": "Ann", "currency": "USD", "occurred_at": NOON}


class TestAgainstThePublishedJournal:
    @pytest.mark.parametrize(
        ("event", "draft"),
        [
            ("sale:ord2", a_sale("ord2", "EUR", gross=999, tax=65, fee=280, country="DE")),
            ("sale:ord3", a_sale("ord3", "JPY", gross=500, tax=45, fee=137, country="JP")),
            (
                "procfee:ch1",
                entries.processor_fee(
                    order_reference="ord1", currency="USD", occurred_at=NOON, fee=59, external_id="ch1"
                ),
            ),
            (
                "release:ord4",
                entries.clearing(reference="ord4", currency="USD", occurred_at=NOON, shares=[Part("Ann", 691)]),
            ),
            ("transferreq:tr1", entries.transfer_asked(payout="tr1", amount=484, **MOVE)),
            ("transfer:tr_1", entries.transfer_confirmed(payout="tr1", amount=484, **MOVE)),
            ("recover:Ann:1", entries.recovery(external_id="Ann:1", amount=100, **MOVE)),
        ],
    )
    def test_same_postings(self, event, draft):
        assert built(draft) == published(event)


class TestBuilders:
    AMOUNTS = SaleAmounts(499, 33, 44, 37, "DE", (Part("Ann", 231), Part("Ben", 154)))

    def refund(self, *taken: Taken) -> entries.Draft:
        return entries.refund(
            reference="lin", external_id="r", currency="USD", occurred_at=NOON, amounts=self.AMOUNTS, taken=taken
        )

    def test_refund_in_the_window_mirrors_the_sale(self):
        sold = entries.sale(reference="lin", currency="USD", occurred_at=NOON, amounts=self.AMOUNTS)
        clearing = AccountKind.CONTRIBUTOR_CLEARING
        back = self.refund(Taken("Ann", clearing, 231), Taken("Ben", clearing, 154))
        assert built(back) == {name: -amount for name, amount in built(sold).items()}

    def test_refund_after_clearing_takes_payable_then_debt(self):
        payable, owed = AccountKind.CONTRIBUTOR_PAYABLE, AccountKind.CONTRIBUTOR_RECEIVABLE
        back = self.refund(Taken("Ann", payable, 231), Taken("Ben", payable, 100), Taken("Ben", owed, 54))
        assert built(back) == {
            "tax:vat:DE": 33,
            "platform_fee": 37,
            "processor_fee_recovered": 44,
            "contributor_payable:Ann": 231,
            "contributor_payable:Ben": 100,
            "contributor_receivable:Ben": 54,
            "stripe_balance": -499,
        }

    def test_refund_from_nowhere_is_refused(self):
        with pytest.raises(EntryNotBalanced):
            self.refund(Taken("Ann", AccountKind.CONTRIBUTOR_PAYABLE, 384))

    def test_a_promotion_makes_up_the_difference(self):
        amounts = SaleAmounts(0, 0, 0, 0, "US", (Part("Ann", 691),), promotion=691)
        given = entries.sale(reference="lin", currency="USD", occurred_at=NOON, amounts=amounts)
        assert built(given) == {"promotion": 691, "contributor_clearing:Ann": -691}

    def test_a_preorder_owes_its_tax_at_payment(self):
        before = entries.deferred_payment(
            reference="lin",
            currency="EUR",
            occurred_at=NOON,
            gross=499,
            tax=33,
            tax_country="DE",
            deferral=Deferral.PREORDER,
        )
        sold = entries.sale(
            reference="lin", currency="EUR", occurred_at=NOON, amounts=self.AMOUNTS, deferral=Deferral.PREORDER
        )
        assert built(before) == {"stripe_balance": 499, "tax:vat:DE": -33, "deferred:preorder": -466}
        assert built(sold)["deferred:preorder"] == 466
        assert "tax:vat:DE" not in built(sold)

    def test_a_conversion_balances_in_each_currency(self):
        with pytest.raises(EntryNotBalanced):
            entries.base.draft(
                entries.conversion(
                    reference="o", external_id="x", occurred_at=NOON, booked=Money(9, "EUR"), settled=Money(9, "USD")
                ).kind,
                "x",
                [entries.Line(chart.FX, 9, "EUR"), entries.Line(chart.FX, -9, "USD")],
                reference="o",
                currency="EUR",
                occurred_at=NOON,
            )

    def test_failed_transfer_mirrors_what_was_asked(self):
        asked = entries.transfer_asked(payout="p", amount=5, **MOVE)
        failed = entries.transfer_failed(payout="p", amount=5, asked_entry_id=1, **MOVE)
        assert built(failed) == {name: -amount for name, amount in built(asked).items()}

    def test_same_person_twice_is_one_posting(self):
        amounts = SaleAmounts(100, 0, 0, 0, "US", (Part("Ann", 60), Part("Ann", 40)))
        sold = entries.sale(reference="lin", currency="USD", occurred_at=NOON, amounts=amounts)
        assert built(sold) == {"stripe_balance": 100, "contributor_clearing:Ann": -100}

    def test_nothing_paid_is_empty(self):
        amounts = SaleAmounts(0, 0, 0, 0, "", (Part("Ann", 0),))
        assert entries.sale(reference="lin", currency="USD", occurred_at=NOON, amounts=amounts).is_empty

    @pytest.mark.parametrize("change", [{"gross": 500}, {"tax": 34}, {"platform_fee": 0}])
    def test_parts_that_do_not_add_up_are_refused(self, change):
        values = {"gross": 499, "tax": 33, "processor_fee": 44, "platform_fee": 37, **change}
        amounts = SaleAmounts(**values, tax_country="DE", shares=self.AMOUNTS.shares)
        with pytest.raises(EntryNotBalanced):
            entries.sale(reference="lin", currency="USD", occurred_at=NOON, amounts=amounts)


class TestChart:
    def test_every_account_has_one_normal_side(self):
        assert {chart.side_of(kind) for kind in AccountKind} == {chart.DEBIT, chart.CREDIT}
        assert chart.side_of(AccountKind.CONTRIBUTOR_RECEIVABLE) == chart.DEBIT
        assert chart.side_of(AccountKind.CONTRIBUTOR_PAYABLE) == chart.CREDIT

    def test_accounts_that_every_sale_touches_are_not_guarded(self):
        touched = {AccountKind.STRIPE_BALANCE, AccountKind.PLATFORM_FEE, AccountKind.PROCESSOR_FEE_RECOVERED}
        assert not touched & chart.GUARDED_KINDS

"""Builders: what each event posts. `test_worked_journal.py` holds them against a published journal."""

from __future__ import annotations

import pytest

from common.money import Money
from royalties import chart, entries
from royalties.chart import AccountKind
from royalties.entries import ContributorShare, Deferral, ReturnSource, SaleAmounts
from royalties.errors import EntryNotBalanced
from royalties.labels import account_label
from tests.royalties.factories import NOON


def built(draft: entries.Draft) -> dict[str, int]:
    return {str(line.account): line.amount_minor for line in draft.lines}


MOVE = {"owner": "Ann", "currency": "USD", "occurred_at": NOON}


def test_every_account_has_a_name_in_words():
    assert {account_label(kind.value) for kind in AccountKind} and account_label("milestone_held")[0].isupper()


class TestBuilders:
    AMOUNTS = SaleAmounts(499, 33, 44, 37, "DE", (ContributorShare("Ann", 231), ContributorShare("Ben", 154)))

    def refund(self, *taken: ReturnSource) -> entries.Draft:
        return entries.refund(
            reference="lin", external_id="r", currency="USD", occurred_at=NOON, amounts=self.AMOUNTS, taken=taken
        )

    def test_refund_in_the_window_mirrors_the_sale(self):
        sold = entries.sale(reference="lin", currency="USD", occurred_at=NOON, amounts=self.AMOUNTS)
        clearing = AccountKind.CONTRIBUTOR_CLEARING
        back = self.refund(ReturnSource("Ann", clearing, 231), ReturnSource("Ben", clearing, 154))
        assert built(back) == {name: -amount for name, amount in built(sold).items()}

    def test_refund_after_clearing_takes_payable_then_debt(self):
        payable, owed = AccountKind.CONTRIBUTOR_PAYABLE, AccountKind.CONTRIBUTOR_RECEIVABLE
        back = self.refund(
            ReturnSource("Ann", payable, 231), ReturnSource("Ben", payable, 100), ReturnSource("Ben", owed, 54)
        )
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
            self.refund(ReturnSource("Ann", AccountKind.CONTRIBUTOR_PAYABLE, 384))

    def test_a_promotion_makes_up_the_difference(self):
        amounts = SaleAmounts(0, 0, 0, 0, "US", (ContributorShare("Ann", 691),), promotion=691)
        given = entries.sale(reference="lin", currency="USD", occurred_at=NOON, amounts=amounts)
        assert built(given) == {"promotion": 691, "contributor_clearing:Ann": -691}

    def test_a_preorder_owes_its_tax_at_payment(self):
        before = entries.deferred_payment(
            reference="lin",
            order_reference="ord",
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
            entries.base.build_draft(
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
        amounts = SaleAmounts(100, 0, 0, 0, "US", (ContributorShare("Ann", 60), ContributorShare("Ann", 40)))
        sold = entries.sale(reference="lin", currency="USD", occurred_at=NOON, amounts=amounts)
        assert built(sold) == {"stripe_balance": 100, "contributor_clearing:Ann": -100}

    def test_nothing_paid_is_empty(self):
        amounts = SaleAmounts(0, 0, 0, 0, "", (ContributorShare("Ann", 0),))
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

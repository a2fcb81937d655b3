"""Sales given back in part: every part shrinks to exactly zero, wherever the royalty is by then."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.money import Money
from royalties.errors import ReturnTooLarge, SaleRefused
from royalties.models import JournalEntry, SaleRecord, SaleRefund, SaleShare, SaleState
from royalties.services import clearing, invariants, returns
from tests.royalties import factories
from tests.royalties.books import balance
from tests.royalties.factories import NOON, WINDOW

pytestmark = pytest.mark.django_db


def give_back(sale, amount, number=1, at=NOON):
    given = Money(amount, sale.breakdown.paid.currency) if amount else None
    return returns.record_refund(reference=sale.reference, external_id=f"re_{number}", at=at, amount=given)


class TestPartialRefund:
    def test_takes_each_part_in_proportion(self):
        ann = factories.user()
        sold = factories.recorded_sale(of=factories.edition(ann), paid=1000, tax=65)
        before = SaleRecord.objects.get().royalty_minor
        give_back(sold, 500)
        refund = SaleRefund.objects.get()
        assert (refund.paid_minor, refund.is_last) == (500, False)
        assert abs(refund.royalty_minor * 2 - before) <= 2
        assert balance("contributor_clearing", ann) == before - refund.royalty_minor
        assert SaleRecord.objects.get().state == SaleState.CLEARING
        assert not invariants.check_invariants()

    def test_r7_to_the_last_cent(self):
        ann, ben = factories.user(), factories.user("Ben")
        book = factories.edition(ann)
        factories.split(book.work, (ann, 3333), (ben, 6667))
        sold = factories.recorded_sale(of=book, paid=499, tax=33)
        for number in range(499):
            give_back(sold, 1, number)
        sale = SaleRecord.objects.get()
        assert (sale.returned_minor, sale.state) == (499, SaleState.REFUNDED)
        for kind in ("contributor_clearing", "contributor_payable", "contributor_receivable"):
            assert balance(kind, ann) == balance(kind, ben) == 0
        assert balance("platform_fee") == balance("processor_fee_recovered") == balance("tax:vat:DE") == 0
        assert SaleRefund.objects.filter(is_last=True).count() == 1
        assert not invariants.check_invariants()

    def test_r2_more_than_the_rest(self):
        sold = factories.recorded_sale()
        give_back(sold, 400)
        with pytest.raises(ReturnTooLarge):
            give_back(sold, 100, 2)
        assert SaleRecord.objects.get().returned_minor == 400

    def test_the_rest_can_be_given_back_without_naming_it(self):
        sold = factories.recorded_sale()
        give_back(sold, 400)
        give_back(sold, None, 2)
        assert SaleRecord.objects.get().returned_minor == 499

    def test_same_refund_twice_is_one(self):
        sold = factories.recorded_sale()
        first, second = give_back(sold, 100), give_back(sold, 100)
        assert first.is_new and not second.is_new
        assert first.entry_id == second.entry_id

    def test_same_refund_with_another_amount_is_refused(self):
        sold = factories.recorded_sale()
        give_back(sold, 100)
        with pytest.raises(SaleRefused):
            give_back(sold, 101)

    def test_only_what_is_left_clears(self):
        ann = factories.user()
        sold = factories.recorded_sale(of=factories.edition(ann))
        give_back(sold, 200)
        kept = SaleShare.objects.get().kept_minor
        clearing.clear_due(at=NOON + WINDOW)
        assert balance("contributor_payable", ann) == kept
        assert balance("contributor_clearing", ann) == 0
        assert not invariants.check_invariants()

    def test_after_clearing_comes_out_of_payable_and_then_a_debt(self):
        ann = factories.payable()
        sale = SaleRecord.objects.get()
        returns.record_refund(reference=sale.reference, external_id="a", at=NOON + WINDOW, amount=Money(200, "USD"))
        share = SaleShare.objects.get()
        assert balance("contributor_payable", ann) == share.kept_minor
        assert balance("contributor_receivable", ann) == 0
        assert not invariants.check_invariants()

    def test_a_partial_refund_reverses_no_entry(self):
        sold = factories.recorded_sale()
        entry = JournalEntry.objects.get(pk=give_back(sold, 100).entry_id)
        assert entry.reverses_id is None

    def test_a_sale_paid_for_by_the_platform_goes_back_whole(self):
        ann = factories.user()
        book = factories.edition(ann)
        given = factories.breakdown_with_promotion(book, paid=0, full=499)
        sold = factories.recorded_sale(of=book, given=given)
        assert balance("promotion") == given.promotion_minor > 0
        returns.record_refund(reference=sold.reference, external_id="re", at=NOON)
        assert balance("promotion") == balance("contributor_clearing", ann) == 0
        assert SaleRecord.objects.get().state == SaleState.REFUNDED
        assert not invariants.check_invariants()

    def test_a_promotion_shrinks_with_the_price(self):
        book = factories.edition()
        sold = factories.recorded_sale(of=book, given=factories.breakdown_with_promotion(book, paid=250, full=499))
        for number, amount in enumerate((1, 99, 100, 50)):
            give_back(sold, amount, number, at=NOON + timedelta(days=number))
        assert balance("promotion") == balance("platform_fee") == balance("stripe_balance") == 0
        assert not invariants.check_invariants()

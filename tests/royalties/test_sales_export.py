"""Finance's list of sales as a file: every row adds up."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest

from common.money import Money
from royalties import exports
from royalties.selectors import finance
from royalties.services import returns
from tests.royalties.factories import NOON, breakdown_with_promotion, edition, recorded_sale

pytestmark = pytest.mark.django_db


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(exports.sales_csv(finance.sales_by())))


class TestSalesCsv:
    def test_rows_add_up_with_a_coupon_of_the_platform(self):
        book = edition()
        recorded_sale(of=book, given=breakdown_with_promotion(book, paid=249, full=499))
        [row] = rows()
        parts = sum(Decimal(row[name]) for name in ("tax", "processor_fee", "platform_fee", "royalty"))
        assert Decimal(row["paid"]) + Decimal(row["promotion"]) == parts
        assert (row["paid"], row["promotion"]) == ("2.49", "2.50")

    def test_says_what_went_back_and_at_which_rate_tax_was(self):
        sale = recorded_sale(tax=33)
        returns.record_refund(reference=sale.reference, external_id="rfd", at=NOON, amount=Money(150, "USD"))
        [row] = rows()
        assert (row["tax_percent"], row["tax"], row["returned"]) == ("7.00", "0.33", "1.50")

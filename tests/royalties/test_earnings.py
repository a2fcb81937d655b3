"""What contributors are told of their money: figures equal the ledger, parts returned are taken off, nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from common.money import Money
from royalties.models import SaleState
from royalties.selectors import earnings, finance
from royalties.services import disputes, returns
from royalties.services.disputes import DisputeFacts
from tests.royalties.factories import NOON, edition, recorded_sale, user

pytestmark = pytest.mark.django_db
DECEMBER = datetime(2026, 12, 2, tzinfo=UTC)


@pytest.fixture
def ann():
    return user("Ann", is_author=True)


def give_back(sale, amount: int | None = None, at=NOON + timedelta(days=1)):
    part = Money(amount, sale.breakdown.paid.currency) if amount else None
    return returns.record_refund(reference=sale.reference, external_id=f"rf_{sale.reference}", at=at, amount=part)


def dispute(sale, external_id="dp_1"):
    facts = DisputeFacts(external_id, sale.order_reference, sale.breakdown.paid, Money(1500, "USD"), NOON)
    return disputes.open_dispute(facts=facts)


class TestReturnsInPart:
    def test_lists_total_what_is_kept(self, ann):
        book = edition(ann)
        give_back(recorded_sale(of=book), 200)
        give_back(recorded_sale(of=book))
        recorded_sale(of=book)
        shares = earnings.shares_of(ann)
        (total,) = earnings.totals_of(shares)
        assert total.share_minor == sum(share.kept_minor for share in shares)
        assert total.refunded_minor == sum(share.returned_minor for share in shares)
        assert total.share_minor + total.refunded_minor == 3 * 415
        assert 0 < shares[2].kept_minor < 415

    def test_what_clears_ahead_is_what_is_kept(self, ann):
        sale = recorded_sale(of=edition(ann))
        give_back(sale, 200)
        (ahead,) = earnings.clearings_ahead(ann)
        assert ahead.amount_minor == earnings.share_of(ann, sale.reference).kept_minor < 415

    def test_totals_of_finance_are_less_the_parts_returned(self, ann):
        book = edition(ann)
        sales = [recorded_sale(of=book) for _ in range(3)]
        give_back(sales[0], 200)
        give_back(sales[1])
        (total,) = finance.sales_totals(finance.sales_by())
        assert (total.sales, total.paid_minor) == (2, 2 * 499 - 200)
        parts = (total.tax_minor, total.processor_fee_minor, total.platform_fee_minor, total.royalty_minor)
        assert sum(parts) == total.paid_minor
        assert total.royalty_minor == earnings.totals_of(earnings.shares_of(ann))[0].share_minor


class TestFilters:
    def test_by_dispute(self, ann):
        book = edition(ann)
        sale = recorded_sale(of=book)
        recorded_sale(of=book)
        dispute(sale)
        (found,) = earnings.shares_of(ann, state=SaleState.DISPUTED)
        assert found.sale.reference == sale.reference

    def test_by_month_and_country(self, ann):
        book = edition(ann)
        recorded_sale(of=book, country="DE")
        in_france = recorded_sale(of=book, country="FR", sold_at=DECEMBER)
        by_month = earnings.shares_of(ann, since="2026-12", until="2026-12")
        assert [share.sale.reference for share in by_month] == [in_france.reference]
        assert list(by_month) == list(earnings.shares_of(ann, country="FR"))
        assert not earnings.shares_of(ann, until="2026-10")

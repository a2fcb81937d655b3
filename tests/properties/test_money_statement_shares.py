"""Each line of a statement adds up from the price without tax to what the contributor gets, whatever was sold."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.money import Money
from common.periods import Month
from royalties import exports
from royalties.models import Statement
from royalties.selectors.statement_shares import shares_of
from royalties.services import returns
from tests.royalties import closing
from tests.royalties.factories import NOON, edition, recorded_sale, split, user

pytestmark = [pytest.mark.both, pytest.mark.django_db]
calmly = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
CLOSE = datetime(2026, 12, 2, tzinfo=UTC)
# Price, the tax in it, which of two splits is in force, and what goes back in hundredths of the price, piece by piece.
sold = st.lists(
    st.tuples(
        st.sampled_from([99, 499, 999, 1234]),
        st.booleans(),
        st.booleans(),
        st.lists(st.integers(min_value=1, max_value=100), max_size=2),
    ),
    min_size=1,
    max_size=5,
)


class Undone(Exception):
    """Takes an example's rows back."""


@calmly
@given(made=sold, first=st.integers(1, 9999), second=st.integers(1, 9999))
def test_rows_add_up(made, first, second):
    with pytest.raises(Undone), transaction.atomic():
        ann, ben = user("Ann", is_author=True), user("Ben")
        book = edition(ann)
        split(book.work, (ann, first), (ben, 10_000 - first))
        split(book.work, (ann, second), (ben, 10_000 - second), effective_at=NOON + timedelta(hours=1))
        for number, (paid, is_taxed, is_later, pieces) in enumerate(made):
            sold_at = NOON + timedelta(hours=2 if is_later else 0)
            sale = recorded_sale(of=book, paid=paid, tax=paid // 15 if is_taxed else 0, sold_at=sold_at)
            left = paid
            for piece, percent in enumerate(pieces):
                amount = min(max(paid * percent // 100, 1), left)
                if amount:
                    back = Money(amount, "USD")
                    returns.record_refund(
                        reference=sale.reference,
                        external_id=f"r{number}-{piece}",
                        at=CLOSE.replace(month=11, day=20),
                        amount=back,
                    )
                    left -= amount
        closing.close(period=Month(2026, 11), at=CLOSE)
        for statement in Statement.objects.all():
            _check(statement, len(made))
        raise Undone


def _check(statement: Statement, sales: int) -> None:
    shares, total = shares_of(statement), 0
    for line in statement.lines.all():
        parts = shares[line.position]
        left = line.net_price_minor - line.processor_fee_minor - line.platform_fee_minor
        assert line.work_royalty_minor == left == sum(part.work_royalty_minor for part in parts)
        assert line.royalty_minor == sum(part.royalty_minor for part in parts)
        total += line.royalty_minor
        for part in parts:
            exact = Decimal(part.work_royalty_minor) * part.share_bps / 10_000
            # Each sale and each return divides anew.
            assert abs(part.royalty_minor - exact) <= 3 * sales
    assert total == statement.earned_minor
    _check_rows(exports.statement_csv(statement).decode("utf-8-sig"), statement)


def _check_rows(text: str, statement: Statement) -> None:
    rows = list(csv.reader(text.splitlines()))
    begin = rows.index(["works"]) + 1
    end = next(index for index in range(begin, len(rows)) if not rows[index])
    table = [dict(zip(rows[begin], row, strict=True)) for row in rows[begin + 1 : end]]
    for row in table:
        fees = Decimal(row["processor_fee"]) + Decimal(row["platform_fee"])
        assert Decimal(row["price_without_tax"]) - fees == Decimal(row["royalty_of_work"])
        assert "%" in row["share"]
    assert sum(Decimal(row["royalty"]) for row in table) == Money(statement.earned_minor, "USD").decimal

"""Counted figures without counting, and copies without buying."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.models import User
from common import clock
from insight.market import periods, registry
from insight.market.models import FigureCount, FigureValue
from insight.market.values import Value
from publishing.models import Edition
from royalties.models import RoyaltyTerms, SaleRecord
from tests.factories.trust import make_entitlement


def make_counts(
    code: str,
    values: Sequence[int | None],
    *,
    part: str = "",
    events: int = 100,
    at: datetime | None = None,
    is_alarm: bool = False,
) -> list[FigureValue]:
    """Store these values for the last periods of a figure, the newest last; whether that one is an alarm."""
    figure = registry.figure(code)
    assert figure is not None
    at = at or clock.now()
    rows = []
    for span, value in zip(periods.last_ones(figure.cadence, at, len(values)), values, strict=True):
        count, _is_new = FigureCount.objects.get_or_create(figure=code, first_day=span.first, defaults={"made_at": at})
        judged = figure.alarm.judge(Value(value, events), [])
        rows.append(
            FigureValue.objects.create(
                count=count, part=part, value=value, events=events, low=judged.low, high=judged.high
            )
        )
    rows[-1].is_alarm = is_alarm
    rows[-1].save(update_fields=["is_alarm"])
    return rows


def make_copies(buyer: User, *editions: Edition, days_ago: int = 10) -> None:
    """Paid copies that the ledger knows, without entries."""
    at = clock.now() - timedelta(days=days_ago)
    for edition in editions:
        line = make_entitlement(buyer, edition).line
        assert line is not None
        SaleRecord.objects.create(
            reference=line.public_id,
            order_reference=line.order.public_id,
            edition=edition,
            work=edition.work,
            terms=RoyaltyTerms.objects.filter(currency="USD").first(),
            currency="USD",
            list_price_minor=499,
            paid_minor=499,
            tax_minor=0,
            processor_fee_minor=0,
            platform_fee_minor=0,
            royalty_minor=499,
            tax_country="US",
            tax_rate_bps=0,
            sold_at=at,
            clears_at=at,
        )

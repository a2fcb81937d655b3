"""Counting each night: what is counted when, what is counted again, and that alarms follow the periods before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command

from common import clock
from insight.market import periods
from insight.market.figure import Figure
from insight.market.models import FigureCount, FigureValue
from insight.market.periods import Cadence
from insight.market.registry import FIGURES, figure
from insight.market.services import counting
from operations.console import selectors as console
from tests.insight.market.factories import make_counts

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def _figure(code: str) -> Figure:
    found = figure(code)
    assert found is not None
    return found


class TestNight:
    def test_an_empty_shop_has_counts_and_no_alarms(self) -> None:
        counting.count_night(at=clock.now())
        assert FigureCount.objects.values("figure").distinct().count() == len(FIGURES)
        assert not FigureValue.objects.filter(is_alarm=True).exists()

    def test_what_is_on_sale_now_is_counted_once_for_a_period(self) -> None:
        at = clock.now()
        counting.count_night(at=at)
        made = FigureCount.objects.get(figure="past_time").made_at
        counting.count_night(at=at + timedelta(hours=1))
        assert FigureCount.objects.get(figure="past_time").made_at == made
        assert FigureCount.objects.filter(figure="first_sale", made_at=made).count() == 0

    def test_a_new_week_is_counted(self) -> None:
        at = clock.now()
        counting.count_night(at=at)
        counting.count_night(at=at + timedelta(days=7))
        assert FigureCount.objects.filter(figure="past_time").count() == 2


class TestJudging:
    def test_by_the_periods_before(self) -> None:
        at = clock.now()
        make_counts("refunds_by_count", [100] * 8 + [0], events=50)
        FigureCount.objects.filter(figure="refunds_by_count").order_by("-first_day")[0].delete()
        rows = counting._before(_figure("refunds_by_count"), periods.last_ended(Cadence.MONTH, at))("")
        assert [row.value for row in rows] == [None] * 5 + [100] * 8

    def test_a_missing_period_is_not_skipped(self) -> None:
        make_counts("gini", [5000] * 14, part="USD")
        FigureCount.objects.filter(figure="gini").order_by("first_day")[5].delete()
        rows = counting._before(_figure("gini"), periods.last_ended(Cadence.WEEK, clock.now()))("USD")
        assert [row.value for row in rows].count(None) == 1
        assert len(rows) == 13


class TestOpenItems:
    def test_only_the_latest_value_of_a_figure_counts(self) -> None:
        make_counts("past_time", [1], is_alarm=True, at=clock.now() - timedelta(days=7))
        make_counts("ring_authors", [1], is_alarm=True)
        items = [item for item in console.registered_items() if item.runbook == "Market health"]
        assert [item.text for item in items] == ["2 figures of the market are not right."]
        make_counts("past_time", [0])
        items = [item for item in console.registered_items() if item.runbook == "Market health"]
        assert [item.text for item in items] == ["1 figure of the market is not right."]


def test_the_command_says_what_changed(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("recompute_market", periods=2, figure=["first_sale", "past_time"])
    call_command("recompute_market", periods=2, figure=["first_sale", "past_time"])
    first, second = capsys.readouterr().out.splitlines()
    assert first == "2 figures counted for 2 periods back, 3 values changed"
    assert second == "2 figures counted for 2 periods back, 0 values changed"

"""Sums that figures share, the periods they are counted for, and the alarm rules. No database."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from insight.market import periods, values
from insight.market.alarms import HalfAsGood, Limit, OwnSeries, Rise, Rule, Side
from insight.market.periods import Cadence, Span
from insight.market.values import Value, Waited


class TestMedianWait:
    def test_those_who_still_wait_are_in_it(self) -> None:
        sold = [Waited(days, has_happened=True) for days in (1, 2, 3)]
        assert values.median_wait(sold) == Value(2, 3)
        waiting = [Waited(100, has_happened=False) for _ in range(3)]
        assert values.median_wait([*sold, *waiting]) == Value(3, 6)

    def test_not_reached_while_most_have_none(self) -> None:
        assert values.median_wait([Waited(1, True), Waited(9, False), Waited(9, False)]) == Value(None, 3)

    def test_who_came_lately_counts_for_as_long_as_they_waited(self) -> None:
        # Two leave the risk set on day 1 without one: of the two left, one has it on day 5.
        waits = [Waited(1, False), Waited(1, False), Waited(5, True), Waited(9, True)]
        assert values.median_wait(waits) == Value(5, 4)

    def test_nobody(self) -> None:
        assert values.median_wait([]) == Value(None, 0)

    @pytest.mark.parametrize("seed", range(20))
    def test_without_anybody_waiting_it_is_the_median(self, seed: int) -> None:
        luck = random.Random(seed)
        days = [luck.randrange(400) for _ in range(luck.randrange(1, 60))]
        found = values.median_wait([Waited(one, has_happened=True) for one in days])
        assert found.value == sorted(days)[(len(days) + 1) // 2 - 1]


class TestSpread:
    def test_all_alike_and_one_with_all(self) -> None:
        assert values.gini([5] * 20, "USD") == Value(0, 20, "USD")
        assert values.gini([0] * 99 + [7], "USD") == Value(9900, 100, "USD")
        assert values.top_tenth([0] * 99 + [7], "USD") == Value(10_000, 100, "USD")

    def test_the_top_tenth_is_rounded_up(self) -> None:
        assert values.top_tenth([1] * 11, "") == Value(1818, 11)

    def test_nothing_earned_says_nothing(self) -> None:
        assert values.gini([0, 0], "") == Value(None, 2)
        assert values.top_tenth([], "") == Value(None, 0)

    @pytest.mark.parametrize("seed", range(20))
    def test_gini_is_the_mean_difference_of_all_pairs(self, seed: int) -> None:
        luck = random.Random(seed)
        amounts = [luck.choice((0, luck.randrange(10_000))) for _ in range(luck.randrange(1, 40))]
        found = values.gini(amounts, "").value
        if not sum(amounts):
            assert found is None
            return
        apart = sum(abs(one - other) for one in amounts for other in amounts)
        assert found is not None
        assert abs(found - 10_000 * apart / (2 * len(amounts) * sum(amounts))) <= 0.5


class TestPeople:
    def test_cells_of_fewer_than_five_do_not_exist(self) -> None:
        found = values.people_in_cells([("FB|en", 4), ("FF|en", 7), ("FM|en", 14)])
        assert found == [Value(5, 5, "FF|en"), Value(15, 15, "FM|en")]

    def test_shares_of_fewer_than_five_say_nothing(self) -> None:
        assert values.share_of_people(4, 4) == Value(None, 0)
        assert values.share_of_people(1, 5) == Value(2000, 5)


class TestQuantile:
    @pytest.mark.parametrize(("of", "outof", "found"), [(1, 2, 5), (9, 10, 9), (10, 10, 10)])
    def test_of_ten(self, of: int, outof: int, found: int) -> None:
        shuffled = random.Random(1).sample(range(1, 11), 10)
        assert values.quantile(shuffled, of, outof) == Value(found, 10)

    def test_of_none(self) -> None:
        assert values.quantile([], 1, 2) == Value(None, 0)


class TestPeriods:
    def test_weeks_begin_on_monday_and_the_last_one_is_over(self) -> None:
        monday = datetime(2026, 11, 23, tzinfo=UTC)
        assert periods.last_ended(Cadence.WEEK, monday) == Span(date(2026, 11, 16), date(2026, 11, 23))
        almost = monday - timedelta(microseconds=1)
        assert periods.last_ended(Cadence.WEEK, almost) == Span(date(2026, 11, 9), date(2026, 11, 16))

    def test_months(self) -> None:
        assert periods.last_ended(Cadence.MONTH, datetime(2027, 1, 31, tzinfo=UTC)).first == date(2026, 12, 1)

    @pytest.mark.parametrize("cadence", list(Cadence))
    def test_each_day_is_in_one_period_and_they_follow_each_other(self, cadence: Cadence) -> None:
        for number in range(-400, 2000, 13):
            day = date(2024, 1, 1) + timedelta(days=number)
            span = periods.span_with(cadence, day)
            assert span.first <= day < span.after
            assert periods.before(cadence, span).after == span.first
            assert periods.span_with(cadence, span.first) == span
            assert cadence == Cadence.MONTH or span.first.weekday() == 0


def _before(*known: int | None, events: int = 100) -> list[Value]:
    return [Value(one, events) for one in known]


class TestOwnSeries:
    rule = OwnSeries(Side.BOTH)

    def test_three_median_deviations_from_the_median(self) -> None:
        before = _before(100, 104, 96, 100, 110, 90, 100, 100)  # median 100, deviations 0 0 0 0 4 4 10 10: 2, so 5
        assert self.rule.judge(Value(115, 100), before).is_alarm is False
        assert self.rule.judge(Value(116, 100), before).is_alarm
        assert self.rule.judge(Value(84, 100), before).is_alarm

    def test_one_side_alone(self) -> None:
        before = _before(*[100] * 8)
        assert OwnSeries(Side.ABOVE).judge(Value(1, 100), before).is_alarm is False
        assert OwnSeries(Side.BELOW).judge(Value(1, 100), before).is_alarm

    @pytest.mark.parametrize(
        ("value", "before"),
        [
            (Value(1, 29), _before(*[100] * 8)),
            (Value(1, 100), _before(*[100] * 7)),
            (Value(1, 100), _before(*[100] * 7, None)),
            (Value(1, 100), _before(*[100] * 8, events=29)),
            (Value(None, 100), _before(*[100] * 8)),
        ],
    )
    def test_too_little_is_no_alarm(self, value: Value, before: list[Value]) -> None:
        assert self.rule.judge(value, before).is_alarm is False

    def test_only_the_last_eight_count(self) -> None:
        assert self.rule.judge(Value(100, 100), _before(*[900] * 8, *[100] * 8)).is_alarm is False


class TestOtherRules:
    def test_half_as_good(self) -> None:
        before = _before(*[40] * 8)
        assert HalfAsGood().judge(Value(19, 30), before).is_alarm
        assert HalfAsGood().judge(Value(20, 30), before).is_alarm is False

    def test_twice_as_long_or_not_reached(self) -> None:
        before, rule = _before(*[40] * 8), HalfAsGood(is_less_better=True)
        assert rule.judge(Value(80, 30), before).is_alarm is False
        assert rule.judge(Value(81, 30), before).is_alarm
        assert rule.judge(Value(None, 30), before).is_alarm
        assert rule.judge(Value(None, 29), before).is_alarm is False

    @pytest.mark.parametrize(
        ("rule", "value", "is_alarm"),
        [
            (Limit(high=75), Value(75, 30), False),
            (Limit(high=75), Value(76, 30), True),
            (Limit(high=75), Value(76, 29), False),
            (Limit(low=5000), Value(4999, 30), True),
            (Limit(low=5000), Value(5000, 30), False),
            (Limit(high=0, min_events=1), Value(1, 1), True),
            (Limit(high=0, min_events=1), Value(None, 0), False),
        ],
    )
    def test_limits(self, rule: Rule, value: Value, is_alarm: bool) -> None:
        assert rule.judge(value, []).is_alarm is is_alarm

    def test_a_rise_within_a_quarter(self) -> None:
        rule, before = Rise(by=500, periods=13), _before(5000, *[5400] * 12)
        assert rule.judge(Value(5500, 30), before).is_alarm is False
        assert rule.judge(Value(5501, 30), before).is_alarm
        assert rule.judge(Value(5501, 30), before[1:]).is_alarm is False

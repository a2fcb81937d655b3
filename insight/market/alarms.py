"""Alarm rules: when a value is not right, by the figure's own last periods or by a limit. No database.

A value that cannot be said (None) is an alarm only where it means "not reached": a median wait with enough events.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Protocol

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from common.templatetags.money import number, percent
from insight.market.values import Unit, Value

PERIODS = 8
MIN_EVENTS = 30
_DEVIATIONS = 3
_MIN_DEVIATION = 20  # a twentieth of the median: a series that never moved is not alarmed by the first move


class Side(models.TextChoices):
    """On which side of the expected a value is an alarm."""

    BELOW = "below", pgettext_lazy("side of an alarm", "below")
    ABOVE = "above", pgettext_lazy("side of an alarm", "above")
    BOTH = "both", pgettext_lazy("side of an alarm", "below or above")


@dataclass(frozen=True, slots=True)
class Judged:
    """The limits that apply to a value, None for none; and whether it is beyond them."""

    low: int | None = None
    high: int | None = None
    is_alarm: bool = False


class Rule(Protocol):
    """Says what is expected of a value after the values before it, the oldest first."""

    def judge(self, value: Value, before: Sequence[Value]) -> Judged: ...

    @property
    def words(self) -> str: ...


@dataclass(frozen=True, slots=True)
class NoAlarm:
    """Shown beside others, and never an alarm of its own."""

    def judge(self, value: Value, before: Sequence[Value]) -> Judged:
        return Judged()

    @property
    def words(self) -> str:
        return _("none: it is read beside others")


@dataclass(frozen=True, slots=True)
class OwnSeries:
    """The median of the last eight periods, plus or minus three median deviations."""

    side: Side

    def judge(self, value: Value, before: Sequence[Value]) -> Judged:
        known = _last_known(before)
        if value.events < MIN_EVENTS or len(known) < PERIODS:
            return Judged()
        middle = median(known)
        deviation = max(median(abs(one - middle) for one in known), abs(middle) / _MIN_DEVIATION)
        low = None if self.side == Side.ABOVE else round(middle - _DEVIATIONS * deviation)
        high = None if self.side == Side.BELOW else round(middle + _DEVIATIONS * deviation)
        return _judged(value, low, high)

    @property
    def words(self) -> str:
        return _(
            "%(side)s the median of the last 8 periods by more than 3 median deviations, from 30 events in each on"
        ) % {"side": self.side.label}


@dataclass(frozen=True, slots=True)
class HalfAsGood:
    """Half of the median of the last eight periods; where less is better, twice it."""

    is_less_better: bool = False

    def judge(self, value: Value, before: Sequence[Value]) -> Judged:
        known = _last_known(before)
        if value.events < MIN_EVENTS or len(known) < PERIODS:
            return Judged()
        middle = median(known)
        if self.is_less_better:
            return _judged(value, None, round(2 * middle), is_missing_high=True)
        return _judged(value, round(middle / 2), None)

    @property
    def words(self) -> str:
        if self.is_less_better:
            return _("twice the median of the last 8 periods or not reached, from 30 events in each on")
        return _("half of the median of the last 8 periods, from 30 events in each on")


@dataclass(frozen=True, slots=True)
class Limit:
    """A fixed limit, from so many events on."""

    low: int | None = None
    high: int | None = None
    min_events: int = MIN_EVENTS
    unit: Unit = Unit.SHARE

    def judge(self, value: Value, before: Sequence[Value]) -> Judged:
        if value.events < self.min_events:
            return Judged()
        return _judged(value, self.low, self.high)

    @property
    def words(self) -> str:
        bound = self.high if self.low is None else self.low
        shown = percent(bound or 0) if self.unit == Unit.SHARE else number(bound or 0)
        sentence = (_("over %(limit)s") if self.low is None else _("under %(limit)s")) % {"limit": shown}
        if self.min_events == 1:
            return sentence
        events = ngettext("from %(count)d event on", "from %(count)d events on", self.min_events)
        return f"{sentence}, {events % {'count': self.min_events}}"


@dataclass(frozen=True, slots=True)
class Rise:
    """A rise by so many hundredths of a percent against the value so many periods before."""

    by: int
    periods: int

    def judge(self, value: Value, before: Sequence[Value]) -> Judged:
        if value.events < MIN_EVENTS or len(before) < self.periods:
            return Judged()
        then = before[-self.periods]
        if then.value is None or then.events < MIN_EVENTS:
            return Judged()
        return _judged(value, None, then.value + self.by)

    @property
    def words(self) -> str:
        return _("more than %(points)d points over %(periods)d periods before, from 30 events on") % {
            "points": self.by // 100,
            "periods": self.periods,
        }


def _last_known(before: Sequence[Value]) -> list[int]:
    """Return what can be said of the last eight periods with enough events."""
    return [one.value for one in before[-PERIODS:] if one.value is not None and one.events >= MIN_EVENTS]


def _judged(value: Value, low: int | None, high: int | None, *, is_missing_high: bool = False) -> Judged:
    if value.value is None:
        return Judged(low, high, is_missing_high)
    is_low = low is not None and value.value < low
    is_high = high is not None and value.value > high
    return Judged(low, high, is_low or is_high)

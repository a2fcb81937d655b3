"""Half-open months and quarters in UTC: a period begins at `start` and ends just before `end`."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month: `Month(2026, 11)`, written 2026-11."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not 1 <= self.month <= 12:
            raise ValueError(f"no month {self.month}")

    @classmethod
    def parse(cls, text: str) -> Month:
        """Parse "YYYY-MM". Raises ValueError with a message for people."""
        match = re.fullmatch(r"(\d{4})-(\d{2})", text)
        if match is None or not 1 <= int(match[2]) <= 12:
            raise ValueError(f"{text!r} is not a month; write it as 2026-11.")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, moment: datetime) -> Month:
        """Return the month that contains the moment, in UTC."""
        utc = moment.astimezone(UTC)
        return cls(utc.year, utc.month)

    @property
    def start(self) -> datetime:
        return datetime(self.year, self.month, 1, tzinfo=UTC)

    @property
    def end(self) -> datetime:
        return self.next.start

    @property
    def next(self) -> Month:
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def previous(self) -> Month:
        return Month(self.year - (self.month == 1), 12 if self.month == 1 else self.month - 1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A calendar quarter: `Quarter(2026, 4)`, written 2026-Q4."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 4:
            raise ValueError(f"no quarter {self.number}")

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Parse "YYYY-Qn". Raises ValueError with a message for people."""
        match = re.fullmatch(r"([1-9]\d{3})-Q([1-4])", text, re.ASCII)
        if match is None:
            raise ValueError(f"{text!r} is not a quarter; write it as 2026-Q4.")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, moment: datetime) -> Quarter:
        """Return the quarter that contains the moment, in UTC."""
        return cls.of_day(moment.astimezone(UTC).date())

    @classmethod
    def of_day(cls, day: date) -> Quarter:
        return cls(day.year, (day.month + 2) // 3)

    @property
    def start(self) -> datetime:
        return datetime(self.year, 3 * self.number - 2, 1, tzinfo=UTC)

    @property
    def end(self) -> datetime:
        return self.next.start

    @property
    def next(self) -> Quarter:
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    def __str__(self) -> str:
        return f"{self.year:04}-Q{self.number}"


def month_after(moment: datetime) -> datetime:
    """Return the moment a calendar month later, on the last day of shorter months."""
    following = Month.of(moment).next
    utc = moment.astimezone(UTC)
    day = min(utc.day, calendar.monthrange(following.year, following.month)[1])
    return utc.replace(year=following.year, month=following.month, day=day)

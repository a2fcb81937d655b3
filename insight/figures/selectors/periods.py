"""The periods that figures are shown for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

CHOICES = (30, 90, 365)


@dataclass(frozen=True, slots=True)
class Period:
    """Some days up to `last`, both days included (UTC)."""

    days: int
    last: date

    @classmethod
    def of(cls, text: str, at: datetime) -> Period:
        """Return the period of `?days=`, up to today; 30 days for anything else."""
        known = {str(days): days for days in CHOICES}
        return cls(known.get(text, CHOICES[0]), at.astimezone(UTC).date())

    @property
    def first(self) -> date:
        return self.last - timedelta(days=self.days - 1)

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time(), tzinfo=UTC)

    @property
    def before(self) -> Period:
        """Return the period of the same length before this one."""
        return Period(self.days, self.first - timedelta(days=1))

    @property
    def dates(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range(self.days)]

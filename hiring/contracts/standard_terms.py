"""The standard terms by version: the days that clocks run for. Each contract freezes the version it was opened with.

The terms in plain words are templates of the same version: `templates/hiring/contracts/terms/<version>.html`.
"""

from __future__ import annotations

from dataclasses import dataclass

CURRENT = 4


@dataclass(frozen=True, slots=True)
class Days:
    """How long each clock runs, in days, and what else differs between versions."""

    payment_page: int = 1
    due_at_most: int = 60  # from the payment on
    reminder_before_due: int = 3
    late: int = 7  # after the due day: the client may take the money back
    not_delivered: int = 14  # after the due day: the money returns by itself
    review: int = 14  # silence accepts
    review_reminders: tuple[int, ...] = (7, 12)
    clearing_after_silence: int = 5
    answer_in_case: int = 7
    decision: int = 14
    appeal: int = 14
    revision_at_least: int = 14  # a revision counts as not delivered after this, or a week after the agreed days
    free_cancellations: int | None = None  # by the client within the days below; one more bears its card fee
    cancellations_count_for: int = 90
    has_share_cases: bool = False  # cases about milestones that a royalty share alone pays for


_DAYS = {
    1: Days(),
    2: Days(),  # names the protection fund
    3: Days(free_cancellations=2),
    4: Days(free_cancellations=2, has_share_cases=True),  # says how a case is written in and withdrawn
}


def days_of(version: int) -> Days:
    """Return the days of a version of the terms."""
    return _DAYS[version]


def versions() -> tuple[int, ...]:
    """Return every version that a contract may have been opened with."""
    return tuple(_DAYS)

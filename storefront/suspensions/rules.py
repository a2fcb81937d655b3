"""The published numbers: how many decisions lead to a suspension, and for how long.

The page of the rules and the services read the same table (Digital Services Act, Article 23(4)).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.restrictions import Activity

PERIOD = timedelta(days=365)  # what is older counts no more, and neither does an older warning
DURATIONS = (30, 90, 180)  # days: the most for the first, the second and every later suspension of a kind
NOTICE = timedelta(days=30)  # P2B Regulation (EU) 2019/1150, Article 4(2)


class SuspensionRule(models.TextChoices):
    ILLEGAL = "illegal", _("Illegal content again and again")
    BREACH = "breach", _("Breaches of our rules again and again")
    POSTS = "posts", _("Reviews, replies, shelves or messages that break our rules again and again")
    NOTICES = "notices", _("Manifestly unfounded reports")
    COMPLAINTS = "complaints", _("Manifestly unfounded appeals and complaints")


@dataclass(frozen=True, slots=True)
class Numbers:
    """A row of the table. `share_percent` is how many of all that the person sent in must be unfounded."""

    rule: SuspensionRule
    activity: Activity
    count: int
    since: date
    words: str | Promise
    share_percent: int = 0

    @property
    def is_law(self) -> bool:
        """Return whether the law asks for the suspension, not our rules alone."""
        return self.rule not in {SuspensionRule.BREACH, SuspensionRule.POSTS}


_SINCE = date(2026, 12, 2)
NUMBERS = {
    row.rule: row
    for row in (
        Numbers(
            SuspensionRule.ILLEGAL,
            Activity.CONTENT,
            count=3,
            since=_SINCE,
            words=_("decisions that something published by the person was illegal"),
        ),
        Numbers(
            SuspensionRule.BREACH,
            Activity.CONTENT,
            count=5,
            since=_SINCE,
            words=_("decisions that something published by the person broke a rule, illegal or not"),
        ),
        Numbers(
            SuspensionRule.POSTS,
            Activity.POSTING,
            count=5,
            since=_SINCE,
            words=_("decisions that a review, reply, shelf, message or review of a contract broke a rule"),
        ),
        Numbers(
            SuspensionRule.NOTICES,
            Activity.NOTICES,
            count=3,
            since=_SINCE,
            words=_("reports that a moderator has called manifestly unfounded, with reasons"),
            share_percent=50,
        ),
        Numbers(
            SuspensionRule.COMPLAINTS,
            Activity.COMPLAINTS,
            count=3,
            since=_SINCE,
            words=_("appeals and complaints that a moderator has called manifestly unfounded, with reasons"),
            share_percent=50,
        ),
    )
}


def rules_of(activity: Activity) -> list[SuspensionRule]:
    """Return the rules under which something of this kind is suspended."""
    return [row.rule for row in NUMBERS.values() if row.activity == activity]


def longest(earlier: int) -> int:
    """Return for how many days a person may be suspended who was suspended so many times before."""
    return DURATIONS[min(earlier, len(DURATIONS) - 1)]

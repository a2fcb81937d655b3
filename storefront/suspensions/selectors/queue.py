"""What waits for moderators: people who meet a published rule, appeals, endings to confirm, and what is in force."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts.models import User
from storefront.community.models import AppealOutcome, CaseOutcome, ReviewCase
from storefront.suspensions import selectors
from storefront.suspensions.models import AccountEnding, Suspension
from storefront.suspensions.rules import NUMBERS, PERIOD, SuspensionRule

_MAX_PEOPLE = 100


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who meets a rule and may be warned or suspended."""

    person: User
    rule: SuspensionRule
    count: int


@dataclass(frozen=True, slots=True)
class Queue:
    candidates: list[Candidate]
    appeals: list[Suspension]
    ending_appeals: list[AccountEnding]
    to_confirm: list[AccountEnding]
    suspended: list[Suspension]
    ended: list[AccountEnding]


def queue(at: datetime) -> Queue:
    """Return everything that moderators look after."""
    endings = AccountEnding.objects.select_related("person")
    suspensions = Suspension.objects.select_related("person")
    open_appeal = Q(appealed_at__isnull=False, appeal_decided_at=None, lifted_at=None)
    return Queue(
        candidates=candidates(at),
        appeals=list(suspensions.filter(open_appeal)),
        ending_appeals=list(endings.filter(open_appeal)),
        to_confirm=list(endings.filter(confirmed_at=None, lifted_at=None)),
        suspended=list(suspensions.active(at)),
        ended=list(endings.standing()),
    )


def candidates(at: datetime) -> list[Candidate]:
    """Return the people who meet a rule and are not suspended for it now."""
    found: list[Candidate] = []
    for rule, numbers in NUMBERS.items():
        kept_back = selectors.restricted_people(numbers.activity, at).values("pk")
        people = User.objects.filter(pk__in=_counted(rule, at), is_active=True).exclude(pk__in=kept_back)
        for person in people.order_by("pk")[:_MAX_PEOPLE]:
            grounds = selectors.grounds_of(person, rule, at)
            if grounds.is_enough:
                found.append(Candidate(person, rule, grounds.count))
    return found


def _counted(rule: SuspensionRule, at: datetime) -> list[int]:
    """Return the people with enough that may count; the exact rule is asked for each."""
    numbers = NUMBERS[rule]
    if numbers.activity in selectors.KINDS:
        rows = ReviewCase.objects.filter(reported__in=selectors.KINDS[numbers.activity], decided_at__gt=at - PERIOD)
        rows = rows.exclude(outcome__in=["", CaseOutcome.KEEP]).exclude(appeal_outcome=AppealOutcome.OVERTURNED)
        people = list(rows.values_list("writer", flat=True))
    else:
        marks = selectors.standing_findings().filter(activity=numbers.activity, made_at__gt=at - PERIOD)
        people = list(marks.values_list("person", flat=True))
    return [who for who, count in Counter(people).items() if count >= numbers.count]

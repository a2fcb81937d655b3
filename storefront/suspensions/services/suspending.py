"""Suspensions: imposed by one moderator under the published numbers, appealed to another, lifted early.

Each ends by itself on its last day. If the decisions it rests on are overturned and too few are left, it ends at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts import services as account_services
from accounts.models import User
from common import jobs
from storefront.community.models import AppealOutcome, ReviewCase
from storefront.suspensions import permissions, selectors
from storefront.suspensions.errors import (
    AppealNotPossible,
    DecidedBefore,
    GroundsMissing,
    NothingSinceWarning,
    NotYours,
    SuspendedAlready,
    TooLong,
    WarningMissing,
    WordsMissing,
)
from storefront.suspensions.models import PriorWarning, Suspension
from storefront.suspensions.models.suspension import FACTS_CHANGED
from storefront.suspensions.rules import NUMBERS, SuspensionRule, longest
from storefront.suspensions.selectors import Grounds


@transaction.atomic
def suspend(
    *, actor: User, person: User, rule: SuspensionRule, evidence: str, reason: str, days: int, at: datetime
) -> Suspension:
    """Suspend what the rule is about, from now until the last day.

    Raises NotYours, WordsMissing, GroundsMissing, WarningMissing, NothingSinceWarning, SuspendedAlready, TooLong.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)  # two moderators at once
    numbers = NUMBERS[rule]
    grounds = selectors.grounds_of(person, rule, at)
    if not permissions.may_suspend(actor, person, grounds.about):
        raise NotYours
    if not evidence.strip() or not reason.strip():
        raise WordsMissing
    if not grounds.is_enough:
        raise GroundsMissing(count=numbers.count, found=grounds.count)
    warning = _warning_before(grounds, person, at)
    if Suspension.objects.active(at).filter(person=person, activity=numbers.activity).exists():
        raise SuspendedAlready
    most = longest(selectors.earlier_suspensions(person, numbers.activity))
    if not 1 <= days <= most:
        raise TooLong(days=most)
    made = Suspension.objects.create(
        person=person,
        activity=numbers.activity,
        rule=rule,
        warning=warning,
        evidence=evidence.strip(),
        reason=reason.strip(),
        first_day=at.date(),
        last_day=at.date() + timedelta(days=days),
        decided_by=actor,
        decided_at=at,
    )
    made.cases.set(grounds.cases)
    made.unfounded.set(grounds.unfounded)
    facts: dict[str, str | int] = {"rule": rule, "last_day": made.last_day.isoformat()}
    account_services.record_audit(actor=actor, verb="suspension.imposed", subject=made, facts=facts)
    _tell(made)
    return made


@transaction.atomic
def lift(*, actor: User, suspension: Suspension, reason: str, at: datetime) -> Suspension:
    """End a suspension early. Raises NotYours, DecidedBefore, WordsMissing."""
    found = _locked(suspension)
    if not permissions.may_judge(actor, found.person):
        raise NotYours
    if not found.is_active(at.date()):
        raise DecidedBefore
    if not reason.strip():
        raise WordsMissing
    _end(found, actor, reason.strip(), at)
    return found


@transaction.atomic
def appeal(*, actor: User, suspension: Suspension, text: str, at: datetime) -> Suspension:
    """Appeal, as the person. The suspension goes on meanwhile. Raises AppealNotPossible, WordsMissing."""
    found = _locked(suspension)
    if not permissions.may_appeal(actor, found, found.person, at):
        raise AppealNotPossible
    if not text.strip():
        raise WordsMissing
    found.appeal, found.appealed_at = text.strip(), at
    found.save(update_fields=["appeal", "appealed_at"])
    account_services.record_audit(actor=actor, verb="suspension.appealed", subject=found)
    return found


@transaction.atomic
def decide_appeal(
    *, actor: User, suspension: Suspension, outcome: AppealOutcome, reason: str, at: datetime
) -> Suspension:
    """Decide the appeal, as a second person. Overturned, the suspension ends at once and counts no more.

    Raises DecidedBefore, NotYours, WordsMissing.
    """
    found = _locked(suspension)
    if not found.awaits_appeal:
        raise DecidedBefore
    if not permissions.may_decide_appeal(actor, found):
        raise NotYours
    if not reason.strip():
        raise WordsMissing
    found.appeal_outcome, found.appeal_reason = outcome, reason.strip()
    found.appeal_decided_by, found.appeal_decided_at = actor, at
    if found.is_undone:
        found.lifted_at = found.lift_told_at = at  # told with the outcome of the appeal
    found.save()
    facts: dict[str, str | int] = {"outcome": outcome}
    account_services.record_audit(actor=actor, verb="suspension.appeal_decided", subject=found, facts=facts)
    _tell(found)
    return found


def case_decided(case: ReviewCase, at: datetime) -> None:
    """End suspensions that rest on a decision which was overturned, or on a finding that a complaint has refuted, if
    too few are left."""
    about = Q(cases=case) | Q(unfounded__report__complaint__case=case)
    for suspension in Suspension.objects.active(at).filter(about).distinct().order_by("pk"):
        found = _locked(suspension)
        is_enough = selectors.standing_count(found) >= NUMBERS[SuspensionRule(found.rule)].count
        if found.is_active(at.date()) and not is_enough:
            _end(found, None, FACTS_CHANGED, at)


def _warning_before(grounds: Grounds, person: User, at: datetime) -> PriorWarning:
    """Return the warning that the person was told of before the newest ground."""
    warning = selectors.warning_in_force(person, grounds.numbers.activity, at)
    if warning is None or warning.told_at is None:
        raise WarningMissing
    if grounds.newest_at is None or grounds.newest_at <= warning.told_at:
        raise NothingSinceWarning
    return warning


def _locked(suspension: Suspension) -> Suspension:
    rows = Suspension.objects.select_for_update(of=("self",)).select_related("person")
    return rows.get(pk=suspension.pk)


def _end(found: Suspension, actor: User | None, reason: str, at: datetime) -> None:
    found.lifted_at, found.lifted_by, found.lift_reason = at, actor, reason
    found.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    account_services.record_audit(actor=actor, verb="suspension.lifted", subject=found)
    _tell(found)


def _tell(found: Suspension) -> None:
    jobs.enqueue("suspensions.mail_suspension", suspension_id=found.pk)

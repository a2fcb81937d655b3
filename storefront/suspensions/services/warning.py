"""Findings that something was manifestly unfounded, and the warnings that come before every suspension."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts import services as account_services
from accounts.models import User
from accounts.restrictions import Activity
from common import jobs
from storefront.community.models import AppealOutcome, CaseOutcome, Report, ReviewCase
from storefront.suspensions import permissions, selectors
from storefront.suspensions.errors import NothingToWarnOf, NotUnfounded, NotYours, WarnedBefore, WordsMissing
from storefront.suspensions.models import PriorWarning, Unfounded


@transaction.atomic
def call_report_unfounded(*, actor: User, report: Report, reason: str, at: datetime) -> Unfounded:
    """Find that a dismissed report or complaint was manifestly unfounded. Raises NotYours, NotUnfounded,
    WordsMissing."""
    found = Report.objects.select_related("case", "user").get(pk=report.pk)
    if found.user is None or found.case.decided_at is None or found.case.outcome != CaseOutcome.KEEP:
        raise NotUnfounded
    activity = Activity.NOTICES if found.complaint_on_id is None else Activity.COMPLAINTS
    return _find(actor, Unfounded(person=found.user, activity=activity, report=found), found.case, reason, at)


@transaction.atomic
def call_appeal_unfounded(*, actor: User, case: ReviewCase, reason: str, at: datetime) -> Unfounded:
    """Find that a refused appeal was manifestly unfounded. Raises NotYours, NotUnfounded, WordsMissing."""
    found = ReviewCase.objects.select_related("writer").get(pk=case.pk)
    if found.appeal_outcome != AppealOutcome.UPHELD:
        raise NotUnfounded
    made = Unfounded(person=found.writer, activity=Activity.COMPLAINTS, appeal_of=found)
    return _find(actor, made, found, reason, at)


def _find(actor: User, made: Unfounded, case: ReviewCase, reason: str, at: datetime) -> Unfounded:
    is_appeal = made.report is None
    involved = actor == made.person if is_appeal else not permissions.may_call_unfounded(actor, made.person, case)
    if involved or not permissions.may_judge(actor, made.person):
        raise NotYours
    if not reason.strip():
        raise WordsMissing
    made.reason, made.made_by, made.made_at = reason.strip(), actor, at
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:  # somebody else found it meanwhile
        raise NotUnfounded from None
    account_services.record_audit(actor=actor, verb="suspension.unfounded", subject=made, facts={"case": str(case)})
    return made


@transaction.atomic
def warn(*, actor: User, person: User, activity: Activity, reason: str, at: datetime) -> PriorWarning:
    """Warn the person that a suspension of this kind may follow. A warning counts for twelve months.

    Raises NotYours, WordsMissing, WarnedBefore, NothingToWarnOf.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    counted = selectors.rules_for(activity, person, at)
    cases = {case.pk: case for one in counted for case in one.cases}
    unfounded = {one.pk: one for grounds in counted for one in grounds.unfounded}
    if not permissions.may_suspend(actor, person, list(cases.values())):
        raise NotYours
    if not reason.strip():
        raise WordsMissing
    if selectors.warning_in_force(person, activity, at) is not None:
        raise WarnedBefore
    if not cases and not unfounded:
        raise NothingToWarnOf
    made = PriorWarning.objects.create(
        person=person, activity=activity, reason=reason.strip(), made_by=actor, made_at=at
    )
    made.cases.set(cases.values())
    made.unfounded.set(unfounded.values())
    facts: dict[str, str | int] = {"activity": activity}
    account_services.record_audit(actor=actor, verb="suspension.warned", subject=made, facts=facts)
    jobs.enqueue("suspensions.mail_warning", warning_id=made.pk)
    return made

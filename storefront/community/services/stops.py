"""The 72-hour stop: one moderator hides something at once, under a named rule. It ends by itself.

A second moderator who decides the case meanwhile puts a decision in its place (`moderation.decide`); whoever stopped it
cannot. A stop touches no money: pre-orders stay, nothing is refunded, and what was earned is paid.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common import jobs
from publishing import services as publishing_services
from storefront.community import permissions
from storefront.community.errors import (
    CaseDecided,
    CaseNotYours,
    EvidenceMissing,
    ReasonMissing,
    StoppedBefore,
    SubjectChanged,
)
from storefront.community.models import CaseState, ReportRule, ReviewCase, Stop
from storefront.community.selectors import cases
from storefront.community.services import case_bundles, takedowns

DURATION = timedelta(hours=72)
_BATCH = 100


@transaction.atomic
def stop(
    *, actor: User, case: ReviewCase, rule: ReportRule, evidence: str, reason: str, seen: str, at: datetime
) -> Stop:
    """Hide what an open case is about for 72 hours, once for each case.

    Raises CaseNotYours, CaseDecided, SubjectChanged, ReasonMissing, EvidenceMissing, StoppedBefore.
    """
    case = takedowns.lock_case_subject(case)
    shown = cases.current_subject(case)
    if not permissions.may_stop(actor, case):
        raise CaseNotYours
    if case.state != CaseState.OPEN or shown is None:
        raise CaseDecided
    if seen != shown.version:
        raise SubjectChanged
    if not reason.strip() or rule not in cases.rules_of(case):
        raise ReasonMissing
    if not evidence.strip():
        raise EvidenceMissing
    if Stop.objects.filter(case=case).exists():
        raise StoppedBefore
    made = Stop.objects.create(
        case=case,
        rule=rule,
        evidence=evidence.strip(),
        reason=reason.strip(),
        made_by=actor,
        made_at=at,
        ends_at=at + DURATION,
    )
    _hide(made, case, actor, at)
    account_services.record_audit(actor=actor, verb="review_case.stopped", subject=case, facts={"rule": rule})
    jobs.enqueue("community.mail_stop", stop_id=made.pk)
    return made


def end_due(*, at: datetime) -> int:
    """End the stops whose 72 hours are over; return how many. Nobody has to do anything for it."""
    due = Stop.objects.filter(ended_at=None, ends_at__lte=at).order_by("ends_at")
    return sum(_end_one(stop_id, at) for stop_id in due.values_list("pk", flat=True)[:_BATCH])


@transaction.atomic
def _end_one(stop_id: int, at: datetime) -> bool:
    case = takedowns.lock_case_subject(ReviewCase.objects.get(stop=stop_id))
    found = Stop.objects.get(pk=stop_id)
    if found.ended_at is not None or found.is_active(at):  # a second moderator was faster
        return False
    _close(found, at)
    show_again(found, case, at)
    account_services.record_audit(actor=None, verb="review_case.stop_ended", subject=case, facts={})
    return True


def replace_by_decision(case: ReviewCase, at: datetime) -> Stop | None:
    """Close the active stop of a locked case, because a second moderator decides it now; return it."""
    found = Stop.objects.active(at).filter(case=case).first()
    if found is not None:
        _close(found, at)
    return found


def show_again(found: Stop, case: ReviewCase, at: datetime) -> None:
    """Show what a closed stop has hidden, unless a decision hides it."""
    if case.work is not None:
        publishing_services.end_stop(work=case.work, case=case.public_id, edition=found.edition)
        case_bundles.restore(case, at)
        return
    takedowns.update_hidden(case, at)


def _hide(made: Stop, case: ReviewCase, actor: User, at: datetime) -> None:
    if case.work is None:
        takedowns.update_hidden(case, at)
        return
    with case_bundles.recorded(case):
        made.edition = publishing_services.stop_sale(actor=actor, work=case.work, case=case.public_id, at=at)
    made.save(update_fields=["edition"])


def _close(found: Stop, at: datetime) -> None:
    found.ended_at = at
    found.save(update_fields=["ended_at"])

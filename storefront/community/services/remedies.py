"""Mended things come back through their case: the owner says what was mended, and a moderator looks at it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import restrictions
from accounts import services as account_services
from accounts.models import User
from accounts.restrictions import Activity, OwnerRestricted
from common import jobs
from publishing import selectors as publishing_selectors
from publishing import services as publishing_services
from publishing.models import Edition, Work
from storefront.community import permissions
from storefront.community.errors import CaseDecided, CaseNotYours, ReasonMissing, SubjectChanged
from storefront.community.models import CaseOutcome, CaseState, Remedy, Reported, ReviewCase
from storefront.community.selectors import cases
from storefront.community.services import takedowns


@transaction.atomic
def send(*, actor: User, case: ReviewCase, text: str, at: datetime) -> Remedy:
    """Say what was mended. A draft that is ready goes on sale in place of the edition that was taken down.

    Raises CaseNotYours, ReasonMissing.
    """
    case = takedowns.lock_case_subject(case)
    if not permissions.may_mend(actor, case):
        raise CaseNotYours
    if not text.strip():
        raise ReasonMissing
    made = Remedy.objects.create(case=case, text=text.strip(), edition=_mended(case.work), sent_at=at)
    case.state = CaseState.MENDED
    case.save(update_fields=["state"])
    account_services.record_audit(actor=actor, verb="review_case.mended", subject=case, facts={})
    return made


@transaction.atomic
def decide(*, actor: User, case: ReviewCase, is_accepted: bool, reason: str, seen: str, at: datetime) -> Remedy:
    """Accept what was mended, which lifts the decision, or say why it is not enough.

    Raises CaseNotYours, CaseDecided, SubjectChanged, ReasonMissing, OwnerRestricted, and what publishing refuses about
    the new edition.
    """
    case = takedowns.lock_case_subject(case)
    if not permissions.may_decide_case(actor, case):
        raise CaseNotYours
    found = case.remedies.select_related("edition").filter(decided_at=None).first()
    if case.state != CaseState.MENDED or found is None:
        raise CaseDecided
    if seen != version_of(case):
        raise SubjectChanged
    if not reason.strip():
        raise ReasonMissing
    returns = is_accepted and case.outcome == CaseOutcome.OFF_SALE
    if returns and restrictions.is_restricted(case.writer, Activity.CONTENT, at):
        raise OwnerRestricted
    found.is_accepted, found.reason, found.decided_by, found.decided_at = is_accepted, reason.strip(), actor, at
    found.save()
    case.state = CaseState.CLOSED if is_accepted or case.appeal_outcome else CaseState.DECIDED
    case.remedied_at = at if is_accepted else None
    case.save(update_fields=["state", "remedied_at"])
    if is_accepted:
        _bring_back(case, found.edition, actor, at)
    facts: dict[str, str | int] = {"outcome": "accepted" if is_accepted else "refused"}
    account_services.record_audit(actor=actor, verb="review_case.mending_decided", subject=case, facts=facts)
    jobs.enqueue("community.mail_remedy", remedy_id=found.pk)
    return found


def version_of(case: ReviewCase) -> str:
    """Return what a moderator of a mended case has before them: the thing, and the files of the mended edition."""
    shown = cases.current_subject(case)
    waiting = case.remedies.select_related("edition").filter(decided_at=None).first()
    job_id = waiting.edition.job_id if waiting is not None and waiting.edition is not None else ""
    return f"{shown.version if shown is not None else ''}.{job_id}"


def _mended(work: Work | None) -> Edition | None:
    """Return the work's draft, if it is complete."""
    draft = publishing_selectors.draft_of(work) if work is not None else None
    return draft if draft is not None and publishing_selectors.is_ready(draft) else None


def _bring_back(case: ReviewCase, edition: Edition | None, actor: User, at: datetime) -> None:
    takedowns.lift(case, actor=actor, at=at, by=edition)
    if case.reported == Reported.BOOK and case.work is not None and edition is not None:
        owner = User.objects.get(pk=case.work.owner_id)  # who asked for it by sending the mended edition
        publishing_services.publish_edition(actor=owner, edition=edition, at=at)

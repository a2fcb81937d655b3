"""Complaints about reports that led to nothing (Digital Services Act, Article 20).

A complaint is a report in a new case, so that a second person decides by rule and evidence like the first, and its
owner can appeal. Whoever dismissed the report may not decide it (`permissions.may_decide_case`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import services as account_services
from accounts.restrictions import Activity
from common import jobs
from common.errors import NotFound
from storefront.community import permissions
from storefront.community.errors import ComplaintNotPossible, ReasonMissing
from storefront.community.models import CaseState, Report, ReviewCase
from storefront.community.models.report_rule import ALWAYS_COUNTED
from storefront.community.selectors import cases
from storefront.community.services import moderation, reports


@transaction.atomic
def complain(*, report: Report, text: str, at: datetime) -> Report:
    """Complain about a dismissed report, as its sender. Raises ComplaintNotPossible, ReasonMissing,
    ComplaintsSuspended, and NotFound if there is nothing left to decide."""
    dismissed = moderation.lock_case(report.case)
    before = Report.objects.select_for_update(of=("self",)).select_related("case", "user").get(pk=report.pk)
    if not permissions.may_complain(before, at):
        raise ComplaintNotPossible
    if before.rule not in ALWAYS_COUNTED:
        reports.require_heard(before, Activity.COMPLAINTS, at)
    if not text.strip():
        raise ReasonMissing
    if cases.current_subject(dismissed) is None:
        raise NotFound
    case = _open_case(dismissed, at)
    case.reports.filter(user=before.user, email=before.email).exclude(user=None, email="").update(complaint_on=before)
    made = Report.objects.filter(complaint_on=before).first()
    if made is None:
        made = _copy(before, case, text, at)
    account_services.record_audit(actor=before.user, verb="review_case.complained", subject=case, facts={})
    jobs.enqueue("community.mail_receipt", report_id=made.pk)
    return made


def _open_case(dismissed: ReviewCase, at: datetime) -> ReviewCase:
    """Return the open case about the same thing, or open one."""
    about: dict[str, Any] = {
        "reported": dismissed.reported,
        "is_reply": dismissed.is_reply,
        "review": dismissed.review,
        "reply": dismissed.reply,
        "work": dismissed.work,
        "shelf": dismissed.shelf,
        "thing_id": dismissed.thing_id,
    }
    started = {"writer_id": dismissed.writer_id, "thing_title": dismissed.thing_title, "opened_at": at}
    return ReviewCase.objects.get_or_create(**about, state=CaseState.OPEN, defaults=started)[0]


def _copy(before: Report, case: ReviewCase, text: str, at: datetime) -> Report:
    return Report.objects.create(
        case=case,
        user=before.user,
        name=before.name,
        email=before.email,
        language=before.language,
        rule=before.rule,
        place=before.place,
        words=text.strip(),
        right_holder=before.right_holder,
        original=before.original,
        complaint_on=before,
        created_at=at,
        confirmed_at=at,
    )

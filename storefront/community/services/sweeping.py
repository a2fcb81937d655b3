"""Finds mails about decisions, reports and replies that a lost message left unsent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models

from common import clock, jobs
from storefront.community.models import ReviewReply
from storefront.community.selectors import cases

# The message of the moment gets a head start.
_HEAD_START = timedelta(minutes=1)
_BATCH = 100


def sweep() -> None:
    """Enqueue again: mails about decisions, reports and replies."""
    before = clock.database_now() - _HEAD_START
    for case_id in _ids(cases.cases_to_mail().filter(decided_at__lte=before)):
        jobs.enqueue("community.mail_case", case_id=case_id)
    for report_id in _ids(cases.reports_to_mail().filter(case__decided_at__lte=before)):
        jobs.enqueue("community.mail_report", report_id=report_id)
    for reply_id in _ids(ReviewReply.objects.filter(mailed_at=None, created_at__lte=before)):
        jobs.enqueue("community.mail_reply", reply_id=reply_id)


def _ids(rows: models.QuerySet[Any]) -> list[int]:
    """Any of them: were it the oldest, so many that fail each time would hold up all others."""
    return list(rows.order_by("?").values_list("pk", flat=True)[:_BATCH])

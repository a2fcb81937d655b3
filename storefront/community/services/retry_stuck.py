"""Finds emails about decisions, reports and replies that were not sent because a message was lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models

from common import clock, jobs
from storefront.community.models import ReviewReply
from storefront.community.selectors import cases, collapses

# Leave the original message some time first.
_HEAD_START = timedelta(minutes=1)
_BATCH = 100


def retry_stuck() -> None:
    """Enqueue unsent emails about decisions, reports and replies again."""
    before = clock.database_now() - _HEAD_START
    for case_id in _ids(cases.cases_to_mail().filter(decided_at__lte=before)):
        jobs.enqueue("community.mail_case", case_id=case_id)
    for report_id in _ids(cases.reports_to_mail().filter(case__decided_at__lte=before)):
        jobs.enqueue("community.mail_report", report_id=report_id)
    for report_id in _ids(cases.receipts_to_mail().filter(created_at__lte=before)):
        jobs.enqueue("community.mail_receipt", report_id=report_id)
    for stop_id in _ids(cases.stops_to_mail().filter(made_at__lte=before)):
        jobs.enqueue("community.mail_stop", stop_id=stop_id)
    for remedy_id in _ids(cases.remedies_to_mail().filter(decided_at__lte=before)):
        jobs.enqueue("community.mail_remedy", remedy_id=remedy_id)
    for collapse_id in _ids(collapses.collapses_to_mail().filter(made_at__lte=before)):
        jobs.enqueue("community.mail_collapse", collapse_id=collapse_id)
    for reply_id in _ids(ReviewReply.objects.filter(mailed_at=None, created_at__lte=before)):
        jobs.enqueue("community.mail_reply", reply_id=reply_id)


def _ids(rows: models.QuerySet[Any]) -> list[int]:
    """Return a random batch of ids: with the oldest first, rows that always fail would hold up all others."""
    return list(rows.order_by("?").values_list("pk", flat=True)[:_BATCH])

"""Compares the texts of two jobs, once, in a worker: a long novel takes seconds and hundreds of megabytes."""

from __future__ import annotations

import zipfile
from datetime import datetime, timedelta

import structlog
from django.db.models import F
from lxml import etree

from common import clock, jobs
from conversion.engine.api import edition_diff
from conversion.job_texts import text_chapters
from conversion.models import ConversionJob, JobState
from publishing.models import TextComparison
from publishing.selectors.changes import MAX_ATTEMPTS

logger = structlog.stdlib.get_logger(__name__)

_TASK = "publishing.compare"
_HEAD_START = timedelta(minutes=1)  # for the message that was sent when it was asked for
_BATCH = 50


def ask_comparison(*, before: ConversionJob, after: ConversionJob, at: datetime) -> None:
    """Have a worker compare the texts of two finished jobs. Safe to repeat, and cheap if it is done."""
    if {before.state, after.state} != {JobState.DONE}:
        return
    row, is_new = TextComparison.objects.get_or_create(before=before, after=after, defaults={"asked_at": at})
    if is_new:
        jobs.enqueue(_TASK, comparison_id=row.pk)


def compare(*, comparison_id: int) -> None:
    """Compare the two texts, unless that is done. Safe to run twice."""
    rows = TextComparison.objects.select_related("before", "after").defer("data")
    row = rows.filter(pk=comparison_id).exclude(version=edition_diff.VERSION).first()
    if row is None:
        return
    TextComparison.objects.filter(pk=comparison_id).update(attempts=F("attempts") + 1)
    try:
        old, new = text_chapters(row.before), text_chapters(row.after)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, etree.XMLSyntaxError):
        logger.exception("publishing.comparison_failed", comparison=comparison_id)
        return
    if old is None or new is None:
        return
    found = edition_diff.compare(old, new)
    TextComparison.objects.filter(pk=comparison_id).update(data=found.to_bytes(), version=found.version, attempts=0)


def enqueue_stuck() -> None:
    """Enqueue comparisons again whose message was lost, and those that an older version made."""
    before = clock.database_now() - _HEAD_START
    rows = TextComparison.objects.exclude(version=edition_diff.VERSION)
    waiting = rows.filter(attempts__lt=MAX_ATTEMPTS, asked_at__lte=before)
    for pk in waiting.order_by("?").values_list("pk", flat=True)[:_BATCH]:
        jobs.enqueue(_TASK, comparison_id=pk)

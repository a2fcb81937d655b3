"""When people are told: some minutes after the first news, and an hour after the last email at the earliest."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import DateTimeField, ExpressionWrapper, F, Q

from common import jobs
from publishing.digests import selectors
from publishing.digests.models import Digest
from publishing.models import Work

DELAY = timedelta(minutes=10)  # most people write several comments in a row
GAP = timedelta(hours=1)
_BATCH = 500


def note_news(work: Work, at: datetime) -> None:
    """Plan an email for everybody who works on the text, unless one is planned. Whether there is news for them is found
    out when it is written."""
    people = selectors.recipients_of(work)
    # The constraint keeps two requests from making the same row.
    Digest.objects.bulk_create(
        [Digest(work=work, user=person, told_until=at - timedelta(microseconds=1)) for person in people],
        ignore_conflicts=True,
    )
    rows = Digest.objects.filter(work=work, user__in=people, stopped_at=None).order_by("pk")
    # Whoever writes an email holds its row. What is noted here is told by it, or by the next one, and never by neither.
    keys = [row.pk for row in rows.select_for_update(of=("self",)) if row.due_at is None]
    waiting = Digest.objects.filter(pk__in=keys)
    recent = Q(mailed_at__gt=at + DELAY - GAP)
    waiting.exclude(recent).update(due_at=at + DELAY)
    waiting.filter(recent).update(due_at=ExpressionWrapper(F("mailed_at") + GAP, output_field=DateTimeField()))


def enqueue_due(*, at: datetime) -> None:
    """Enqueue the emails that are due, and those whose message was lost."""
    due = Digest.objects.filter(due_at__lte=at).order_by("due_at", "pk")
    for pk in due.values_list("pk", flat=True)[:_BATCH]:
        jobs.enqueue("digests.mail", digest_id=pk)

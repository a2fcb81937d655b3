"""Which readers are reminded that a review is welcome: once a copy, when the book comes out or before it ends."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from common import clock, jobs
from publishing.models import Edition, EditionState
from storefront.advance_copies import selectors
from storefront.advance_copies.models import Copy, CopyState
from storefront.community.models import Review

DAYS_BEFORE_END = 7
_SETTLING_IN = timedelta(days=3)  # nobody is reminded as soon as they have a copy
_HEAD_START = timedelta(minutes=5)
_BATCH = 500


def due(rows: QuerySet[Copy], at: datetime) -> QuerySet[Copy]:
    """Filter by the copies about which a reminder is due: its reader wants it and has not reviewed the book; and the
    book has come out since they accepted, or the copy ends within a week."""
    today = clock.last_day_until(at)
    of_work = Edition.objects.filter(work=OuterRef("offer__work"))
    came_out = of_work.filter(state=EditionState.PUBLISHED, published_at__gt=OuterRef("accepted_at"))
    reviewed = Review.objects.filter(work=OuterRef("offer__work"), user=OuterRef("reader"))
    is_ending = Q(last_day__lte=today + timedelta(days=DAYS_BEFORE_END), accepted_at__lte=at - _SETTLING_IN)
    readable = rows.filter(pk__in=Copy.objects.readable(today).values("pk"), reminded_at=None, wants_reminder=True)
    wanted = readable.filter(offer__wants_reviews=True).exclude(Exists(reviewed))
    return wanted.filter(Exists(came_out) | is_ending)


def run_due(*, at: datetime) -> None:
    """Enqueue the reminders that are due, and mails again whose message was lost. Safe to repeat."""
    # Random batches: with the oldest first, rows that always fail would hold up all others.
    for copy_id in due(Copy.objects.all(), at).order_by("?").values_list("pk", flat=True)[:_BATCH]:
        jobs.enqueue("advance_copies.mail_reminder", copy_id=copy_id)
    before = at - _HEAD_START
    to_mail = Copy.objects.filter(state=CopyState.INVITED, mailed_at=None, sent_at__lte=before)
    to_mail = to_mail.filter(selectors.taking(at, "offer__"))
    for copy_id in to_mail.order_by("?").values_list("pk", flat=True)[:_BATCH]:
        jobs.enqueue("advance_copies.mail_invitation", copy_id=copy_id)
    to_tell = selectors.to_tell(Copy.objects.filter(decided_at__lte=before))
    for copy_id in to_tell.order_by("?").values_list("pk", flat=True)[:_BATCH]:
        jobs.enqueue("advance_copies.mail_decision", copy_id=copy_id)

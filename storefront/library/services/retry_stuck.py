"""Finds notifications that were not sent because a message was lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models

from common import clock, jobs
from storefront.library.models import FollowNotice, ListingCheck, NewBookMail, ReaderMail, WishAlert
from storefront.library.services import edition_mails, reader_emails, wishlists

# Leave the original message some time first.
_HEAD_START = timedelta(minutes=1)
_BATCH = 100


def retry_stuck() -> None:
    """Enqueue works to check, and emails about wishes, followed authors and new editions, again."""
    at = clock.database_now()
    before = at - _HEAD_START
    wishlists.forget_removed(at=at)
    for work_id in ListingCheck.objects.filter(asked_at__lte=before).order_by("asked_at").values_list("work")[:_BATCH]:
        jobs.enqueue("library.check_work", work_id=work_id[0])
    for alert_id in _ids(WishAlert.objects.filter(mailed_at=None, made_at__lte=before)):
        jobs.enqueue("library.mail_wish_alert", alert_id=alert_id)
    weekly = ReaderMail.objects.filter(new_books=NewBookMail.WEEKLY).values("user")
    notices = FollowNotice.objects.filter(mailed_at=None, made_at__lte=before).exclude(user__in=weekly)
    for notice_id in _ids(notices):
        jobs.enqueue("library.mail_new_book", notice_id=notice_id)
    edition_mails.enqueue_stuck(at=at)
    for user_id in reader_emails.due_weekly(at=at):
        jobs.enqueue("library.mail_weekly", user_id=user_id)


def _ids(rows: models.QuerySet[Any]) -> list[int]:
    """Return a random batch of ids: with the oldest first, rows that always fail would hold up all others."""
    return list(rows.order_by("?").values_list("pk", flat=True)[:_BATCH])

"""Library tasks: recommendations, notifications to readers, digests of files, and re-enqueueing of lost jobs."""

from __future__ import annotations

from celery import shared_task

from common import clock
from common.locks import single_instance
from storefront.library.services import (
    edition_mails,
    file_digests,
    notifications,
    reader_emails,
    recommendations,
    retry_stuck,
)


@shared_task(name="library.recommend", soft_time_limit=1800, time_limit=1900)
@single_instance("library.recommend")
def recommend() -> None:
    """Recalculate which books are recommended beside each book."""
    recommendations.recommend(at=clock.now())


@shared_task(name="library.check_work", soft_time_limit=300, time_limit=330)
def look_at_work(work_id: int) -> None:
    """Find the readers to notify of a work that changed."""
    notifications.check_work(work_id=work_id, at=clock.now())


@shared_task(name="library.mail_wish_alert", soft_time_limit=30, time_limit=45)
def mail_wish_alert(alert_id: int) -> None:
    """Email one reader about one book that is cheaper or has come out."""
    reader_emails.mail_wish_alert(alert_id=alert_id)


@shared_task(name="library.mail_new_book", soft_time_limit=30, time_limit=45)
def mail_new_book(notice_id: int) -> None:
    """Email one follower about one new book."""
    reader_emails.mail_new_book(notice_id=notice_id)


@shared_task(name="library.mail_weekly", soft_time_limit=30, time_limit=45)
def mail_weekly(user_id: int) -> None:
    """Email one follower about the week's new books."""
    reader_emails.mail_weekly(user_id=user_id)


@shared_task(name="library.start_edition_mail", soft_time_limit=300, time_limit=330)
def start_edition_mail(mailing_id: int) -> None:
    """Find the readers to email about a new edition."""
    edition_mails.start(mailing_id=mailing_id, at=clock.now())


@shared_task(name="library.mail_edition", soft_time_limit=30, time_limit=45)
def mail_edition(notice_id: int) -> None:
    """Email one reader about one new edition."""
    edition_mails.mail(notice_id=notice_id)


@shared_task(name="library.retry_stuck", soft_time_limit=60, time_limit=90)
def retry_stuck_jobs() -> None:
    """Enqueue jobs again that did not run because a message was lost."""
    retry_stuck.retry_stuck()


@shared_task(name="library.note_digests", soft_time_limit=300, time_limit=330)
@single_instance("library.note_digests")
def note_digests() -> None:
    """Note by which digests KOReader knows files that nobody has downloaded since digests are noted."""
    file_digests.note_missing()

"""Tasks of the library: recommendations, what readers are told, and the sweeper behind it."""

from __future__ import annotations

from celery import shared_task

from common import clock
from common.alone import one_at_a_time
from storefront.library.services import reader_mails, recommendations, sweeping, watching


@shared_task(name="library.recommend", soft_time_limit=1800, time_limit=1900)
@one_at_a_time("library.recommend")
def recommend() -> None:
    """Count anew which books stand beside a book."""
    recommendations.recommend(at=clock.now())


@shared_task(name="library.look_at_work", soft_time_limit=300, time_limit=330)
def look_at_work(work_id: int) -> None:
    """Find what readers are to be told of one work that changed."""
    watching.look_at_work(work_id=work_id, at=clock.now())


@shared_task(name="library.mail_wish_alert", soft_time_limit=30, time_limit=45)
def mail_wish_alert(alert_id: int) -> None:
    """Tell one reader of one cheaper book, or of one that is out."""
    reader_mails.mail_wish_alert(alert_id=alert_id)


@shared_task(name="library.mail_new_book", soft_time_limit=30, time_limit=45)
def mail_new_book(notice_id: int) -> None:
    """Tell one follower of one new book."""
    reader_mails.mail_new_book(notice_id=notice_id)


@shared_task(name="library.mail_weekly", soft_time_limit=30, time_limit=45)
def mail_weekly(user_id: int) -> None:
    """Tell one follower of the week's new books."""
    reader_mails.mail_weekly(user_id=user_id)


@shared_task(name="library.sweep", soft_time_limit=60, time_limit=90)
def sweep() -> None:
    """Ask again for what a lost message left untold."""
    sweeping.sweep()

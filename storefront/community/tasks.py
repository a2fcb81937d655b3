"""Community tasks: emails, standing, star ratings, ranking, and re-enqueueing of lost jobs."""

from __future__ import annotations

from celery import shared_task

from common import clock, jobs
from common.locks import single_instance
from storefront.catalogue.services import ranking
from storefront.community.services import (
    case_emails,
    collapses,
    report_emails,
    retry_stuck,
    review_emails,
    review_sorting,
    shelves,
    standings,
    stops,
    vote_counting,
)


@shared_task(name="community.mail_case", soft_time_limit=30, time_limit=45)
def mail_case(case_id: int) -> None:
    """Email the writer a moderator's decision, or the outcome of their appeal."""
    review_emails.mail_case(case_id=case_id)


@shared_task(name="community.mail_report", soft_time_limit=30, time_limit=45)
def mail_report(report_id: int) -> None:
    """Email one person the outcome of their report."""
    report_emails.mail_report(report_id=report_id)


@shared_task(name="community.mail_stop", soft_time_limit=30, time_limit=45)
def mail_stop(stop_id: int) -> None:
    """Email the owner that something was stopped for 72 hours."""
    case_emails.mail_stop(stop_id=stop_id)


@shared_task(name="community.mail_remedy", soft_time_limit=30, time_limit=45)
def mail_remedy(remedy_id: int) -> None:
    """Email the owner what was decided about what they have mended."""
    case_emails.mail_remedy(remedy_id=remedy_id)


@shared_task(name="community.end_stops", soft_time_limit=60, time_limit=90)
@single_instance("community.end_stops")
def end_stops() -> None:
    """End emergency stops whose 72 hours are over."""
    stops.end_due(at=clock.now())


@shared_task(name="community.mail_receipt", soft_time_limit=30, time_limit=45)
def mail_receipt(report_id: int) -> None:
    """Email one person that their report has arrived."""
    report_emails.mail_receipt(report_id=report_id)


@shared_task(name="community.mail_collapse", soft_time_limit=30, time_limit=45)
def mail_collapse(collapse_id: int) -> None:
    """Email the writer that a machine has collapsed their review."""
    collapses.mail_collapse(collapse_id=collapse_id)


@shared_task(name="community.mail_reply", soft_time_limit=30, time_limit=45)
def mail_reply(reply_id: int) -> None:
    """Email the reviewer that an author has replied."""
    review_emails.mail_reply(reply_id=reply_id)


@shared_task(name="community.note_entitlements", soft_time_limit=60, time_limit=90)
def note_entitlements(user_id: int) -> None:
    """Update a person's reviews and votes after their entitlements have changed."""
    standings.update_after_entitlement_change(user_id=user_id, at=clock.now())


@shared_task(name="community.recount_around", soft_time_limit=60, time_limit=90)
def recount_around(user_id: int) -> None:
    """Recalculate the standing of a person and of the people they voted for."""
    standings.recalculate_with_voted_for(user_id=user_id, at=clock.now())


@shared_task(name="community.nightly_trust", soft_time_limit=600, time_limit=660)
@single_instance("community.nightly_trust")
def nightly_trust() -> None:
    """Delete old removed shelf books, find reviews whose entitlements changed, and recalculate everybody's standing.

    Work that goes book by book or review by review is enqueued separately, with time limits of its own.
    """
    shelves.forget_removed(at=clock.now())
    standings.note_all_entitlements(at=clock.now())
    standings.recount_everybody(at=clock.now())
    jobs.enqueue("community.recount_stars")
    jobs.enqueue("community.rescore_everything")


@shared_task(name="community.recount_stars", soft_time_limit=1800, time_limit=1900)
@single_instance("community.recount_stars")
def recount_stars() -> None:
    """Recount the stars of books with wrongly marked reviews."""
    standings.recount_stars()


@shared_task(name="community.rescore_everything", soft_time_limit=1800, time_limit=1900)
@single_instance("community.rescore_everything")
def rescore_everything() -> None:
    """Recalculate the scores of reviews that are wrong."""
    review_sorting.rescore_everything()


@shared_task(name="community.rank", soft_time_limit=480, time_limit=540)
@single_instance("community.rank")
def rank() -> None:
    """Recalculate the ranking, and plan which new books appear on the fresh shelf when."""
    ranking.plan_fresh(at=clock.now())
    vote_counting.rank(at=clock.now())


@shared_task(name="community.retry_stuck", soft_time_limit=60, time_limit=90)
def retry_stuck_jobs() -> None:
    """Enqueue emails again that were not sent because a message was lost."""
    retry_stuck.retry_stuck()

"""Tasks of the community: mails, standing, stars, ranking, and the sweeper behind them."""

from __future__ import annotations

from celery import shared_task

from common import clock, jobs
from common.alone import one_at_a_time
from storefront.catalogue.services import ranking
from storefront.community.services import ordering, review_mails, shelves, standings, sweeping, vote_counting


@shared_task(name="community.mail_case", soft_time_limit=30, time_limit=45)
def mail_case(case_id: int) -> None:
    """Tell one reviewer what a moderator decided, or what became of the appeal."""
    review_mails.mail_case(case_id=case_id)


@shared_task(name="community.mail_report", soft_time_limit=30, time_limit=45)
def mail_report(report_id: int) -> None:
    """Tell one person what became of what they reported."""
    review_mails.mail_report(report_id=report_id)


@shared_task(name="community.mail_reply", soft_time_limit=30, time_limit=45)
def mail_reply(reply_id: int) -> None:
    """Tell one reviewer that the author has replied."""
    review_mails.mail_reply(reply_id=reply_id)


@shared_task(name="community.note_entitlements", soft_time_limit=60, time_limit=90)
def note_entitlements(user_id: int) -> None:
    """A person's books have come or gone: see what that means for their reviews and votes."""
    standings.note_entitlements(user_id=user_id, at=clock.now())


@shared_task(name="community.recount_around", soft_time_limit=60, time_limit=90)
def recount_around(user_id: int) -> None:
    """Reckon the standing of a person and of those they voted for."""
    standings.recount_around(user_id=user_id, at=clock.now())


@shared_task(name="community.nightly_trust", soft_time_limit=600, time_limit=660)
@one_at_a_time("community.nightly_trust")
def nightly_trust() -> None:
    """Forget what was taken off shelves, find reviews of books that came or went, reckon everybody's standing anew.

    What goes book by book, and review by review, has its own time.
    """
    shelves.forget_removed(at=clock.now())
    standings.note_all_entitlements(at=clock.now())
    standings.recount_everybody(at=clock.now())
    jobs.enqueue("community.recount_stars")
    jobs.enqueue("community.rescore_everything")


@shared_task(name="community.recount_stars", soft_time_limit=1800, time_limit=1900)
@one_at_a_time("community.recount_stars")
def recount_stars() -> None:
    """Count anew the stars of books with reviews that are marked wrongly."""
    standings.recount_stars()


@shared_task(name="community.rescore_everything", soft_time_limit=1800, time_limit=1900)
@one_at_a_time("community.rescore_everything")
def rescore_everything() -> None:
    """Reckon the scores of reviews that are wrong."""
    ordering.rescore_everything()


@shared_task(name="community.rank", soft_time_limit=480, time_limit=540)
@one_at_a_time("community.rank")
def rank() -> None:
    """Rank the books anew, and plan the turns of the fresh shelf."""
    ranking.plan_fresh(at=clock.now())
    vote_counting.rank(at=clock.now())


@shared_task(name="community.sweep", soft_time_limit=60, time_limit=90)
def sweep() -> None:
    """Ask again for what a lost message left untold."""
    sweeping.sweep()

"""Celery tasks of publishing."""

from __future__ import annotations

from celery import shared_task

from common import clock
from common.locks import single_instance
from publishing import services as publishing_services
from publishing.services import comparisons, promotions, publishing_as, release_dates


@shared_task(name="publishing.mail_proposal", acks_late=True, soft_time_limit=30, time_limit=40)
def mail_proposal(*, agreement_id: int) -> None:
    """Send the mails that ask people to agree to their shares."""
    publishing_services.mail_proposal(agreement_id=agreement_id)


@shared_task(name="publishing.mail_credit", acks_late=True, soft_time_limit=30, time_limit=40)
def mail_credit(*, contributor_id: int) -> None:
    """Send the mail that asks one person to accept a credit."""
    publishing_services.mail_credit(contributor_id=contributor_id)


@shared_task(name="publishing.mail_late", acks_late=True, soft_time_limit=30, time_limit=40)
def mail_late(*, work_id: int) -> None:
    """Tell one author that their book did not come out on its release date."""
    publishing_services.mail_late(work_id=work_id)


@shared_task(name="publishing.enqueue_due_releases", soft_time_limit=30, time_limit=40)
def enqueue_due_releases() -> None:
    """Enqueue the release of the editions that are due, and comparisons whose message was lost."""
    release_dates.enqueue_due_releases()
    publishing_as.enqueue_due_plans()
    comparisons.enqueue_stuck()
    publishing_services.enqueue_missed_announcements()


@shared_task(name="publishing.announce_promotions", soft_time_limit=240, time_limit=300)
@single_instance("publishing.announce_promotions")
def announce_promotions() -> None:
    """Tell the shop of promotions that have begun or ended."""
    promotions.announce_borders(at=clock.now())


@shared_task(name="publishing.release", acks_late=True, soft_time_limit=60, time_limit=90)
def release(*, edition_id: int) -> None:
    """Put one edition on sale on its release date."""
    release_dates.release(edition_id=edition_id, at=clock.database_now())


@shared_task(name="publishing.release_planned", acks_late=True, soft_time_limit=60, time_limit=90)
def release_planned(*, plan_id: int) -> None:
    """Put one edition on sale at the time its author planned."""
    publishing_as.release_planned(plan_id=plan_id, at=clock.database_now())


@shared_task(name="publishing.check_plan", acks_late=True, soft_time_limit=30, time_limit=40)
def check_plan(*, plan_id: int) -> None:
    """Look at one edition a day before its release."""
    publishing_as.check_plan(plan_id=plan_id, at=clock.database_now())


@shared_task(name="publishing.announce_files", acks_late=True, soft_time_limit=60, time_limit=90)
def announce_files(*, job_id: int) -> None:
    """Tell the shop that an edition's PDFs are there."""
    publishing_services.announce_files(job_id=job_id)


@shared_task(name="publishing.mail_plan", acks_late=True, soft_time_limit=30, time_limit=40)
def mail_plan(*, plan_id: int) -> None:
    """Tell one author that an edition cannot go on sale as planned."""
    publishing_services.mail_plan(plan_id=plan_id)


@shared_task(name="publishing.compare", acks_late=True, soft_time_limit=120, time_limit=150)
def compare(*, comparison_id: int) -> None:
    """Compare the texts of two editions."""
    comparisons.compare(comparison_id=comparison_id)

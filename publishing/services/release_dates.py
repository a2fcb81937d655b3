"""Release dates: the day on which a work's first edition goes on sale, announced by its owner.

Readers may pre-order from the announcement on. On the release date a worker publishes the draft if it is ready. If it
is not, it is published as soon as it is ready, or by its owner; readers wait or cancel. Publishing earlier is possible
and moves the release date to that day.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from accounts import restrictions
from accounts import services as account_services
from accounts.models import User
from accounts.restrictions import Activity
from common import clock, jobs
from publishing import hooks, permissions, selectors
from publishing.errors import ReleaseNotPossible, ReleaseTooEarly, WorkTakenDown
from publishing.models import Edition, Work
from publishing.services import editions


@transaction.atomic
def announce_release(*, actor: User, work: Work, day: date, at: datetime) -> Work:
    """Announce the release date or change it; readers who pre-ordered are told of the new date.

    Raises WorkTakenDown, ReleaseTooEarly for a date that is not in the future, ReleaseNotPossible with what is missing,
    and ContentSuspended or AuthorAccountEnded.
    """
    work = editions.lock_work(work)
    permissions.require_publish(actor, work)
    restrictions.require(actor, Activity.CONTENT, at)
    if work.held_by:
        raise WorkTakenDown
    if day <= at.date():
        raise ReleaseTooEarly
    missing = selectors.missing_for_release(work)
    if missing:
        raise ReleaseNotPossible(reasons="; ".join(missing))
    work.release_date = day
    work.save(update_fields=["release_date"])
    editions.unarchive(work)
    account_services.record_audit(actor=actor, verb="release.announced", subject=work, facts={"day": day.isoformat()})
    editions.announce_change(work)
    return work


@transaction.atomic
def cancel_release(*, actor: User, work: Work, at: datetime) -> Work:
    """Cancel the announcement; everyone who pre-ordered gets their money back. Safe to repeat."""
    work = editions.lock_work(work)
    permissions.require_publish(actor, work)
    return cancel_announcement(actor=actor, work=work, at=at)


def cancel_announcement(*, actor: User, work: Work, at: datetime) -> Work:
    """Cancel the announcement of a locked work. The caller has checked that the actor may."""
    draft = selectors.announced_of(work)
    if draft is not None:
        draft.work = work
        work.release_date = None
        work.save(update_fields=["release_date"])
        account_services.record_audit(
            actor=actor, verb="release.called_off", subject=work, facts={"called_off_at": at.isoformat()}
        )
        hooks.notify_withdrawn(draft)
    return work


def enqueue_due_releases() -> None:
    """Enqueue the publication of due editions, including overdue ones, and the mails about late releases."""
    today = clock.database_now().date()
    for edition in selectors.editions_due(day=today):
        jobs.enqueue("publishing.release", edition_id=edition.pk)
    for work in selectors.works_late(day=today):
        jobs.enqueue("publishing.mail_late", work_id=work.pk)


def release(*, edition_id: int, at: datetime) -> bool:
    """Publish a due edition in its owner's name, if it is ready; return whether it was. Safe to run twice.

    While the owner may not put anything on sale, it waits.
    """
    edition = Edition.objects.select_related("work__owner", "job", "manuscript").get(pk=edition_id)
    is_due = selectors.editions_due(day=at.date()).filter(pk=edition_id).exists()
    if not is_due or not selectors.is_ready(edition):
        return False
    if restrictions.is_restricted(edition.work.owner, Activity.CONTENT, at):
        return False
    editions.publish_edition(actor=edition.work.owner, edition=edition, at=at)
    return True

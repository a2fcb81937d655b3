"""Publishing the draft of a work that is on sale, in one step: as a new edition or as a correction, now or on a day.

A new edition has the next number, and its author may have its buyers mailed. A correction keeps the number and gets the
next revision; it reaches all readers at once, without a mail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common import clock, jobs
from common.errors import DomainError
from publishing import permissions, selectors
from publishing.errors import FirstEditionNotPlanned, NothingPlanned, NothingToPublish, ReleaseTooEarly, WorkTakenDown
from publishing.models import Edition, EditionState, PlannedRelease, Work
from publishing.services import editions

LOOK_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Publication:
    """What the author decided. `due_at` is when it goes on sale by itself, None for now."""

    is_revision: bool
    notes: str = ""
    wants_mail: bool = False
    due_at: datetime | None = None


@transaction.atomic
def publish_as(*, actor: User, work: Work, publication: Publication, at: datetime) -> Edition:
    """Publish the work's draft, or plan it.

    Raises NothingToPublish, FirstEditionNotPlanned, ReleaseTooEarly, and what publishing raises. What is missing may
    still be added before a planned release.
    """
    work = editions.lock_work(work)
    permissions.require_publish(actor, work)
    draft = selectors.draft_of(work)
    if draft is None:
        raise NothingToPublish
    draft.work = work
    draft.notes = editions.cut_notes(publication.notes)
    draft.wants_mail = publication.wants_mail and not publication.is_revision
    draft.save(update_fields=["notes", "wants_mail"])
    if publication.due_at is not None:
        return _plan(actor, draft, publication.due_at, at, is_revision=publication.is_revision)
    PlannedRelease.objects.filter(edition=draft).delete()
    return editions.publish_edition(actor=actor, edition=draft, at=at, is_revision=publication.is_revision)


@transaction.atomic
def cancel_plan(*, actor: User, work: Work) -> None:
    """Keep the draft from going on sale by itself. Raises NothingPlanned."""
    work = editions.lock_work(work)
    permissions.require_publish(actor, work)
    plan = selectors.plan_of(work)
    if plan is None:
        raise NothingPlanned
    account_services.record_audit(
        actor=actor, verb="edition.plan_canceled", subject=plan.edition, facts={"due_at": plan.due_at.isoformat()}
    )
    plan.delete()


def enqueue_due_plans() -> None:
    """Enqueue the editions whose time has come, and those that are to be looked at a day before."""
    at = clock.database_now()
    for plan in selectors.plans_due(at=at):
        jobs.enqueue("publishing.release_planned", plan_id=plan.pk)
    for plan in selectors.plans_due(at=at + LOOK_AHEAD).filter(checked_at=None, due_at__gt=at):
        jobs.enqueue("publishing.check_plan", plan_id=plan.pk)


@transaction.atomic
def release_planned(*, plan_id: int, at: datetime) -> bool:
    """Publish an edition whose time has come; return whether it went on sale. Safe to run twice.

    The gate is asked again: an edition that is not ready is published as soon as it is, and its author is told once.
    """
    work = Work.objects.filter(editions__plan=plan_id).first()
    if work is None:
        return False
    editions.lock_work(work)  # before its plan, as whoever publishes meanwhile does: each would wait for the other
    plan = _locked_plan(plan_id)
    if plan is None or plan.due_at > at:
        return False
    try:
        with transaction.atomic():
            editions.publish_edition(actor=plan.planned_by, edition=plan.edition, at=at, is_revision=plan.is_revision)
    except DomainError:
        if plan.late_told_at is None:
            jobs.enqueue("publishing.mail_plan", plan_id=plan.pk)
        return False
    plan.delete()
    return True


@transaction.atomic
def check_plan(*, plan_id: int, at: datetime) -> bool:
    """Look at an edition a day before its release; return whether it is ready. Its author is told if it is not."""
    plan = _locked_plan(plan_id)
    if plan is None or plan.checked_at is not None:
        return False
    plan.checked_at = at
    plan.save(update_fields=["checked_at"])
    is_ready = selectors.is_ready(plan.edition) and not plan.edition.work.held_by
    if not is_ready:
        jobs.enqueue("publishing.mail_plan", plan_id=plan.pk)
    return is_ready


def _plan(actor: User, draft: Edition, due_at: datetime, at: datetime, *, is_revision: bool) -> Edition:
    if draft.work.held_by:
        raise WorkTakenDown
    if draft.is_first_draft:
        raise FirstEditionNotPlanned
    if due_at <= at:
        raise ReleaseTooEarly
    PlannedRelease.objects.update_or_create(
        edition=draft,
        defaults={
            "is_revision": is_revision,
            "due_at": due_at,
            "planned_by": actor,
            "planned_at": at,
            "checked_at": None,
            "early_told_at": None,
            "late_told_at": None,
        },
    )
    account_services.record_audit(
        actor=actor, verb="edition.planned", subject=draft, facts={"due_at": due_at.isoformat()}
    )
    return draft


def _locked_plan(plan_id: int) -> PlannedRelease | None:
    plans = PlannedRelease.objects.select_for_update(of=("self",)).select_related("edition__work", "planned_by")
    return plans.filter(pk=plan_id, edition__state=EditionState.DRAFT).first()

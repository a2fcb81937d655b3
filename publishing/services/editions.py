"""Editions: created with a conversion job, rebuilt when details change, put on sale and taken off sale.

Every change to a work holds a lock on its row, so that two tabs cannot publish two editions.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from accounts import restrictions
from accounts import services as account_services
from accounts.models import User
from common import clock, jobs
from conversion import selectors as conversion_selectors
from conversion import services as conversion_services
from conversion.errors import JobFinished
from conversion.models import ConversionJob, JobState
from publishing import hooks, permissions, selectors
from publishing.errors import (
    EditionAlreadyPublished,
    EditionNotOnSale,
    EditionNotReady,
    EditionSuperseded,
    NothingToRebuild,
    OwnerPublishesFirst,
    WorkTakenDown,
)
from publishing.models import Edition, EditionState, Manuscript, Work
from publishing.services import comparisons

_MAX_NOTES_LENGTH = 2000
_ANNOUNCED_AFTER, _ANNOUNCED_UNTIL = timedelta(minutes=1), timedelta(minutes=4)


@transaction.atomic
def prepare_edition(
    *,
    actor: User,
    manuscript: Manuscript,
    at: datetime,
    notes: str = "",
    repair: bool = False,
    is_correction: bool = False,
) -> Edition:
    """Make the manuscript the work's draft and request its files. An edition on sale stays on sale meanwhile.

    With `repair`, a damaged manuscript is opened as well. `is_correction` says that nothing but the corrections of its
    text has changed.
    """
    work = lock_work(manuscript.work)
    permissions.require_edit(actor, work)
    draft = selectors.draft_of(work)
    if draft is not None:
        if manuscript != draft.manuscript:
            _turn_to(draft)
        draft.manuscript, draft.notes = manuscript, notes or draft.notes
        _start(actor, draft, at, repair=repair, is_correction=is_correction)
        draft.save(update_fields=["manuscript", "notes", "job", "job_before", "checked_job"])
        return draft
    newest = work.editions.newest_first().first()
    edition = Edition(
        work=work,
        number=newest.number + 1 if newest else 1,
        manuscript=manuscript,
        identifier=newest.identifier if newest else uuid.uuid4().urn,  # a correction keeps its ISBN
        notes=notes,
        created_at=at,
    )
    _start(actor, edition, at, repair=repair, is_correction=is_correction)
    edition.save()
    return edition


@transaction.atomic
def rebuild_edition(*, actor: User, work: Work, at: datetime, repair: bool = False) -> Edition:
    """Make the files again, in a draft, with the work's current details. Raises NothingToRebuild.

    This is also the way to retry after a conversion that failed or left files out, with `repair` for a damaged
    manuscript.
    """
    work = lock_work(work)
    permissions.require_edit(actor, work)
    newest = selectors.newest_of(work)
    if newest is None:
        raise NothingToRebuild
    has_failed = newest.job.state in {JobState.FAILED, JobState.CANCELED}
    is_whole = not has_failed and not conversion_selectors.is_incomplete(newest.job)
    if is_whole and not selectors.are_files_stale(newest) and not selectors.is_matter_outdated(newest):
        raise NothingToRebuild
    return prepare_edition(actor=actor, manuscript=newest.manuscript, at=at, repair=repair)


def refresh_draft(*, actor: User, work: Work, at: datetime) -> None:
    """Make the draft's files again after its details changed. Editions on sale are not affected."""
    draft = selectors.draft_of(work)
    if draft is not None and selectors.are_files_stale(draft):
        _start(actor, draft, at)
        draft.save(update_fields=["job", "checked_job"])


@transaction.atomic
def set_notes(*, actor: User, edition: Edition, notes: str) -> Edition:
    """Set the notes on what is new in the edition, for readers of the previous one."""
    permissions.require_edit(actor, lock_work(edition.work))
    edition.notes = cut_notes(notes)
    edition.save(update_fields=["notes"])
    return edition


def cut_notes(notes: str) -> str:
    """Return release notes as they are stored."""
    return notes.strip()[:_MAX_NOTES_LENGTH]


@transaction.atomic
def make_missing_files(*, actor: User, edition: Edition) -> ConversionJob:
    """Make the PDFs again that did not follow. The edition's text stays. Raises NoFilesMissing."""
    permissions.require_edit(actor, lock_work(edition.work))
    return conversion_services.retry_later_files(actor=actor, job=edition.job)


def enqueue_announcement(job_id: int) -> None:
    """Have the shop told of the files that a job has got later, or will not get."""
    jobs.enqueue("publishing.announce_files", job_id=job_id)


@transaction.atomic
def announce_files(*, job_id: int) -> None:
    """Tell the shop of an edition's later files, if readers can see the edition. Safe to run twice."""
    for edition in Edition.objects.filter(job=job_id).select_related("work"):
        work = lock_work(edition.work)
        shown = selectors.published_of(work) or selectors.announced_of(work)
        if shown is not None and shown.pk == edition.pk:
            announce_change(work)


def enqueue_missed_announcements() -> None:
    """Enqueue again, two or three times, what was to be told in the last minutes: a message may have been lost."""
    since = clock.now() - _ANNOUNCED_UNTIL
    followers = ConversionJob.objects.filter(finished_at__range=(since, clock.now() - _ANNOUNCED_AFTER))
    for job_id in followers.exclude(completes=None).values_list("completes", flat=True):
        if job_id is not None:
            enqueue_announcement(job_id)


@transaction.atomic
def cancel_conversion(*, actor: User, edition: Edition) -> ConversionJob:
    """Stop making the edition's files. Raises JobFinished."""
    permissions.require_edit(actor, edition.work)
    return conversion_services.cancel_conversion(actor=actor, job=edition.job)


@transaction.atomic
def publish_edition(*, actor: User, edition: Edition, at: datetime, is_revision: bool = False) -> Edition:
    """Put the edition on sale in place of the previous one; a draft as a new edition, or as a revision of that one.

    Raises WorkTakenDown, EditionNotReady with what is missing, EditionAlreadyPublished, EditionSuperseded, for
    co-authors OwnerPublishesFirst, and the errors of `restrictions.require_owner`.
    """
    work = lock_work(edition.work)
    permissions.require_release(actor, work)
    restrictions.require_owner(work.owner, actor, at)
    edition = Edition.objects.select_related("job", "manuscript").get(pk=edition.pk)
    edition.work = work
    _check_publishable(edition)
    if not permissions.may_publish(actor, work):
        _check_new_edition(edition)
    _state_again(actor, edition, at)
    before = selectors.edition_before(edition)
    if is_revision and before is not None and edition.state == EditionState.DRAFT:
        edition.number, edition.revision, edition.wants_mail = before.number, before.revision + 1, False
    _supersede(work, edition)
    edition.state, edition.published_at = EditionState.PUBLISHED, at
    edition.save(update_fields=["number", "revision", "wants_mail", "state", "published_at"])
    if before is not None:
        comparisons.ask_comparison(before=before.job, after=edition.job, at=at)
    if work.is_awaited_on(at.date()):  # published earlier than announced
        work.release_date = at.date()
        work.save(update_fields=["release_date"])
    unarchive(work)
    account_services.record_audit(
        actor=actor, verb="edition.published", subject=edition, facts={"number": edition.label}
    )
    hooks.notify_listed(edition)
    return edition


def unarchive(work: Work) -> None:
    """Put the locked work back into its makers' lists, since readers can order it."""
    if work.archived_at is not None:
        work.archived_at = None
        work.save(update_fields=["archived_at"])


@transaction.atomic
def withdraw_edition(*, actor: User, edition: Edition, at: datetime) -> Edition:
    """Take the edition off sale. Its buyers keep it, and it can be published again. Raises EditionNotOnSale."""
    work = lock_work(edition.work)
    permissions.require_publish(actor, work)
    edition = Edition.objects.select_related("job", "manuscript").get(pk=edition.pk)
    edition.work = work
    if edition.state != EditionState.PUBLISHED:
        raise EditionNotOnSale
    return take_off_sale(actor=actor, edition=edition, at=at)


def take_off_sale(*, actor: User, edition: Edition, at: datetime) -> Edition:
    """Take an edition of a locked work off sale. The caller has checked that the actor may."""
    edition.state = EditionState.WITHDRAWN
    edition.save(update_fields=["state"])
    account_services.record_audit(
        actor=actor, verb="edition.withdrawn", subject=edition, facts={"withdrawn_at": at.isoformat()}
    )
    hooks.notify_withdrawn(edition)
    return edition


def announce_change(work: Work) -> None:
    """Tell the shop that the work's details have changed."""
    shown = selectors.published_of(work) or selectors.announced_of(work)
    if shown is not None:
        shown.work = work
        hooks.notify_listed(shown)


def lock_work(work: Work) -> Work:
    """Return the work's row, locked until the transaction ends. All changes to a work or its editions wait here."""
    return Work.objects.select_for_update().get(pk=work.pk)


def _check_publishable(edition: Edition) -> None:
    if edition.work.held_by:
        raise WorkTakenDown
    if edition.state == EditionState.PUBLISHED:
        raise EditionAlreadyPublished
    if edition.state == EditionState.SUPERSEDED:
        raise EditionSuperseded
    needs = [need for need in selectors.edition_readiness(edition) if not need.is_met]
    missing = [need.text for need in needs if need.code != "findings"]
    # Name each blocker by its own sentence, as "No open remark" would say too little.
    missing += [blocker.title.rstrip(".") for blocker in selectors.open_blockers(edition)]
    if needs:
        raise EditionNotReady(reasons="; ".join(missing))


def _check_new_edition(edition: Edition) -> None:
    """Whether a book is on sale at all, and at which price, is the owner's decision."""
    if edition.state != EditionState.DRAFT or selectors.published_of(edition.work) is None:
        raise OwnerPublishesFirst


def _supersede(work: Work, by: Edition) -> None:
    """Take the edition on sale off it. PDFs that it still waits for are not made any more: its buyers get the next."""
    for edition in work.editions.on_sale().select_related("job"):
        if edition.job_id != by.job_id:
            conversion_services.cancel_later_files(edition.job)
    work.editions.on_sale().update(state=EditionState.SUPERSEDED)


def _state_again(actor: User, edition: Edition, at: datetime) -> None:
    """Copy the previous edition's rights statement, as the publish page has shown it, to the new edition."""
    stated = selectors.statement_of(edition)
    if stated is not None and stated.edition_id != edition.pk:
        stated.pk, stated.edition = None, edition
        if permissions.is_owner(actor, edition.work):  # a co-author publishes on what the owner stated
            stated.stated_by, stated.stated_at = actor, at
        stated.save(force_insert=True)


def _turn_to(draft: Edition) -> None:
    """Prepare the draft for another manuscript: keep the finished job for comparison, and delete the overrides.

    Overrides were decided for the pages of the old manuscript and do not apply to the new one.
    """
    if draft.job.state == JobState.DONE:
        draft.job_before = draft.job
    draft.overrides.all().delete()


def _start(actor: User, edition: Edition, at: datetime, *, repair: bool = False, is_correction: bool = False) -> None:
    """Request a new job for the edition and cancel its previous one. The edition is not saved here.

    A manuscript that was repaired once is repaired again.
    """
    work, manuscript = edition.work, edition.manuscript
    if edition.job_id is not None:
        _stop(actor, edition.job)
        conversion_services.cancel_later_files(edition.job)
        if edition.job.state == JobState.DONE:
            edition.checked_job = edition.job
        repair = repair or (
            edition.job.source_file == manuscript.file and conversion_selectors.asked_for_repair(edition.job)
        )
    cover_file, cover_name = selectors.cover_source(work)
    edition.job = conversion_services.request_conversion(
        actor=actor,
        source_file=manuscript.file,
        source_name=manuscript.name,
        source_sha256=manuscript.sha256,
        source_bytes=manuscript.size_bytes,
        cover_file=cover_file,
        cover_name=cover_name,
        options=replace(selectors.wanted_options(edition), repair=repair),
        corrections=hooks.corrections_of(manuscript),
        is_correction=is_correction,
        at=at,
    )


def _stop(actor: User, job: ConversionJob) -> None:
    try:
        conversion_services.cancel_conversion(actor=actor, job=job)
    except JobFinished:
        return

"""Deletion of drafts: a work that was never on sale, or the draft next to an edition on sale.

Files are stored under their checksums, so several works may share one. A file is deleted only when nothing uses it.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from itertools import chain

from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts import services as account_services
from accounts.models import User
from common import storage
from conversion import services as conversion_services
from conversion.errors import JobFinished
from conversion.models import Artifact, ConversionJob
from publishing import hooks, permissions, selectors
from publishing.errors import DraftAnnounced, DraftOrdered, NothingToDelete
from publishing.models import Contributor, Edition, FormerCover, Manuscript, Work
from publishing.services import editions, emails


@transaction.atomic
def delete_draft(*, actor: User, work: Work) -> None:
    """Delete the draft: the whole work if it was never on sale, or else only the edition in preparation.

    When a work is deleted, contributors who accepted a credit are told by mail. Raises NothingToDelete, DraftAnnounced,
    DraftOrdered.
    """
    work = editions.lock_work(work)
    permissions.require_publish(actor, work)
    draft = selectors.draft_of(work)
    if selectors.was_on_sale(work):
        if draft is None:
            raise NothingToDelete
        _audit(actor, "edition.deleted", draft, number=draft.number)
        _delete_edition(draft)
        return
    if selectors.announced_of(work) is not None:
        raise DraftAnnounced
    _audit(actor, "work.deleted", work, editions=work.editions.count())
    _tell_makers(work, draft)
    try:
        with transaction.atomic():
            delete_work(work)
    except ProtectedError as refusal:  # it was announced once, and has been pre-ordered or reported
        raise DraftOrdered from refusal


def delete_work(work: Work) -> None:
    """Delete the locked work with everything made from it, and its files once the transaction is committed.

    Raises ProtectedError where orders refer to it.
    """
    drafts = Edition.objects.filter(work=work)
    made = _jobs_of(drafts, work.preview_job_id)
    _stop(made)
    hooks.notify_deleted(work)
    manuscripts = set(Manuscript.objects.filter(work=work).values_list("file", flat=True))
    keys = list(made.values_list("pk", flat=True))
    former = list(work.former_covers.all())
    pictures = {work.cover_file, work.picture_file}
    pictures |= {name for one in former for name in (one.cover_file, one.picture_file)}
    keys += [one for one in (work.redrawing_job_id, *(one.redrawing_job_id for one in former)) if one is not None]
    drafts.delete()
    work.split_agreements.all().delete()
    work.delete()
    _forget(keys, manuscripts, {*pictures, *manuscripts})


@transaction.atomic
def forget_jobs(made: QuerySet[ConversionJob]) -> None:
    """Delete jobs that nothing refers to any more, and their files once the transaction is committed."""
    _stop(made)
    _forget(list(made.values_list("pk", flat=True)), set(), set())


def forget_pictures(keys: list[int], files: set[str]) -> None:
    """Delete the jobs that redrew pictures, and the pictures once the transaction is committed, unless something still
    uses them."""
    _stop(ConversionJob.objects.filter(pk__in=keys))
    _forget(keys, set(), files)


def _delete_edition(draft: Edition) -> None:
    """Delete the edition with its files, and its manuscript unless another edition uses that."""
    made = _jobs_of(Edition.objects.filter(pk=draft.pk), None)
    _stop(made)
    keys, manuscript = list(made.values_list("pk", flat=True)), draft.manuscript
    draft.delete()
    if not manuscript.editions.exists():
        manuscript.delete()
    _forget(keys, {manuscript.file}, {manuscript.file})


def _jobs_of(drafts: QuerySet[Edition], preview_id: int | None) -> QuerySet[ConversionJob]:
    runs = drafts.values_list("job", "job_before", "checked_job")
    keys = {preview_id, *chain.from_iterable(runs)}
    made = [key for key in keys if key is not None]
    return ConversionJob.objects.filter(Q(pk__in=made) | Q(completes__in=made))


def _stop(made: QuerySet[ConversionJob]) -> None:
    """Cancel the jobs. A worker that runs one of them notices at its next heartbeat that the row is gone."""
    for job in made.select_related("requested_by"):
        with suppress(JobFinished):
            conversion_services.cancel_conversion(actor=job.requested_by, job=job)


def _files_of(made: QuerySet[ConversionJob]) -> set[str]:
    return {
        *made.values_list("source_file", flat=True),
        *made.values_list("cover_file", flat=True),
        *Artifact.objects.filter(job__in=made).values_list("file", flat=True),
    }


def _forget(keys: list[int], sources: set[str], files: set[str]) -> None:
    """Delete these jobs, and other jobs over the same manuscripts, unless something still uses them.

    Their files are deleted once the transaction is committed.
    """
    first = Coalesce("completes", "pk")  # a job for later files is used where the first one is
    key = OuterRef("first")
    of_editions = Edition.with_personal.filter(Q(job=key) | Q(job_before=key) | Q(checked_job=key))
    of_works = Work.objects.filter(Q(preview_job=key) | Q(redrawing_job=key))
    of_covers = FormerCover.objects.filter(redrawing_job=key)
    found = ConversionJob.objects.filter(Q(pk__in=keys) | Q(source_file__in=sources)).annotate(first=first)
    gone = found.exclude(Exists(of_editions) | Exists(of_works) | Exists(of_covers))
    kept = hooks.jobs_in_use(set(gone.values_list("first", flat=True)))
    gone = gone.exclude(first__in=kept)
    files |= _files_of(gone)
    gone.delete()
    transaction.on_commit(partial(delete_unused_files, files - {""}))


def delete_unused_files(names: Iterable[str]) -> None:
    """Delete stored files that nothing uses any more. Called after the commit that stopped using them."""
    for name in names:
        is_used = (
            Manuscript.objects.filter(file=name).exists()
            or Work.objects.filter(Q(cover_file=name) | Q(picture_file=name)).exists()
            or FormerCover.objects.filter(Q(cover_file=name) | Q(picture_file=name)).exists()
            or ConversionJob.objects.filter(Q(source_file=name) | Q(cover_file=name)).exists()
            or Artifact.objects.filter(file=name).exists()
            or hooks.is_file_in_use(name)
        )
        if not is_used:
            storage.private().delete(name)
            storage.public().delete(name)


def _tell_makers(work: Work, draft: Edition | None) -> None:
    """Notify contributors."""
    people = Contributor.objects.filter(work=work, user__is_active=True).exclude(user=work.owner)
    for person in User.objects.filter(pk__in=people.values("user")).order_by("pk"):
        emails.mail_deleted(person=person, owner=work.owner, title=selectors.display_name(work, draft))


def _audit(actor: User, verb: str, subject: Work | Edition, **facts: int) -> None:
    account_services.record_audit(actor=actor, verb=verb, subject=subject, facts=dict(facts))

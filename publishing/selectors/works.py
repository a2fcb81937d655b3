"""Queries for works, as their makers see them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse

from accounts.models import User
from common.errors import NotFound
from conversion.engine.api import OWN_SUFFIX
from conversion.models import ConversionJob, JobState
from publishing.models import Edition, EditionState, Work

_COVER_WIDTH = 160
_ORDERS = {"newest": ("-created_at", "-id"), "title": ("title", "-id")}


@dataclass(frozen=True, slots=True)
class DeskWork:
    """A row of the author dashboard: the work, its draft or published edition, and the next step.

    `step` is one of: converting, failed, publish, on-sale, update, withdrawn. `cover` is the name of a public file or
    "".
    """

    work: Work
    name: str
    edition: Edition
    is_on_sale: bool
    step: str
    cover: str


def works_visible_to(user: User) -> QuerySet[Work]:
    """Select works that the user owns or is a maker of (`publishing.permissions`)."""
    made = Q(contributors__user=user, contributors__is_hired=False)
    return Work.objects.filter(Q(owner=user) | made).distinct()


def work_by_public_id(public_id: str) -> Work:
    """Return the work. Raises NotFound."""
    work = Work.objects.select_related("owner").filter(public_id=public_id).first()
    if work is None:
        raise NotFound
    return work


def slug_moved_to(slug: str) -> str:
    """Return the current slug of the work that had this slug before, or ""."""
    return Work.objects.filter(old_addresses__slug=slug).values_list("slug", flat=True).first() or ""


def edition_of(work: Work, public_id: str) -> Edition:
    """Return an edition of the work by its public id. Raises NotFound."""
    edition = work.editions.select_related("job", "manuscript", "work").filter(public_id=public_id).first()
    if edition is None:
        raise NotFound
    return edition


def page_of_job(job: ConversionJob) -> str | None:
    """Return the path of the page that shows the job's result: the proof of its edition, or the design preview."""
    work = Work.objects.filter(editions__job=job.completes_id or job.pk).first()
    if work is not None:
        return reverse("work-proof", args=[work.public_id])
    work = Work.objects.filter(preview_job=job).first()
    return reverse("work-design", args=[work.public_id]) if work is not None else None


def display_name(work: Work, edition: Edition | None) -> str:
    """Return the title, or a guess from the manuscript's file name while there is no title."""
    return work.title or (title_from_file_name(edition.manuscript.name) if edition else work.public_id)


def title_from_file_name(name: str) -> str:
    """Derive a title from a file name: "the_lighthouse-final.docx" becomes "The lighthouse final"."""
    words = PurePath(name.removesuffix(OWN_SUFFIX)).stem.replace("_", " ").replace("-", " ").split()
    text = " ".join(words)[:300]
    return text[:1].upper() + text[1:]


def desk_works(user: User, *, query: str = "", order: str = "newest", is_archived: bool = False) -> QuerySet[Work]:
    """Select the user's works with what `desk_work` needs, filtered by title or file name; order: newest or title.

    The archive is a list of its own.
    """
    editions = Edition.objects.select_related("job", "manuscript").newest_first()
    works = (
        works_visible_to(user)
        .select_related("owner")
        .prefetch_related(Prefetch("editions", editions), "editions__job__artifacts")
        .filter(Exists(Edition.objects.filter(work=OuterRef("pk"))), archived_at__isnull=not is_archived)
        .order_by(*_ORDERS[order])
    )
    if query:
        works = works.filter(Q(title__icontains=query) | Q(manuscripts__name__icontains=query))
    return works


def has_archive(user: User) -> bool:
    """Return whether a work of the user is archived."""
    return works_visible_to(user).filter(archived_at__isnull=False).exists()


def desk_work(work: Work) -> DeskWork:
    """Build the dashboard row of a work from `desk_works`."""
    editions = list(work.editions.all())
    draft = next((edition for edition in editions if edition.state == EditionState.DRAFT), None)
    published = next((edition for edition in editions if edition.state == EditionState.PUBLISHED), None)
    edition = draft or published or editions[0]
    return DeskWork(
        work=work,
        name=display_name(work, edition),
        edition=edition,
        is_on_sale=published is not None,
        step=_step(draft, published),
        cover=cover_of(edition),
    )


def cover_of(edition: Edition) -> str:
    """Return the public file of a small cover, or "" while there is none."""
    thumbnails = [row for row in edition.job.artifacts.all() if row.kind == "thumbnail" and "webp" in row.target]
    smallest = min((row for row in thumbnails if row.width >= _COVER_WIDTH), key=lambda row: row.width, default=None)
    return smallest.file if smallest else ""


def _step(draft: Edition | None, published: Edition | None) -> str:
    if draft is not None:
        if draft.job.state in {JobState.QUEUED, JobState.RUNNING}:
            return "converting"
        if draft.job.state != JobState.DONE:
            return "failed"
        return "update" if published else "publish"
    return "on-sale" if published else "withdrawn"

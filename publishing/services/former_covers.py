"""Covers before the present one: remembered when it is replaced, and taken back."""

from __future__ import annotations

from datetime import datetime

from publishing.models import FormerCover, Work
from publishing.services import drafts

FIELDS = ("cover_file", "cover_name", "picture_file", "picture_name", "cover_choice", "redrawing_job")
MAX_FORMER = 5


def remember(work: Work, at: datetime) -> None:
    """Keep what makes the locked work's cover now. The oldest of many are forgotten, with files that nothing else
    uses."""
    FormerCover.objects.create(work=work, replaced_at=at, **{name: getattr(work, name) for name in FIELDS})
    forget(list(work.former_covers.all()[MAX_FORMER:]))


def forget(rows: list[FormerCover]) -> None:
    """Delete rows, and their files once the transaction is committed, unless something still uses them."""
    jobs = [one.redrawing_job_id for one in rows if one.redrawing_job_id is not None]
    files = {name for one in rows for name in (one.cover_file, one.picture_file) if name}
    FormerCover.objects.filter(pk__in=[one.pk for one in rows]).delete()
    drafts.forget_pictures(jobs, files)

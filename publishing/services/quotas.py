"""Limits per account: the number of drafts, bytes uploaded within a day, and bytes stored in drafts.

The limits are generous for authors who publish what they upload. They are checked before each upload without a lock, so
simultaneous uploads by one account may exceed a limit by that many files.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Sum

from accounts import restrictions
from accounts.models import User
from accounts.restrictions import Activity
from publishing import selectors
from publishing.errors import DraftsTooLarge, EmailUnconfirmed, TooManyDrafts, UploadLimitReached
from publishing.models import Edition, Manuscript, Work

_MB = 1024 * 1024
_DAY = timedelta(days=1)


def require_upload(*, actor: User, size_bytes: int = 0, at: datetime) -> None:
    """Require that the account may upload a file of this size.

    Raises EmailUnconfirmed, UploadLimitReached, DraftsTooLarge, and ContentSuspended or AuthorAccountEnded.
    """
    restrictions.require(actor, Activity.CONTENT, at)
    if not selectors.has_confirmed_address(actor):
        raise EmailUnconfirmed
    today = Manuscript.objects.filter(work__is_personal=False, uploaded_by=actor, uploaded_at__gt=at - _DAY)
    if _bytes_of(today) + size_bytes > settings.MAX_UPLOAD_BYTES_PER_DAY:
        raise UploadLimitReached(limit_mb=settings.MAX_UPLOAD_BYTES_PER_DAY // _MB)
    if _bytes_of(_of_drafts(actor)) + size_bytes > settings.MAX_DRAFT_BYTES:
        raise DraftsTooLarge(limit_mb=settings.MAX_DRAFT_BYTES // _MB)


def require_draft(*, actor: User) -> None:
    """Require that the account may start another work. Raises TooManyDrafts."""
    published = Edition.objects.filter(work=OuterRef("pk")).exclude(published_at=None)
    count = Work.objects.filter(owner=actor).exclude(Exists(published)).count()
    if count >= settings.MAX_DRAFTS:
        raise TooManyDrafts(count=count)


def _of_drafts(actor: User) -> QuerySet[Manuscript]:
    """Select the files that count as drafts: all files of works never on sale, and those of editions in preparation.

    Files that a correction of a published book has replaced are not counted, because the author could not delete them.
    """
    published = Edition.objects.exclude(published_at=None)
    is_on_sale = Exists(published.filter(manuscript=OuterRef("pk")))
    is_of_draft = Exists(Edition.objects.filter(manuscript=OuterRef("pk"), published_at=None))
    was_published = Exists(published.filter(work=OuterRef("work")))
    return Manuscript.objects.filter(
        ~is_on_sale, is_of_draft | ~was_published, work__owner=actor, work__is_personal=False
    )


def _bytes_of(manuscripts: QuerySet[Manuscript]) -> int:
    return manuscripts.aggregate(total=Sum("size_bytes"))["total"] or 0

"""How much one account may bring: drafts, bytes within a day, and bytes kept in drafts.

Generous for people, who publish what they upload. Looked at before each upload and not locked: uploads of one account
at the same instant may exceed a quota by as many.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Sum

from accounts.models import User
from publishing import selectors
from publishing.errors import AddressUnconfirmed, DraftsTooLarge, TooManyDrafts, UploadedTooMuch
from publishing.models import Edition, Manuscript, Work

_MB = 1024 * 1024
_DAY = timedelta(days=1)


def require_upload(*, actor: User, size_bytes: int = 0, at: datetime) -> None:
    """Whether the account may send a file of this size. Raises AddressUnconfirmed, UploadedTooMuch, DraftsTooLarge."""
    if not selectors.has_confirmed_address(actor):
        raise AddressUnconfirmed
    today = Manuscript.objects.filter(uploaded_by=actor, uploaded_at__gt=at - _DAY)
    if _bytes_of(today) + size_bytes > settings.MAX_UPLOAD_BYTES_A_DAY:
        raise UploadedTooMuch(limit_mb=settings.MAX_UPLOAD_BYTES_A_DAY // _MB)
    if _bytes_of(_of_drafts(actor)) + size_bytes > settings.MAX_DRAFT_BYTES:
        raise DraftsTooLarge(limit_mb=settings.MAX_DRAFT_BYTES // _MB)


def require_draft(*, actor: User) -> None:
    """Whether the account may begin another work. Raises TooManyDrafts."""
    published = Edition.objects.filter(work=OuterRef("pk")).exclude(published_at=None)
    count = Work.objects.filter(owner=actor).exclude(Exists(published)).count()
    if count >= settings.MAX_DRAFTS:
        raise TooManyDrafts(count=count)


def _of_drafts(actor: User) -> QuerySet[Manuscript]:
    """What an author can make room in: all files of works that were never on sale, and those of editions being made.

    What a correction of a book on sale replaced stays, and nobody could delete it.
    """
    published = Edition.objects.exclude(published_at=None)
    is_on_sale = Exists(published.filter(manuscript=OuterRef("pk")))
    is_of_draft = Exists(Edition.objects.filter(manuscript=OuterRef("pk"), published_at=None))
    was_published = Exists(published.filter(work=OuterRef("work")))
    return Manuscript.objects.filter(~is_on_sale, is_of_draft | ~was_published, work__owner=actor)


def _bytes_of(manuscripts: QuerySet[Manuscript]) -> int:
    return manuscripts.aggregate(total=Sum("size_bytes"))["total"] or 0

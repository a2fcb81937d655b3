"""What happens for readers when an author changes something: wishes are looked at, and followers told.

The change itself only leaves a mark, in its own transaction; a worker looks at the work afterwards. The mark goes when
that is done, and a sweeper finds marks that are left, so nobody is told twice and nobody is forgotten.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from common import clock, jobs
from publishing.models import Contributor, Edition
from storefront.library.models import Follow, ListingCheck, Wish
from storefront.library.services import follows, wishes


def edition_listed(edition: Edition) -> None:
    """An edition went on sale, or its price or details changed. Nothing happens where nobody waits for it."""
    work_id = edition.work_id
    makers = Contributor.objects.filter(work=work_id).exclude(user=None).values("user")
    if not Wish.objects.filter(work=work_id).exists() and not Follow.objects.filter(author__in=makers).exists():
        return
    ListingCheck.objects.update_or_create(work_id=work_id, defaults={"asked_at": clock.now()})
    jobs.enqueue("library.look_at_work", work_id=work_id)


def look_at_work(*, work_id: int, at: datetime) -> None:
    """Find what is to be told of the work now, and have it mailed. Safe to run twice, and beside a change."""
    asked_at = ListingCheck.objects.filter(work=work_id).values_list("asked_at", flat=True).first()
    wishes.check(work_id=work_id, at=at)
    follows.check(work_id=work_id, at=at)
    if asked_at is not None:
        _done(work_id, asked_at)


@transaction.atomic
def _done(work_id: int, asked_at: datetime) -> None:
    """A change that came meanwhile has another time, and stays to be looked at."""
    ListingCheck.objects.filter(work=work_id, asked_at=asked_at).delete()

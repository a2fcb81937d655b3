"""Checks wishes and notifies followers when an author changes something.

The change itself only creates a `ListingCheck`, in its own transaction; a worker checks the work afterwards and then
deletes it. `sweeping` finds checks that are left over, so that nobody is notified twice and nobody is missed.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from common import clock, jobs
from publishing.models import Contributor, Edition
from storefront.library.models import Follow, ListingCheck, Wish
from storefront.library.services import follows, wishlists


def edition_listed(edition: Edition) -> None:
    """Enqueue a check when an edition went on sale or its price or details changed, if anybody is waiting for it."""
    work_id = edition.work_id
    makers = Contributor.objects.filter(work=work_id).exclude(user=None).values("user")
    if not Wish.objects.filter(work=work_id).exists() and not Follow.objects.filter(author__in=makers).exists():
        return
    ListingCheck.objects.update_or_create(work_id=work_id, defaults={"asked_at": clock.now()})
    jobs.enqueue("library.check_work", work_id=work_id)


def check_work(*, work_id: int, at: datetime) -> None:
    """Find the alerts and notices due for the work and enqueue their emails. Safe to repeat, and during a change."""
    asked_at = ListingCheck.objects.filter(work=work_id).values_list("asked_at", flat=True).first()
    wishlists.create_due_alerts(work_id=work_id, at=at)
    follows.create_notices(work_id=work_id, at=at)
    if asked_at is not None:
        _done(work_id, asked_at)


@transaction.atomic
def _done(work_id: int, asked_at: datetime) -> None:
    """Delete the check, unless a change in the meantime has set another time: that one is still to be checked."""
    ListingCheck.objects.filter(work=work_id, asked_at=asked_at).delete()

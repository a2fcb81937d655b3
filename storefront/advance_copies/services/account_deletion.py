"""Ends advance copies with their book, or the account of author or reader, and forgets addresses after the end."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import Deletion
from common import clock
from publishing.models import Work
from storefront.advance_copies.models import Copy, CopyState, Offer, Refusal

FORGET_AFTER = timedelta(days=30)


def forget_work(work: Work) -> None:
    """Delete what is offered of a work that is about to be deleted, so that its files can go."""
    Offer.objects.filter(work=work).delete()


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete the person's copies, invitations to their address, and what they gave. Safe to repeat."""
    user = deletion.user
    theirs = Q(reader=user)
    if user.email:
        theirs |= Q(email=user.email.lower())
    Copy.objects.filter(theirs).delete()
    Offer.objects.filter(work__owner=user).delete()
    Refusal.objects.filter(author=user).delete()


def forget(at: datetime) -> None:
    """Delete what nobody needs some time after the end: the addresses of invitations, and rows that never became a
    copy. That somebody had a copy is kept, because their review says so.
    """
    day = clock.last_day_until(at - FORGET_AFTER)
    over = Q(offer__last_day__lt=day)
    Copy.objects.filter(over, accepted_at=None).delete()
    ended = Copy.objects.filter(Q(last_day__lt=day) | Q(state=CopyState.WITHDRAWN, decided_at__lt=at - FORGET_AFTER))
    ended.exclude(email="").exclude(state=CopyState.INVITED).update(email="")
    ended.exclude(words="", parting_words="").update(words="", parting_words="")

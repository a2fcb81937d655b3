"""Readers who ask for an advance copy, and the author's answer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common import clock, jobs
from common.errors import NotFound
from publishing.services import editions
from storefront.advance_copies import permissions, selectors
from storefront.advance_copies.errors import (
    AlreadyAsked,
    NotWaiting,
    OfferClosed,
    TooManyCopies,
    TooManyRequests,
)
from storefront.advance_copies.models import Copy, CopyState
from storefront.advance_copies.services import invitations, offers

MAX_WAITING = 10  # requests of one reader without an answer


@transaction.atomic
def ask(*, actor: User, offer_id: str, words: str, at: datetime) -> Copy:
    """Ask the author for a copy. Raises NotAllowed, NotFound unless requests are taken, OwnBook, HasBook, AlreadyAsked,
    TooManyRequests.
    """
    permissions.require_member(actor)
    offer = selectors.requestable(offer_id, at=at)
    if offer is None:
        raise NotFound
    offer.work = editions.lock_work(offer.work)  # clicked twice
    invitations.check_reader(actor, offer.work)
    mine = Copy.objects.filter(reader=actor)
    if mine.filter(offer=offer).exists():
        raise AlreadyAsked
    if mine.filter(state=CopyState.REQUESTED).count() >= MAX_WAITING:
        raise TooManyRequests(limit=MAX_WAITING)
    return Copy.objects.create(
        offer=offer,
        reader=actor,
        words=words.strip(),
        state=CopyState.REQUESTED,
        is_watermarked=offer.work.is_watermarked,
        made_at=at,
    )


@transaction.atomic
def grant(*, actor: User, copy: Copy, at: datetime) -> Copy:
    """Give the reader the copy they asked for; they are told by mail. Raises NotFound, NotAllowed, UnderReview,
    NotWaiting, OfferClosed, TooManyCopies."""
    found = _locked(actor, copy)
    offer = found.offer
    if not selectors.is_taking(offer, at):
        raise OfferClosed
    if Copy.objects.filter(offer=offer).open(clock.last_day_until(at)).count() >= offer.max_copies:
        raise TooManyCopies(limit=offer.max_copies)
    if found.reader is None:
        raise NotWaiting
    found.decided_at = at
    invitations.start(found, found.reader, at)
    account_services.record_audit(actor=actor, verb="advance_copy.granted", subject=found)
    jobs.enqueue("advance_copies.mail_decision", copy_id=found.pk)
    return found


@transaction.atomic
def refuse(*, actor: User, copy: Copy, at: datetime) -> Copy:
    """Decline a request; the reader is told by mail. Raises NotFound, NotAllowed, UnderReview, NotWaiting."""
    found = _locked(actor, copy)
    found.state, found.decided_at = CopyState.REFUSED, at
    found.save(update_fields=["state", "decided_at"])
    account_services.record_audit(actor=actor, verb="advance_copy.refused", subject=found)
    jobs.enqueue("advance_copies.mail_decision", copy_id=found.pk)
    return found


def _locked(actor: User, copy: Copy) -> Copy:
    offer = offers.locked_offer(actor, copy.offer.work)
    found = Copy.objects.select_related("reader").filter(pk=copy.pk, state=CopyState.REQUESTED).first()
    if found is None:
        raise NotWaiting
    found.offer = offer
    return found

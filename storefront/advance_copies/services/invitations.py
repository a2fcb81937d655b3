"""Invitations by mail to an advance copy, and answers through the link in the mail.

The page behind the link needs no account until the person accepts; having the link shows that they read the invited
address. Nothing that the author sees tells whether an address has an account.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common import clock, jobs
from publishing.models import Work
from publishing.permissions import is_maker
from publishing.services import editions
from storefront.advance_copies import permissions
from storefront.advance_copies.errors import (
    HasBook,
    InvitationClosed,
    NotWaiting,
    OfferClosed,
    OwnBook,
    ResentTooSoon,
    SentOften,
    TooManyCopies,
    TooManyMails,
)
from storefront.advance_copies.models import Copy, CopyState, Offer, Refusal
from storefront.advance_copies.selectors import is_taking
from storefront.advance_copies.services import links, offers
from storefront.checkout.models import Entitlement

MAX_MAILS_A_DAY = 100  # of one author, for all their works
MAX_TIMES_SENT = 3
_MAX_TO_ONE_ADDRESS = 3  # a day, by all authors
_AGAIN_AFTER = timedelta(days=3)
_A_DAY = timedelta(days=1)


class Skipped(StrEnum):
    """Why an address was not invited."""

    OWN = "own"
    KNOWN = "known"  # it was invited before
    REFUSED = "refused"  # its owner wants no invitations of this author
    BUSY = "busy"  # it got several invitations today, by whomever


@dataclass(frozen=True, slots=True)
class Invited:
    """What became of the addresses that the author entered."""

    copies: list[Copy]
    skipped: dict[Skipped, list[str]] = field(default_factory=dict)


@transaction.atomic
def invite(*, actor: User, work: Work, emails: Sequence[str], language: str, at: datetime) -> Invited:
    """Invite people by mail, each once. Addresses that cannot be invited are skipped, and named in the result.

    Raises NotFound, NotAllowed, NoOffer, UnderReview, OfferClosed, TooManyCopies, TooManyMails.
    """
    offer = offers.locked_offer(actor, work)
    if not is_taking(offer, at):
        raise OfferClosed
    wanted, skipped = _sorted_out(offer, [actor, offer.work.owner], emails, at)
    if Copy.objects.filter(offer=offer).open(clock.last_day_until(at)).count() + len(wanted) > offer.max_copies:
        raise TooManyCopies(limit=offer.max_copies)
    _check_mails(offer, len(wanted), at)
    copies = [_invited(offer, email, language, at) for email in wanted]
    for copy in copies:
        jobs.enqueue("advance_copies.mail_invitation", copy_id=copy.pk)
    if copies:
        facts: dict[str, str | int] = {"copies": len(copies)}
        account_services.record_audit(actor=actor, verb="advance_copies.invited", subject=offer, facts=facts)
    return Invited(copies, skipped)


@transaction.atomic
def invite_again(*, actor: User, copy: Copy, at: datetime) -> Copy:
    """Send an unanswered invitation again, with a new link; the one before stops working.

    Raises NotFound, NotAllowed, UnderReview, OfferClosed, NotWaiting, ResentTooSoon, SentOften, TooManyMails.
    """
    offer = offers.locked_offer(actor, copy.offer.work)
    found = Copy.objects.filter(pk=copy.pk, state=CopyState.INVITED).first()
    if found is None or found.sent_at is None:
        raise NotWaiting
    if not is_taking(offer, at):
        raise OfferClosed
    if at - found.sent_at < _AGAIN_AFTER:
        raise ResentTooSoon(days=_AGAIN_AFTER.days)
    if found.invitation >= MAX_TIMES_SENT:
        raise SentOften(count=found.invitation)
    _check_mails(offer, 1, at)
    found.invitation, found.sent_at, found.mailed_at = found.invitation + 1, at, None
    found.save(update_fields=["invitation", "sent_at", "mailed_at"])
    jobs.enqueue("advance_copies.mail_invitation", copy_id=found.pk)
    return found


def invited_by(token: str, *, at: datetime) -> Copy:
    """Return the open invitation that the link is about. Raises InvitationClosed."""
    found = links.parse_invitation(token)
    rows = Copy.objects.select_related("offer__work__owner", "offer__edition")
    copy = rows.filter(public_id=found[0], invitation=found[1], state=CopyState.INVITED).first() if found else None
    if copy is None or not is_taking(copy.offer, at):
        raise InvitationClosed
    return copy


def accepted_with(token: str) -> Copy | None:
    """Return the accepted copy that the link once invited to."""
    found = links.parse_invitation(token)
    rows = Copy.objects.select_related("offer__work", "reader").filter(state=CopyState.ACCEPTED)
    return rows.filter(public_id=found[0], invitation=found[1]).first() if found else None


def note_opened(*, copy: Copy, at: datetime) -> None:
    """Remember when the link was first opened, perhaps by a program that checks mails. Safe to repeat."""
    Copy.objects.filter(pk=copy.pk, opened_at=None).update(opened_at=at)


@transaction.atomic
def accept(*, actor: User, token: str, at: datetime) -> Copy:
    """Accept the invitation with the actor's account. Raises NotAllowed, InvitationClosed, OwnBook, HasBook."""
    permissions.require_member(actor)
    copy = _locked_by(token, at)
    check_reader(actor, copy.offer.work)
    # A request of theirs, or a copy that has ended: the row that was accepted takes its place.
    Copy.objects.filter(offer=copy.offer, reader=actor).exclude(pk=copy.pk).delete()
    copy.is_watermarked = copy.offer.work.is_watermarked
    start(copy, actor, at)
    account_services.record_audit(actor=actor, verb="advance_copy.accepted", subject=copy)
    return copy


@transaction.atomic
def decline(*, token: str, at: datetime) -> Copy:
    """Decline the invitation. Needs no account. Raises InvitationClosed."""
    copy = _locked_by(token, at)
    copy.state, copy.decided_at = CopyState.DECLINED, at
    copy.save(update_fields=["state", "decided_at"])
    account_services.record_audit(actor=None, verb="advance_copy.declined", subject=copy)
    return copy


@transaction.atomic
def refuse_author(*, author: User, digest: str, at: datetime) -> None:
    """Have an author invite an address no more: their open invitations to it end, and it is deleted. Safe to repeat."""
    Refusal.objects.get_or_create(author=author, digest=digest, defaults={"refused_at": at})
    waiting = Copy.objects.filter(offer__work__owner=author, state=CopyState.INVITED).select_for_update()
    refused = [copy.pk for copy in waiting.order_by("pk") if links.digest_of(copy.email) == digest]
    Copy.objects.filter(pk__in=refused).update(state=CopyState.DECLINED, email="", decided_at=at)


def allow_author(*, author: User, digest: str) -> None:
    """Take that back: the author may invite the address again. Safe to repeat."""
    Refusal.objects.filter(author=author, digest=digest).delete()


def check_reader(actor: User, work: Work) -> None:
    """Raises OwnBook, HasBook."""
    if is_maker(actor, work):
        raise OwnBook
    lasting = Copy.objects.readable(clock.last_day_until(clock.now())).filter(reader=actor, offer__work=work)
    if lasting.exists() or Entitlement.objects.filter(user=actor, work=work, ended_at=None).exists():
        raise HasBook


def start(copy: Copy, reader: User, at: datetime) -> None:
    """Begin a copy: it lasts as long as the offer says now."""
    copy.reader, copy.state, copy.last_day, copy.accepted_at = reader, CopyState.ACCEPTED, copy.offer.last_day, at
    copy.parting_words, copy.reminded_at = "", None
    copy.save()


def _locked_by(token: str, at: datetime) -> Copy:
    copy = invited_by(token, at=at)
    work = editions.lock_work(copy.offer.work)
    copy = invited_by(token, at=at)  # it may have been answered or withdrawn while we waited for the lock
    copy.offer.work = work
    return copy


def _sorted_out(
    offer: Offer, own: Iterable[User], emails: Sequence[str], at: datetime
) -> tuple[list[str], dict[Skipped, list[str]]]:
    """Return whom to invite, in lower case and once each, and who is skipped and why."""
    addresses = list(dict.fromkeys(email.strip().lower() for email in emails))
    digests = {email: links.digest_of(email) for email in addresses}
    again = [CopyState.WITHDRAWN, CopyState.REFUSED]
    known = set(offer.copies.filter(email__in=addresses).exclude(state__in=again).values_list("email", flat=True))
    refused = set(
        Refusal.objects.filter(author=offer.work.owner, digest__in=digests.values()).values_list("digest", flat=True)
    )
    today = Copy.objects.filter(email__in=addresses, sent_at__gt=at - _A_DAY).values_list("email", flat=True)
    sent = list(today)
    own_addresses = {person.email.lower() for person in own}
    wanted: list[str] = []
    skipped: dict[Skipped, list[str]] = {}
    for email in addresses:
        why = None
        if email in own_addresses:
            why = Skipped.OWN
        elif email in known:
            why = Skipped.KNOWN
        elif digests[email] in refused:
            why = Skipped.REFUSED
        elif sent.count(email) >= _MAX_TO_ONE_ADDRESS:
            why = Skipped.BUSY
        if why is None:
            wanted.append(email)
        else:
            skipped.setdefault(why, []).append(email)
    return wanted, skipped


def _check_mails(offer: Offer, count: int, at: datetime) -> None:
    """Raises TooManyMails. Two works of one author at the same moment could exceed the limit by one form."""
    sent = Copy.objects.filter(offer__work__owner=offer.work.owner_id, sent_at__gt=at - _A_DAY).count()
    if sent + count > MAX_MAILS_A_DAY:
        raise TooManyMails(limit=MAX_MAILS_A_DAY)


def _invited(offer: Offer, email: str, language: str, at: datetime) -> Copy:
    """Return the invitation; whose copy was withdrawn before is invited anew."""
    copy = Copy.objects.filter(offer=offer, email=email).first() or Copy(offer=offer, email=email, made_at=at)
    copy.state, copy.language, copy.invitation = CopyState.INVITED, language, copy.invitation + 1
    copy.sent_at, copy.mailed_at, copy.opened_at = at, None, None
    copy.decided_at, copy.told_at = None, None
    copy.save()
    return copy

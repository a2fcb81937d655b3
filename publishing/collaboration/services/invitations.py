"""Invitations by mail to work on the text of a book, and answers through the link in the mail.

A link works once, for `LIFETIME`, and ends when the invitation is sent again. The answer page needs no account until
the person accepts; having the link shows that they read the invited address. Nothing that the owner sees tells whether
an address has an account.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.urls import reverse

from accounts import services as account_services
from accounts.models import User
from common import clock, jobs
from publishing.collaboration import permissions
from publishing.collaboration.errors import (
    AlreadyCollaborator,
    AlreadyInvited,
    CollaborationOver,
    InvitationClosed,
    OnlyCoAuthorsPublish,
    OwnAddress,
    OwnWork,
    ResentTooSoon,
    TooManyCollaborators,
)
from publishing.collaboration.models import Collaborator, CollaboratorRole, Ending
from publishing.models import Work
from publishing.services import editions

LIFETIME = timedelta(days=14)
MAX_COLLABORATORS = 30  # of a work, with open invitations
_AGAIN_AFTER = timedelta(days=1)
_SALT = "publishing.collaboration.invitation"


@dataclass(frozen=True, slots=True)
class InvitationInput:
    """Whom the owner invites, to do what. `language` is that of the mail to someone without an account."""

    email: str
    role: CollaboratorRole
    language: str
    may_publish: bool = False


@transaction.atomic
def invite(*, actor: User, work: Work, told: InvitationInput, at: datetime) -> Collaborator:
    """Invite a person by mail. Raises OwnAddress, AlreadyInvited, TooManyCollaborators, OnlyCoAuthorsPublish."""
    work = editions.lock_work(work)  # two tabs could invite the same address, or one too many
    permissions.require_invite(actor, work)
    email = told.email.strip().lower()
    if email == actor.email.lower():
        raise OwnAddress
    check_publisher(told.role, may_publish=told.may_publish)
    delete_expired(at, work=work)
    if work.collaborators.filter(invited_email=email).exists():
        raise AlreadyInvited(email=email)
    if work.collaborators.filter(ended_at=None).count() >= MAX_COLLABORATORS:
        raise TooManyCollaborators(limit=MAX_COLLABORATORS)
    found = Collaborator.objects.create(
        work=work,
        invited_email=email,
        role=told.role,
        may_publish=told.may_publish,
        language=told.language,
        invited_at=at,
    )
    _send(actor, found)
    return found


@transaction.atomic
def invite_again(*, actor: User, collaborator: Collaborator, at: datetime) -> Collaborator:
    """Send the invitation again, with a new link; the one before stops working. Raises CollaborationOver,
    ResentTooSoon."""
    found = locked(collaborator)
    permissions.require_invite(actor, found.work)
    if not found.is_waiting:
        raise CollaborationOver
    if at - found.invited_at < _AGAIN_AFTER:
        raise ResentTooSoon
    found.invitation, found.invited_at, found.mailed_at = found.invitation + 1, at, None
    found.save(update_fields=["invitation", "invited_at", "mailed_at"])
    _send(actor, found)
    return found


def token_of(collaborator: Collaborator) -> str:
    """Return the token of the invitation as it was sent last."""
    return signing.dumps([collaborator.public_id, collaborator.invitation], salt=_SALT)


def link_to(collaborator: Collaborator) -> str:
    """Return the path of the page where the invited person answers."""
    return reverse("collaboration:answer", args=[token_of(collaborator)])


def invited_by(token: str, *, at: datetime) -> Collaborator:
    """Return the open invitation that the link is about. Raises InvitationClosed."""
    try:
        public_id, number = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, TypeError, ValueError):
        raise _closed() from None
    waiting = Collaborator.objects.waiting().select_related("work__owner")
    found = waiting.filter(public_id=public_id, invitation=number).exclude(invited_email="").first()
    if found is None or at - found.invited_at >= LIFETIME or not found.work.owner.is_active:
        raise _closed()
    return found


def accepted_with(token: str) -> Collaborator | None:
    """Return who accepted the invitation that the link was about, while they work on the text."""
    try:
        public_id, number = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    found = Collaborator.objects.filter(public_id=public_id, invitation=number, ended_at=None)
    return found.exclude(user=None).select_related("work").first()


@transaction.atomic
def accept(*, actor: User, token: str, at: datetime) -> Collaborator:
    """Accept the invitation with the actor's account. Raises InvitationClosed, OwnWork, AlreadyCollaborator."""
    found = _locked_by(token, at)
    if found.work.owner_id == actor.pk:
        raise OwnWork
    if Collaborator.objects.filter(work=found.work, user=actor, ended_at=None).exists():
        raise AlreadyCollaborator
    found.user, found.invited_email, found.accepted_at = actor, "", at
    found.save(update_fields=["user", "invited_email", "accepted_at"])
    account_services.record_audit(actor=actor, verb="collaborator.accepted", subject=found)
    return found


@transaction.atomic
def decline(*, token: str, at: datetime) -> Collaborator:
    """Decline the invitation; the address is deleted. Needs no account. Raises InvitationClosed."""
    found = _locked_by(token, at)
    found.invited_email, found.ended_at, found.ending = "", at, Ending.DECLINED
    found.save(update_fields=["invited_email", "ended_at", "ending"])
    account_services.record_audit(actor=None, verb="collaborator.declined", subject=found)
    return found


def check_publisher(role: str, *, may_publish: bool) -> None:
    """Raises OnlyCoAuthorsPublish."""
    if may_publish and role != CollaboratorRole.CO_AUTHOR:
        raise OnlyCoAuthorsPublish


def locked(collaborator: Collaborator) -> Collaborator:
    """Return the collaborator as they are now, with the work locked: an answer and the owner's click may come at
    once."""
    work = editions.lock_work(collaborator.work)
    found = Collaborator.objects.select_related("user").filter(pk=collaborator.pk).first()
    if found is None:
        raise CollaborationOver
    found.work = work
    return found


def delete_expired(at: datetime, *, work: Work | None = None) -> None:
    """Delete invitations that nobody answered in time, with their addresses; of one work, or of all."""
    late = Collaborator.objects.waiting().filter(invited_at__lte=at - LIFETIME)
    (late if work is None else late.filter(work=work)).delete()


def _locked_by(token: str, at: datetime) -> Collaborator:
    found = invited_by(token, at=at)
    work = editions.lock_work(found.work)
    found = invited_by(token, at=at)  # it may have been answered or withdrawn while we waited for the lock
    found.work = work
    return found


def _send(actor: User, found: Collaborator) -> None:
    facts: dict[str, str | int] = {"role": found.role}
    account_services.record_audit(actor=actor, verb="collaborator.invited", subject=found, facts=facts)
    jobs.enqueue("collaboration.mail_invitation", collaborator_id=found.pk)


def _closed() -> InvitationClosed:
    return InvitationClosed(days=LIFETIME.days)


def waiting_for(user: User) -> list[Collaborator]:
    """Return open invitations to addresses that the person has confirmed as theirs."""
    confirmed = user.emailaddress_set.filter(verified=True).values_list("email", flat=True)
    addresses = [email.lower() for email in confirmed]
    fresh = Collaborator.objects.waiting().filter(invited_email__in=addresses, invited_at__gt=clock.now() - LIFETIME)
    return list(fresh.exclude(work__owner=user).select_related("work__owner"))

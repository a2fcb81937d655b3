"""Invitations by mail to accept a credit, and answers through the link in the mail.

The answer page needs no account until the person accepts; having the link shows that they read the invited address.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.urls import reverse

from accounts import services as account_services
from accounts.models import User
from common import jobs
from publishing import permissions
from publishing.errors import AlreadyContributor, InvitedTooRecently, NobodyToInvite, NothingToAccept
from publishing.models import Contributor
from publishing.services import credits, editions
from publishing.services.contributors import ask

# How long a link works, and how long the address of someone without an account is kept.
INVITATION_LIFETIME = timedelta(days=60)
_AGAIN_AFTER = timedelta(days=1)
_SALT = "publishing.invitation"


@transaction.atomic
def invite(*, actor: User, contributor: Contributor, email: str = "", at: datetime) -> Contributor:
    """Send the invitation to this address, or, without one, again to the person asked before.

    Raises AlreadyContributor, NobodyToInvite without an address, InvitedTooRecently within a day of the previous mail.
    """
    work = editions.lock_work(contributor.work)
    permissions.require_publish(actor, work)
    found = work.contributors.select_for_update().get(pk=contributor.pk)
    if found.payee is not None:
        raise AlreadyContributor(name=found.name)
    if not (email or found.is_asked):
        raise NobodyToInvite(name=found.name)
    if found.mailed_at is not None and at - found.mailed_at < _AGAIN_AFTER:
        raise InvitedTooRecently
    if email:
        ask(found, email)
        if not found.is_asked:
            raise AlreadyContributor(name=found.name)
    found.asked_at, found.mailed_at = at, None
    found.save(update_fields=["asked", "invited_email", "asked_at", "mailed_at"])
    account_services.record_audit(actor=actor, verb="contributor.invited", subject=found)
    jobs.enqueue("publishing.mail_credit", contributor_id=found.pk)
    return found


def link_to(contributor: Contributor) -> str:
    """Return the path of the page where the invited person answers."""
    if contributor.asked_id is not None:
        return reverse("credit", args=[contributor.public_id])
    told = {"credit": contributor.public_id, "email": contributor.invited_email}
    return reverse("invitation", args=[signing.dumps(told, salt=_SALT)])


def invited_by(token: str) -> Contributor:
    """Return the credit that the link is about.

    Raises NothingToAccept when it was answered or withdrawn, or when the link has expired.
    """
    try:
        told = signing.loads(token, salt=_SALT, max_age=INVITATION_LIFETIME)
    except signing.BadSignature as problem:
        raise NothingToAccept from problem
    rows = Contributor.objects.select_related("work__owner").exclude(invited_email="")
    found = rows.filter(public_id=told["credit"], invited_email=told["email"], user=None).first()
    if found is None:
        raise NothingToAccept
    return found


@transaction.atomic
def accept(*, actor: User, token: str, is_on_page: bool) -> Contributor:
    """Accept the credit. Raises NothingToAccept, AlreadyContributor."""
    found = invited_by(token)
    editions.lock_work(found.work)
    found = invited_by(token)  # it may have been answered while we waited for the lock
    found.asked, found.invited_email = actor, ""
    found.save(update_fields=["asked", "invited_email"])
    return credits.accept_credit(actor=actor, contributor=found, is_on_page=is_on_page)


@transaction.atomic
def decline(*, token: str) -> Contributor:
    """Decline the credit: the address is deleted and the name stays without a link. Raises NothingToAccept."""
    found = invited_by(token)
    editions.lock_work(found.work)
    found = invited_by(token)
    found.invited_email, found.asked_at, found.mailed_at = "", None, None
    found.save(update_fields=["invited_email", "asked_at", "mailed_at"])
    account_services.record_audit(actor=None, verb="contributor.declined", subject=found)
    return found


def delete_expired(at: datetime) -> None:
    """Delete the addresses of people who did not answer in time."""
    late = Contributor.objects.exclude(invited_email="").filter(asked_at__lt=at - INVITATION_LIFETIME)
    late.update(invited_email="", asked_at=None, mailed_at=None)

"""What the lowest app holds of a person: roles before, and afterwards everything but a pseudonym."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from accounts import hooks
from accounts.hooks import Obstacle
from accounts.models import ERASED, Deletion, Guest, User
from accounts.services import audit, copies, refusals
from accounts.services.sessions import end_sessions
from common.models import OutboxMessage, PendingMail

_OUTBOX_LASTS = timedelta(days=30)


def obstacles(user: User, at: datetime) -> Iterable[Obstacle]:
    """Whoever works here has acts to answer for; somebody else has to take the role over first."""
    if user.is_staff_member:
        yield Obstacle(
            text=_("Your account belongs to the staff."),
            advice=_("Ask an operator to take your roles away; then it can be deleted like any other."),
        )


def erase(deletion: Deletion, at: datetime) -> None:
    """Take away what names the person and what logs them in. Safe to repeat."""
    user = deletion.user
    end_sessions(user)
    addresses = {user.email, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)}
    for address in addresses:
        OutboxMessage.objects.filter(to__iexact=address).delete()
        PendingMail.objects.filter(to__iexact=address).delete()
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    copies.drop_all(user=user)
    refusals.forget(user)
    audit.erase_facts_of(user)
    Guest.objects.filter(claimed_by=user).exclude(email__startswith=ERASED).update(email=f"{ERASED}{user.public_id}")
    _make_pseudonym(user)
    hooks.announce_renamed(user)


def forget(at: datetime) -> None:
    """Each night: sessions that are over, files without a row, mails kept instead of sent, facts of the audit log that
    have an end."""
    SessionStore.clear_expired()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    copies.drop_orphans()
    audit.erase_old_facts(at=at)
    OutboxMessage.objects.filter(sent_at__lt=at - _OUTBOX_LASTS).delete()


def _make_pseudonym(user: User) -> None:
    """The row stays, for the money that hangs on it, and says nothing of anybody. Sessions that we know nothing of end
    with the password."""
    user.email = f"{ERASED}{user.public_id}"
    user.display_name = user.country = user.language = user.bio = ""
    user.is_active = user.is_author = user.is_finance = user.is_moderator = user.is_operator = False
    user.last_login = None
    user.set_unusable_password()
    user.save()

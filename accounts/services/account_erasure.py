"""What this app erases of a person: everything but a pseudonym. Staff roles prevent it."""

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
from accounts.models import ERASED, Deletion, Guest, MailStop, User
from accounts.services import audit, data_copies, refused_attempts
from accounts.services.sessions import end_sessions
from common.models import OutboxMessage, PendingMail

_OUTBOX_LASTS = timedelta(days=30)


def obstacles(user: User, at: datetime) -> Iterable[Obstacle]:
    """Report staff roles as an obstacle: staff answer for their acts, and someone else must take over first."""
    if user.is_staff_member:
        yield Obstacle(
            text=_("Your account has a staff role."),
            advice=_("Ask an operator to remove your roles. Then you can delete your account."),
        )


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete what names the person and what logs them in. Safe to repeat."""
    user = deletion.user
    end_sessions(user)
    addresses = {user.email, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)}
    for address in addresses:
        OutboxMessage.objects.filter(to__iexact=address).delete()
        PendingMail.objects.filter(to__iexact=address).delete()
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    MailStop.objects.filter(user=user).delete()
    data_copies.drop_all(user=user)
    refused_attempts.forget(user)
    audit.erase_facts_of(user)
    Guest.objects.filter(claimed_by=user).exclude(email__startswith=ERASED).update(email=f"{ERASED}{user.public_id}")
    _make_pseudonym(user)
    hooks.announce_renamed(user)


def forget(at: datetime) -> None:
    """Each night, delete expired sessions, files without a row, old outbox emails and expired audit log facts."""
    SessionStore.clear_expired()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    data_copies.drop_orphans()
    audit.erase_old_facts(at=at)
    OutboxMessage.objects.filter(sent_at__lt=at - _OUTBOX_LASTS).delete()


def _make_pseudonym(user: User) -> None:
    """Keep the row, because financial records refer to it, but remove everything personal from it.

    Changing the password also ends sessions that we do not know of.
    """
    user.email = f"{ERASED}{user.public_id}"
    user.display_name = user.country = user.language = user.bio = ""
    user.is_active = user.is_author = user.is_finance = user.is_moderator = user.is_operator = False
    user.last_login = None
    user.set_unusable_password()
    user.save()

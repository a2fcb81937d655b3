"""Signal receivers that record log-ins and changes to log-in methods in the audit log."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account_signals
from allauth.account.models import EmailAddress
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as auth_signals
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from accounts.services import record_audit, refused_attempts
from accounts.services.sessions import end_sessions
from common.client_ip import client_address


def ip_address_of(request: HttpRequest | None) -> str:
    """Return the IP address that a request came from, or ""."""
    return (client_address(request) if request is not None else None) or ""


def _note(verb: str, request: HttpRequest | None, user: User, **facts: str) -> None:
    """Record an act by the person, or by someone with access to their mailbox."""
    place = {"place": place} if (place := ip_address_of(request)) else {}
    record_audit(actor=user, verb=verb, subject=user, facts={**place, **facts})


@receiver(auth_signals.user_login_failed)
def login_failed(request: HttpRequest | None, credentials: dict[str, Any], **told: Any) -> None:
    email = str(credentials.get("email") or credentials.get("username") or "")
    refused_attempts.note_login(verb="login.wrong_password", email=email, place=ip_address_of(request))


@receiver(mfa_signals.authentication_failed)
def second_factor_failed(request: HttpRequest, user: User, **told: Any) -> None:
    refused_attempts.note(refused_attempts.RefusedAttempt("login.wrong_code", place=ip_address_of(request), about=user))


@receiver(auth_signals.user_logged_in)
def logged_in(request: HttpRequest, user: User, **told: Any) -> None:
    if user.is_staff_member:
        _note("session.began", request, user)


@receiver(auth_signals.user_logged_out)
def logged_out(request: HttpRequest, user: User | None, **told: Any) -> None:
    if user is not None and user.is_staff_member:
        _note("session.ended", request, user)


@receiver([account_signals.password_changed, account_signals.password_set])
def password_changed(request: HttpRequest, user: User, **told: Any) -> None:
    _note("password.changed", request, user)


@receiver(account_signals.password_reset)
def password_reset(request: HttpRequest, user: User, **told: Any) -> None:
    _note("password.reset", request, user)


@receiver(account_signals.email_added)
def email_added(request: HttpRequest, user: User, **told: Any) -> None:
    _note("email.added", request, user)


@receiver(account_signals.email_removed)
def email_removed(request: HttpRequest, user: User, **told: Any) -> None:
    _note("email.removed", request, user)


@receiver(account_signals.email_changed)
def email_changed(request: HttpRequest, user: User, **told: Any) -> None:
    _note("email.changed", request, user)


@receiver(account_signals.email_confirmed)
def email_confirmed(request: HttpRequest, email_address: EmailAddress, **told: Any) -> None:
    _note("email.confirmed", request, User.objects.get(pk=email_address.user_id))


@receiver(mfa_signals.authenticator_added)
def factor_added(request: HttpRequest | None, user: User, authenticator: Authenticator, **told: Any) -> None:
    _note("factor.added", request, user, kind=str(authenticator.type))
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        # Older sessions needed only a password: a stolen one must not gain what two-factor authentication now protects.
        end_sessions(user, but=request.session.session_key if request is not None else None)


@receiver(mfa_signals.authenticator_removed)
def factor_removed(request: HttpRequest, user: User, authenticator: Authenticator, **told: Any) -> None:
    _note("factor.removed", request, user, kind=str(authenticator.type))


@receiver(mfa_signals.authenticator_reset)
def codes_renewed(request: HttpRequest, user: User, **told: Any) -> None:
    _note("factor.codes_renewed", request, user)

"""The steps between the sign-up form and the code that confirms the address."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from allauth.account.internal.flows.email_verification_by_code import EmailVerificationProcess
from allauth.account.models import EmailAddress
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.db.models import ProtectedError
from django.http import HttpRequest

from accounts.models import User

_KEY = "sign_up"
_KEPT = ("display_name", "wants_to_publish")
_CONFIRMED_WITHIN = timedelta(days=7)


def remember(request: HttpRequest, *, user: User | None, typed: Mapping[str, Any]) -> None:
    """Keep in the session what was typed, except for address and password, and which account it created, if any."""
    request.session[_KEY] = {
        "user_id": user and user.pk,
        "typed": {name: typed[name] for name in _KEPT if name in typed},
        "next": request.POST.get(REDIRECT_FIELD_NAME, ""),
    }


def typed(request: HttpRequest) -> dict[str, Any]:
    """Return what this visitor typed into the form before."""
    kept: dict[str, Any] = request.session.get(_KEY, {}).get("typed", {})
    return kept


def start_again(request: HttpRequest) -> str:
    """Go back because the address was wrong: stop waiting for a code and delete the unusable account. Return the next
    URL.

    The same happens if the address of an existing account was given, so that nothing reveals it.
    """
    process = EmailVerificationProcess.resume(request)
    if process is not None:
        process.abort()
    kept = request.session.get(_KEY, {})
    _drop(kept.get("user_id"))
    return str(kept.get("next", ""))


def forget(request: HttpRequest) -> None:
    """Forget what was typed once the person is logged in."""
    request.session.pop(_KEY, None)


def forget_unconfirmed(at: datetime) -> None:
    """Each night, delete accounts that nobody was ever let into, so that their address is free again for its owner."""
    confirmed = EmailAddress.objects.filter(verified=True).values("user")
    waiting = EmailAddress.objects.exclude(user__in=confirmed).values("user")
    never_used = User.objects.filter(pk__in=waiting, last_login=None, joined_at__lt=at - _CONFIRMED_WITHIN)
    for user in never_used:
        with suppress(ProtectedError):  # something refers to it after all: then it stays
            user.delete()


def _drop(user_id: int | None) -> None:
    if user_id is None:
        return
    never_used = User.objects.filter(pk=user_id, last_login=None)
    never_used.exclude(pk__in=EmailAddress.objects.filter(verified=True).values("user")).delete()

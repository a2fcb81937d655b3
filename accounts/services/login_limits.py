"""Limits on log-in attempts, counted by network so that a stranger's wrong passwords do not lock out the owner.

There are three counts beside allauth's own for each network (decision 0075): one address from one network within
minutes, and within a day, and one address from everywhere within a day. The last one slows guessing from many networks
at once. It does not apply where the account has logged in lately, or where its password was reset by email.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import blake2b

from allauth.account.models import EmailAddress
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest

from accounts.models import User
from common.client_ip import client_network

_APP = "allauth.account"
_HERE, _ANYWHERE = "login_failed_here", "login_failed_anywhere"
_KNOWN_FOR = timedelta(days=30)
# Shown with a refusal. Of the limits, most people meet the one that lasts five minutes.
WAIT_SECONDS = 300


def key(request: HttpRequest, email: str) -> str:
    """Return the key that counts one address from one network."""
    return f"{email.lower()} from {client_network(request)}"


def may_try(request: HttpRequest, email: str) -> bool:
    """Return whether a password may be tried for this address from here."""
    here = _has_room(request, _HERE, key(request, email))
    return here and (_is_known(request, email) or _has_room(request, _ANYWHERE, email.lower()))


def note_failure(request: HttpRequest, email: str) -> None:
    ratelimit.consume(request, app=_APP, action=_HERE, key=key(request, email))
    ratelimit.consume(request, app=_APP, action=_ANYWHERE, key=email.lower())


def remember_network(request: HttpRequest, user: User) -> None:
    """Remember that the person logged in, or reset their password, from here: the daily limit does not apply here."""
    for email in _emails(user):
        cache.set(_known_key(request, email), True, _KNOWN_FOR.total_seconds())


def reset_after_password_change(request: HttpRequest, user: User) -> None:
    """Forget failed attempts after a password reset, and wrong codes of someone who knew the old password."""
    remember_network(request, user)
    for email in _emails(user):
        ratelimit.clear(request, app=_APP, action=_HERE, key=key(request, email))
        ratelimit.clear(request, app=_APP, action="login_failed", key=key(request, email))
    ratelimit.clear(request, app=_APP, action="login_failed", key=f"mfa-auth-user-{user.pk}")  # allauth's own key


def _has_room(request: HttpRequest, action: str, counted: str) -> bool:
    return ratelimit.consume(request, app=_APP, action=action, key=counted, dry_run=True) is not None


def _is_known(request: HttpRequest, email: str) -> bool:
    return bool(cache.get(_known_key(request, email)))


def _known_key(request: HttpRequest, email: str) -> str:
    """Return a digest: neither address nor network can be read from the stored key."""
    return f"known-place:{blake2b(key(request, email).encode(), digest_size=16).hexdigest()}"


def _emails(user: User) -> set[str]:
    rows = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return {user.email.lower(), *(email.lower() for email in rows)}

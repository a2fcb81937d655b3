"""How long staff sessions last: a limit on inactivity, a working day at most, and a few minutes after entering the
password.

These use real time: the demonstration's clock jumps by months, and that must not log anyone out.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import wraps
from typing import Any

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from accounts.models import User
from common import clock

_SEEN_AT = "staff_seen_at"
_NOTED_EVERY_S = 60
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class SessionState(Enum):
    """Whether a staff session may continue."""

    FRESH = "fresh"
    IDLE = "idle"  # no requests for a while: asks for the password, then continues
    OVER = "over"  # logged in too long ago: needs a full log-in


def session_state(request: HttpRequest, user: User) -> SessionState:
    """Return the state of a staff member's session, and record a fresh one as used, once a minute."""
    moments = [record["at"] for record in get_authentication_records(request, user)]
    now = clock.real_now().timestamp()
    if not moments or now - moments[0] > settings.STAFF_SESSION_MAX_AGE.total_seconds():
        return SessionState.OVER
    seen_at = max(moments[-1], request.session.get(_SEEN_AT, 0))
    if now - seen_at > settings.STAFF_SESSION_IDLE.total_seconds():
        return SessionState.IDLE
    if now - seen_at > _NOTED_EVERY_S:
        request.session[_SEEN_AT] = now
    return SessionState.FRESH


def logged_in_recently(request: HttpRequest) -> bool:
    """Return whether the person logged in, or entered the password again, within ACCOUNT_REAUTHENTICATION_TIMEOUT."""
    user = request.user
    moments = [record["at"] for record in get_authentication_records(request, user)] if isinstance(user, User) else []
    return bool(moments) and clock.real_now().timestamp() - moments[-1] < app_settings.REAUTHENTICATION_TIMEOUT


def recent_login_required[**P, R: HttpResponseBase](view: Callable[P, R]) -> Callable[P, R]:
    """Ask for the password before the view, unless the person logged in within the last minutes.

    allauth keeps a submitted form and continues with it afterwards.
    """

    @wraps(view)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        request: Any = args[0]
        if not logged_in_recently(request):
            raise ReauthenticationRequired
        return view(*args, **kwargs)

    return checked


def recent_login_to_change[**P, R: HttpResponseBase](view: Callable[P, R]) -> Callable[P, R]:
    """Do the same for requests that change something; pages can be read without it."""
    guarded = recent_login_required(view)

    @wraps(view)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        request: Any = args[0]
        return view(*args, **kwargs) if request.method in _SAFE_METHODS else guarded(*args, **kwargs)

    return checked

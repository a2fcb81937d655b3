"""Why staff open what is not theirs: asked once for each thing, kept with the session for an hour."""

from __future__ import annotations

from django.http import HttpRequest

from common import clock

PEOPLE = "people"  # the key of the list of people; a work's is its public id
_SESSION_KEY = "reasons"
_LASTS_S = 3600
_MOST = 50


class ReasonNeeded(Exception):
    """The page that asks for the reason comes first (`StaffMiddleware`)."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


def reason_for(request: HttpRequest, key: str) -> str:
    """The reason given within the last hour. Raises ReasonNeeded."""
    reason, until = request.session.get(_SESSION_KEY, {}).get(key, ("", 0))
    if clock.real_now().timestamp() >= until:
        raise ReasonNeeded(key)
    return str(reason)


def give_reason(request: HttpRequest, key: str, reason: str) -> None:
    """Remember it for an hour."""
    now = clock.real_now().timestamp()
    known = {one: given for one, given in request.session.get(_SESSION_KEY, {}).items() if given[1] > now}
    known[key] = (reason, now + _LASTS_S)
    request.session[_SESSION_KEY] = dict(list(known.items())[-_MOST:])

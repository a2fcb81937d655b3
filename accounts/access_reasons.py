"""Why staff open other people's data: asked once for each thing and kept in the session for an hour, like what they
opened.
"""

from __future__ import annotations

from django.http import HttpRequest

from common import clock

PEOPLE = "people"  # the key of the list of people; the key of a work is its public id
_REASONS, _READS = "reasons", "staff_reads"  # in the session
_LASTS_S = 3600
_MAX_KEPT = 50


class ReasonNeeded(Exception):
    """The page that asks for the reason must be shown first (`StaffMiddleware`)."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


def reason_for(request: HttpRequest, key: str) -> str:
    """Return the reason given within the last hour. Raises ReasonNeeded."""
    found = _lasting(request, _REASONS).get(key)
    if found is None:
        raise ReasonNeeded(key)
    return str(found[0])


def give_reason(request: HttpRequest, key: str, reason: str) -> None:
    """Remember the reason for an hour."""
    _keep(request, _REASONS, key, reason)


def was_read(request: HttpRequest, key: str) -> bool:
    """Return whether this session has made an audit log entry about the thing within the last hour."""
    return key in _lasting(request, _READS)


def note_read(request: HttpRequest, key: str) -> None:
    """Remember for an hour that there is such an entry."""
    _keep(request, _READS, key, "")


def _lasting(request: HttpRequest, name: str) -> dict[str, tuple[str, float]]:
    now = clock.real_now().timestamp()
    return {key: kept for key, kept in request.session.get(name, {}).items() if kept[1] > now}


def _keep(request: HttpRequest, name: str, key: str, value: str) -> None:
    kept = _lasting(request, name) | {key: (value, clock.real_now().timestamp() + _LASTS_S)}
    request.session[name] = dict(list(kept.items())[-_MAX_KEPT:])

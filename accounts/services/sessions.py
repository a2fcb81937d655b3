"""Ending a person's sessions, in whatever browsers they are."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from accounts.models import User


def end_sessions(user: User, *, but: str | None = None) -> None:
    """End all sessions of the person, except the one with the key `but`."""
    known = UserSession.objects.filter(user=user)
    if but:
        known = known.exclude(session_key=but)
    Session.objects.filter(session_key__in=known.values("session_key")).delete()
    known.delete()

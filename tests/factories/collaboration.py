"""Collaborators of a work, without the mail that invites them."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from common import clock
from publishing.collaboration.models import Collaborator
from publishing.models import Work
from tests.factories.accounts import make_reader


def make_collaborator(work: Work, role: str = "proofreader", *, user: User | None = None, **given: Any) -> Collaborator:
    """Somebody who accepted."""
    at = clock.now()
    values = {"language": "en", "invited_at": at, "mailed_at": at, "accepted_at": at, **given}
    return Collaborator.objects.create(work=work, role=role, user=user or make_reader(), **values)


def make_invitation(work: Work, email: str, role: str = "proofreader", **given: Any) -> Collaborator:
    """An invitation that was mailed and has no answer."""
    at = clock.now()
    values = {"language": "en", "invited_at": at, "mailed_at": at, **given}
    return Collaborator.objects.create(work=work, role=role, invited_email=email, **values)

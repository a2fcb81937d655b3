"""Making share links."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from common.errors import NotAllowed
from insight.events import permissions
from insight.events.errors import LabelTaken, TooManyLinks
from insight.events.models import ShareLink
from publishing.models import Work

_MAX_LINKS = 50
# Without l, o, 0 and 1, so that a link can be read aloud.
_CODE_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_CODE_LENGTH = 8


def make_link(*, actor: User, work: Work, label: str, at: datetime) -> ShareLink:
    """Make a link to share, named for the place where it is shared. Raises NotAllowed, TooManyLinks, LabelTaken."""
    if not permissions.may_share(actor, work):
        raise NotAllowed
    if ShareLink.objects.filter(work=work).count() >= _MAX_LINKS:
        raise TooManyLinks(most=_MAX_LINKS)
    try:
        with transaction.atomic():
            return ShareLink.objects.create(code=_new_code(), work=work, label=label[: ShareLink.MAX_LABEL], made_at=at)
    except IntegrityError:
        raise LabelTaken(label=label) from None


def _new_code() -> str:
    return "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))

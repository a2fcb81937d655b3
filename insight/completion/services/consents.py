"""Whether a reader is counted: asked once, changed at any time."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from common import clock
from insight.completion.models import Consent


def note_asked(reader: User) -> None:
    """Note that the question was shown. Safe to repeat."""
    Consent.objects.get_or_create(user=reader, defaults={"asked_at": clock.now()})


def decide(*, reader: User, agrees: bool, at: datetime) -> None:
    """Write down what the reader decided. The next figures follow it."""
    note_asked(reader)
    Consent.objects.filter(user=reader).exclude(agrees=agrees, decided_at__isnull=False).update(
        agrees=agrees, decided_at=at
    )

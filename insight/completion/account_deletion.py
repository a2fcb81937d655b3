"""Account deletion: the consent goes, and with it the reader from all figures to come."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Deletion
from insight.completion.models import Consent


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete the person's consent. Safe to repeat."""
    Consent.objects.filter(user=deletion.user).delete()

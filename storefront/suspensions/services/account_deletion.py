"""What a deletion takes along: what the person wrote, and what was written about them."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Deletion, User
from storefront.suspensions.models import AccountEnding, PriorWarning, Suspension, Unfounded

_GONE = "—"


def erase(deletion: Deletion, at: datetime) -> None:
    """Remove all words. That there was a decision stays, without a name. Safe to repeat."""
    _blank(deletion.user)


def _blank(user: User) -> None:
    PriorWarning.objects.filter(person=user).update(reason=_GONE)
    Unfounded.objects.filter(person=user).update(reason=_GONE)
    words = {"evidence": _GONE, "reason": _GONE, "appeal": "", "appeal_reason": "", "lift_reason": ""}
    Suspension.objects.filter(person=user).update(**words)
    AccountEnding.objects.filter(person=user).update(rule=_GONE, **words)
    AccountEnding.objects.filter(person=user, confirmed_at=None).delete()

"""The name of this app's audit log entry."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from accounts.audit_registry import Area, add_verbs

_FACTS_LAST = timedelta(days=365)


def register() -> None:
    """Register the name. Called once, when the app is ready."""
    verbs = {"market.rings_read": _("Looked for rings of buyers")}
    add_verbs(Area.ACCOUNTS, verbs, lasts=_FACTS_LAST, is_told=False)

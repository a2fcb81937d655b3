"""The names of this app's audit log entries, and whose record each subject is."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.audit_registry import Area, add_subjects, add_verbs


def register() -> None:
    """Register the names. Called once, when the app is ready."""
    verbs = {
        "market_reports.subscribed": _("Market reports subscribed to"),
        "market_reports.cancelled": _("Market reports cancelled"),
        "market_reports.ended": _("Market reports ended"),
    }
    subject = "market_reports.reportsubscription"
    add_verbs(Area.MONEY, verbs)
    add_subjects({subject: _("Market reports")}, {subject: "user_id"})

"""Labels of this app's audit log entries."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.audit_registry import Area, add_facts, add_subjects, add_verbs


def register() -> None:
    """Register this app's labels. Called once, when the app is ready."""
    add_verbs(Area.SECURITY, {"site.mode_set": _("Shop opened or closed")})
    add_subjects({"maintenance.sitemode": _("Shop")}, {})
    add_facts({"mode": _("mode")})

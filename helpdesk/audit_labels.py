"""Labels of this app's audit log entries, and whom each thing belongs to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.audit_registry import Area, add_subjects, add_verbs

_VERBS = {
    "contact.answered": _("Contact request answered"),
    "contact.closed": _("Contact request closed"),
}


def register() -> None:
    """Register this app's labels. Called once, when the app is ready."""
    add_verbs(Area.ACCOUNTS, _VERBS)
    add_subjects({"helpdesk.contactrequest": _("Contact request")}, {"helpdesk.contactrequest": "user_id"})

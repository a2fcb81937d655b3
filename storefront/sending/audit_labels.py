"""Labels of the audit log entries about devices that books are sent to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.audit_registry import Area, add_subjects, add_verbs

_VERBS = {
    "sending.device_added": _("Device to send books to added"),
    "sending.device_confirmed": _("Device to send books to confirmed"),
    "sending.device_removed": _("Device to send books to removed"),
}
_SUBJECTS = {"sending.device": _("Device to send books to")}
_PEOPLE: dict[str, str | None] = {"sending.device": "owner_id"}


def register() -> None:
    """Register the labels and owners. Called once, when the app is ready."""
    add_verbs(Area.ACCOUNTS, _VERBS)
    add_subjects(_SUBJECTS, _PEOPLE)

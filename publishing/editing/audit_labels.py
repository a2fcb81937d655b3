"""Labels of this app's audit log entries, and which account each kind of object belongs to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.audit_registry import Area, add_subjects, add_verbs

_VERBS = {
    "correction.accepted": _("Correction accepted"),
    "correction.declined": _("Correction declined"),
    "correction.undone": _("Correction undone"),
    "correction.withdrawn": _("Correction withdrawn"),
}
_SUBJECTS = {"editing.correction": _("Correction")}
_PEOPLE: dict[str, str | None] = {"editing.correction": "work.owner_id"}


def register() -> None:
    """Register the labels and owners. Called once, when the app is ready."""
    add_verbs(Area.PUBLISHING, _VERBS)
    add_subjects(_SUBJECTS, _PEOPLE)

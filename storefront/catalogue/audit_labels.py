"""Labels of this app's audit log entries, and the field that names the owner of each subject."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.audit_registry import Area, add_subjects, add_verbs

_VERBS = {
    "bundle.agreed": _("Bundle joined"),
    "bundle.left": _("Bundle left"),
    "bundle.listed": _("Bundle put on sale"),
    "bundle.deleted": _("Bundle deleted"),
    "bundle.made": _("Bundle created"),
    "bundle.withdrawn": _("Bundle taken off sale"),
}
_SUBJECTS = {
    "catalogue.bundle": _("Bundle"),
}
_PEOPLE: dict[str, str | None] = {
    "catalogue.bundle": "owner_id",
}


def register() -> None:
    """Register the labels. Called once, when the app is ready."""
    add_verbs(Area.MONEY, _VERBS)
    add_subjects(_SUBJECTS, _PEOPLE)

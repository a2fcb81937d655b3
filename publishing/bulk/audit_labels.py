"""Labels of bulk edits in the audit log. What changes in a work is recorded by the work's own services."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.audit_registry import Area, add_facts, add_subjects, add_verbs

_VERBS = {
    "bulk_edit.applied": _("Bulk edit applied"),
    "bulk_edit.undone": _("Bulk edit undone"),
}
_FACTS = {"books": _("Books")}
_SUBJECTS = {"bulk.bulkedit": _("Bulk edit")}
_PEOPLE: dict[str, str | None] = {"bulk.bulkedit": "user_id"}


def register() -> None:
    """Register the labels and owners. Called once, when the app is ready."""
    add_verbs(Area.PUBLISHING, _VERBS)
    add_facts(_FACTS)
    add_subjects(_SUBJECTS, _PEOPLE)

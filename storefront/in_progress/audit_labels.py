"""Labels of the audit log entries about chapters in progress."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.audit_registry import Area, add_facts, add_subjects, add_verbs

_VERBS = {
    "in_progress.shown": _("Chapters in progress shown to everybody"),
    "in_progress.stopped": _("Chapters in progress no longer shown"),
}
_FACTS = {"chapters": _("Chapters")}
_SUBJECTS = {"in_progress.showing": _("Chapters in progress")}
_PEOPLE: dict[str, str | None] = {"in_progress.showing": "work__owner_id"}


def register() -> None:
    """Register the labels and owners. Called once, when the app is ready."""
    add_verbs(Area.PUBLISHING, _VERBS)
    add_facts(_FACTS)
    add_subjects(_SUBJECTS, _PEOPLE)

"""Labels of the audit log entries about searches for copies, which are for staff only."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.audit_registry import Area, add_facts, add_subjects, add_verbs

_VERBS = {
    "copy.searched": _("Marks of a file compared with all copies"),
    "copy.named": _("Copy found by the marks of a file"),
}
_FACTS = {
    "file": _("SHA-256 of the file"),
    "marks": _("Other marks"),
    "named": _("Copies found"),
    "sigma": _("Sigma"),
    "sites": _("Dashes"),
}
_SUBJECTS = {"library.watermarkedcopy": _("Watermarked copy")}
_PEOPLE: dict[str, str | None] = {"library.watermarkedcopy": "reader_id"}


def register() -> None:
    """Register the labels and owners. Called once, when the app is ready."""
    add_verbs(Area.MODERATION, _VERBS, is_told=False)
    add_facts(_FACTS)
    add_subjects(_SUBJECTS, _PEOPLE)

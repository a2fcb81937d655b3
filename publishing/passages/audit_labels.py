"""Labels of answers about passages in the audit log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.audit_registry import Area, add_facts, add_subjects, add_verbs

_VERBS = {"passages.answered": _("Answer about passages that stand in another book")}
_FACTS = {"answer": _("Answer"), "words": _("Words")}
_SUBJECTS = {"passages.match": _("Passages in two books")}
_PEOPLE: dict[str, str | None] = {"passages.match": "answered_by_id"}


def register() -> None:
    """Register the labels and owners. Called once, when the app is ready."""
    add_verbs(Area.PUBLISHING, _VERBS)
    add_facts(_FACTS)
    add_subjects(_SUBJECTS, _PEOPLE)

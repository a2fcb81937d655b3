"""Labels of collaboration's audit log entries."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.audit_registry import Area, add_facts, add_subjects, add_verbs

_VERBS = {
    "collaborator.accepted": _("Collaboration accepted"),
    "collaborator.changed": _("Role of a collaborator changed"),
    "collaborator.declined": _("Collaboration declined"),
    "collaborator.ended": _("Collaboration ended by the owner"),
    "collaborator.invited": _("Collaborator invited"),
    "collaborator.left": _("Collaborator left"),
    "collaborator.let_in": _("Hired person let in"),
    "collaborator.let_out": _("Access of a hired person ended"),
}
_FACTS = {"publishes": _("May publish")}
_SUBJECTS = {"collaboration.collaborator": _("Collaborator")}
_PEOPLE: dict[str, str | None] = {"collaboration.collaborator": "user_id"}


def register() -> None:
    """Register the labels and owners. Called once, when the app is ready."""
    add_verbs(Area.PUBLISHING, _VERBS)
    add_facts(_FACTS)
    add_subjects(_SUBJECTS, _PEOPLE)

"""Labels of the audit log entries about advance copies."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.audit_registry import Area, add_facts, add_subjects, add_verbs

_VERBS = {
    "advance_copies.closed": _("No more advance copies given"),
    "advance_copies.invited": _("Readers invited to an advance copy"),
    "advance_copies.offered": _("Advance copies offered"),
    "advance_copies.reopened": _("Advance copies given again"),
    "advance_copies.renewed": _("Advance copies brought up to date"),
    "advance_copy.accepted": _("Advance copy accepted"),
    "advance_copy.declined": _("Advance copy declined"),
    "advance_copy.extended": _("Advance copy extended"),
    "advance_copy.granted": _("Advance copy given on request"),
    "advance_copy.refused": _("Request for an advance copy declined"),
    "advance_copy.withdrawn": _("Advance copy withdrawn"),
}
_FACTS = {"copies": _("Copies"), "last_day": _("Last day")}
_SUBJECTS = {"advance_copies.offer": _("Advance copies"), "advance_copies.copy": _("Advance copy")}
_PEOPLE: dict[str, str | None] = {"advance_copies.offer": "work__owner_id", "advance_copies.copy": "reader_id"}


def register() -> None:
    """Register the labels and owners. Called once, when the app is ready."""
    add_verbs(Area.PUBLISHING, _VERBS)
    add_facts(_FACTS)
    add_subjects(_SUBJECTS, _PEOPLE)

"""Labels of audit log entries about offers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.audit_registry import Area, add_subjects, add_verbs

_VERBS = {
    "offer.paused": _("Service paused"),
    "offer.published": _("Service offered"),
    "offer.restored": _("Service shown again after an appeal"),
    "offer.taken_down": _("Service taken down"),
}
_SUBJECTS = {"offers.offer": _("Service")}
_PEOPLE: dict[str, str | None] = {"offers.offer": "provider_id"}


def register() -> None:
    """Register the labels and owners. Called once, when the app is ready."""
    add_verbs(Area.PUBLISHING, _VERBS)
    add_subjects(_SUBJECTS, _PEOPLE)

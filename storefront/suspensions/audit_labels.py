"""Labels of the audit log entries about suspensions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.audit_registry import Area, add_facts, add_subjects, add_verbs

_VERBS = {
    "ending.appealed": _("Appeal against the end of the account"),
    "ending.appeal_decided": _("Appeal about the end of an account decided"),
    "ending.confirmed": _("End of an account confirmed"),
    "ending.took_effect": _("Account as an author ended"),
    "ending.withdrawn": _("End of an account taken back"),
    "suspension.appealed": _("Appeal against a suspension"),
    "suspension.appeal_decided": _("Appeal about a suspension decided"),
    "suspension.imposed": _("Suspension imposed"),
    "suspension.lifted": _("Suspension lifted"),
    "suspension.unfounded": _("Called manifestly unfounded"),
    "suspension.warned": _("Warned of a suspension"),
}
_STAFF_VERBS = {"ending.proposed": _("End of an account proposed")}  # nobody has decided yet
_FACTS = {"activity": _("Suspended"), "ground": _("Ground"), "last_day": _("Last day")}
_SUBJECTS = {
    "suspensions.accountending": _("End of an account"),
    "suspensions.priorwarning": _("Warning"),
    "suspensions.suspension": _("Suspension"),
    "suspensions.unfounded": _("Manifestly unfounded"),
}


def register() -> None:
    """Register the labels and owners. Called once, when the app is ready."""
    add_verbs(Area.MODERATION, _VERBS)
    add_verbs(Area.MODERATION, _STAFF_VERBS, is_told=False)
    add_facts(_FACTS)
    add_subjects(_SUBJECTS, dict.fromkeys(_SUBJECTS, "person_id"))

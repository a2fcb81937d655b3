"""Labels of the audit log entries about app passwords."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.audit_labels import SECURITY_FACTS_LAST
from accounts.audit_registry import Area, add_facts, add_subjects, add_verbs

_VERBS = {
    "app_password.made": _("App password made"),
    "app_password.refused": _("App refused: wrong app password"),
    "app_password.revoked": _("App password revoked"),
}
_FACTS = {"name": _("Name")}
_SUBJECTS = {"devices.apppassword": _("App password")}


def register() -> None:
    """Register the labels. Called once, when the app is ready. A name may tell of a person, so facts expire."""
    add_verbs(Area.SECURITY, _VERBS, lasts=SECURITY_FACTS_LAST)
    add_facts(_FACTS)
    add_subjects(_SUBJECTS, {"devices.apppassword": "user_id"})

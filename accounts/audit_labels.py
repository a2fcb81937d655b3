"""Labels of this app's audit log entries, and how long their facts are kept."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.audit_registry import REASONS_LAST, Area, add_facts, add_subjects, add_verbs

# Long enough to investigate an attack that is noticed late. The entries stay, without the IP address.
SECURITY_FACTS_LAST = timedelta(days=180)

_SECURITY = {
    "login.wrong_password": _("Log-in refused: wrong password"),
    "login.unknown_address": _("Log-in refused: no account with this address"),
    "login.wrong_code": _("Log-in refused: wrong code"),
    "login.locked": _("Log-in refused: too many attempts"),
    "permission.refused": _("Access denied"),
    "session.began": _("Logged in"),
    "session.ended": _("Logged out"),
    "password.changed": _("Password changed"),
    "password.reset": _("Password reset by email"),
    "email.added": _("Email address added"),
    "email.removed": _("Email address removed"),
    "email.changed": _("Primary email address changed"),
    "email.confirmed": _("Email address confirmed"),
    "factor.added": _("Two-factor authentication: method added"),
    "factor.removed": _("Two-factor authentication: method removed"),
    "factor.codes_renewed": _("Two-factor authentication: new recovery codes"),
    "user.taken_back": _("Account transferred to the owner of its email address"),
}
_ACCOUNTS = {
    "account.deletion_called_off": _("Account deletion cancelled"),
    "account.erased": _("Account deleted"),
    "audit_log.exported": _("Audit log exported"),
    "data_copy.downloaded": _("Data copy downloaded"),
    "user.became_author": _("Became an author"),
}
_ROLES = {
    "role.confirmed": _("Role confirmed by a second person"),
    "role.declined": _("Role declined"),
    "role.granted": _("Role assigned"),
    "role.proposed": _("Role proposed"),
    "role.taken": _("Role removed"),
}
_ON_REQUEST = {
    "account.deletion_asked": _("Account deletion requested"),
    "data_copy.asked": _("Data copy requested"),
}
# These hold the reason that an operator gave.
_READS = {
    "audit_log.searched": _("Searched the audit log for a person"),
    "people.listed": _("Looked up people"),
    "person.read": _("Opened an account page"),
}
_FACTS = {
    "address": _("Email address (keyed hash)"),
    "by": _("By"),
    "code": _("Code"),
    "entries": _("Entries"),
    "filter": _("Filter"),
    "form": _("File type"),
    "kind": _("Kind"),
    "page": _("Page"),
    "people": _("People"),
    "person": _("Person"),
    "place": _("IP address"),
    "reason": _("Reason"),
    "role": pgettext_lazy("staff", "Role"),
    "times": _("Count"),
    "what": _("What"),
}


def register() -> None:
    """Register this app's labels. Called once, when the app is ready."""
    add_verbs(Area.SECURITY, _SECURITY, lasts=SECURITY_FACTS_LAST)
    add_verbs(Area.ACCOUNTS, _ACCOUNTS)
    add_verbs(Area.ACCOUNTS, _ROLES)
    add_verbs(Area.ACCOUNTS, _READS | _ON_REQUEST, lasts=REASONS_LAST)
    add_facts(_FACTS)
    add_subjects(
        {"accounts.user": _("Account"), "accounts.datacopy": _("Data copy")},
        {"accounts.user": "pk", "accounts.datacopy": "user_id"},
    )

"""Labels of the audit log entries about claims."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.audit_registry import Area, add_facts, add_subjects, add_verbs

_VERBS = {
    "claim.answered": _("Claim on a book answered"),
    "claim.ended": _("Claim on a book ended"),
    "claim.filed": _("Words of a book claimed"),
    "claim.hold_begun": _("Share of a book held because of a claim"),
    "claim.hold_refused": _("Claim looked at, nothing held"),
    "claim.insisted": _("Claim on a book upheld by the claimant"),
    "claim.taken": _("Money of a claim taken to an account"),
    "claims.suspended": _("No claims taken for 90 days"),
    "claims.suspension_appealed": _("Suspension of claims appealed"),
    "claims.suspension_decided": _("Appeal about a suspension of claims decided"),
    "claims.warned": _("Warned about dismissed claims"),
}
_FACTS = {"share_bps": _("Share in basis points")}
_SUBJECTS = {"claims.claim": _("Claim on a book"), "claims.conductnotice": _("Notice about claims")}
_PEOPLE: dict[str, str | None] = {"claims.claim": "work__owner_id", "claims.conductnotice": "user_id"}


def register() -> None:
    """Register the labels and owners. Called once, when the app is ready."""
    add_verbs(Area.MODERATION, _VERBS)
    add_facts(_FACTS)
    add_subjects(_SUBJECTS, _PEOPLE)

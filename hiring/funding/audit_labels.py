"""What the audit log calls what happened to milestones' money."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.audit_registry import Area, add_subjects, add_verbs

_VERBS = {
    "milestone_refund.failed": _("Refund of a milestone refused by the provider"),
    "milestone_refund.returned": _("Refund of a milestone returned by the bank"),
    "milestone_refund.resent": _("Refund of a milestone sent by bank transfer"),
    "milestone_refund.foreign": _("Refund of a milestone made at the provider"),
    "milestone_dispute.opened": _("Milestone disputed with the bank"),
    "milestone_dispute.answered": _("Dispute of a milestone answered"),
    "milestone_dispute.accepted": _("Dispute of a milestone accepted"),
    "milestone_dispute.won": _("Dispute of a milestone won"),
    "milestone_dispute.lost": _("Dispute of a milestone lost"),
}
_SUSPICIONS = {"milestone_payment.warned": _("Fraud warning for a milestone’s payment")}
_SUBJECTS = {
    "funding.milestonepayment": _("Payment for a milestone"),
    "funding.milestonerefund": _("Refund of a milestone"),
    "funding.bankdispute": _("Dispute of a milestone"),
}
_PEOPLE: dict[str, str | None] = {
    "funding.milestonepayment": "payer_id",
    "funding.milestonerefund": "payment.payer_id",
    "funding.bankdispute": "payment.payer_id",
}


def register() -> None:
    """Register the labels; called once, when the app is ready."""
    add_verbs(Area.MONEY, _VERBS)
    add_verbs(Area.MONEY, _SUSPICIONS, is_told=False)
    add_subjects(_SUBJECTS, _PEOPLE)

"""Labels for this app's audit log entries, and the path from each subject to its person."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.audit_registry import Area, add_facts, add_subjects, add_verbs

_VERBS = {
    "coupon.made": _("Coupon code created"),
    "coupon.stopped": _("Coupon code deactivated"),
    "dispute.accepted": _("Dispute accepted"),
    "dispute.answered": _("Dispute answered"),
    "dispute.lost": _("Dispute lost"),
    "dispute.opened": _("Dispute opened"),
    "dispute.prevented": _("Dispute prevented"),
    "dispute.warning_closed": _("Bank inquiry closed"),
    "dispute.won": _("Dispute won"),
    "dispute.won_on_appeal": _("Dispute won on appeal"),
    "gift.redeemed": _("Gift redeemed"),
    "gift.swapped": _("Gift exchanged"),
    "guest.claimed": _("Orders added to an account"),
    "guest.links_renewed": _("Order links renewed"),
    "order.accepted": _("Payment of a different amount accepted"),
    "order.line_canceled": _("Order line cancelled"),
    "order.quarantined": _("Order under review: a different amount was paid"),
    "order.sent_back": _("Order payment refunded"),
    "order.withdrawn": _("Withdrawal from the purchase contract"),
    "payment.needless": _("Unneeded payment refunded"),
    "payment.sent_back": _("Payment refunded"),
    "preorder.supplied": _("Pre-order supplied"),
    "refund.approved": _("Refund approved"),
    "refund.declined": _("Refund declined"),
    "refund.failed": _("Refund failed"),
    "refund.failed_late": _("Refund returned by the bank"),
    "refund.gave_way": _("Refund reduced: part had already been refunded"),
    "refund.made_elsewhere": _("Refund made at the provider"),
    "refund.proposed": _("Refund proposed"),
    "refund.requested": _("Refund requested"),
    "refund.resent": _("Refund sent again"),
    "refund.rest_asked": _("Rest of a refund requested"),
    "saved_card.removed": _("Saved payment method removed"),
}
_SUSPICIONS = {
    "fraud_warning.kept": _("Fraud warning: nothing refunded"),
    "fraud_warning.refunded": _("Refunded after a fraud warning"),
    "refund.warned": _("Refund after a fraud warning"),
}
_FACTS = {
    "books": _("Books"),
    "country": _("Country"),
    "edition": _("Edition"),
    "funded_by": _("Paid by"),
    "less_minor": _("Reduced by, in minor units"),
    "lines_owed_back": _("Lines to refund"),
    "paid": _("Paid"),
    "quoted": _("Quoted"),
    "refund": _("Refund"),
    "refused": _("Refused refund"),
    "unassigned_minor": _("Not assigned to a line, in minor units"),
    "warning": _("Warning"),
    "way": _("Method"),
}
_SUBJECTS = {
    "checkout.coupon": _("Coupon"),
    "checkout.dispute": _("Dispute"),
    "checkout.gift": _("Gift"),
    "checkout.order": _("Order"),
    "checkout.orderline": _("Order line"),
    "checkout.payment": _("Payment"),
    "checkout.refund": _("Refund"),
    "checkout.withdrawal": _("Withdrawal"),
}
_PEOPLE: dict[str, str | None] = {
    "checkout.coupon": "owner_id",
    "checkout.dispute": "payment.order.buyer_id",
    "checkout.gift": "line.order.buyer_id",
    "checkout.order": "buyer_id",
    "checkout.orderline": "order.buyer_id",
    "checkout.payment": "order.buyer_id",
    "checkout.refund": "payment.order.buyer_id",
    "checkout.withdrawal": "order.buyer_id",
}


def register() -> None:
    """Register the labels; called once, when the app is ready."""
    add_verbs(Area.MONEY, _VERBS)
    add_verbs(Area.MONEY, _SUSPICIONS, is_told=False)
    add_facts(_FACTS)
    add_subjects(_SUBJECTS, _PEOPLE)

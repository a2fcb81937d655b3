"""Labels for the payment provider's own names: states, reasons, objects, fields of evidence.

The names are Stripe's (docs.stripe.com/api). A name that is not here is shown as the provider writes it, without
underscores.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Reasons of disputes (docs.stripe.com/disputes/categories).
_REASONS = {
    "bank_cannot_process": _("Bank cannot process"),
    "check_returned": _("Check returned"),
    "credit_not_processed": _("Credit not processed"),
    "customer_initiated": _("Customer initiated"),
    "debit_not_authorized": _("Debit not authorised"),
    "duplicate": _("Duplicate"),
    "fraudulent": _("Fraudulent"),
    "general": _("General"),
    "incorrect_account_details": _("Incorrect account details"),
    "insufficient_funds": _("Insufficient funds"),
    "noncompliant": _("Noncompliant"),
    "product_not_received": _("Product not received"),
    "product_unacceptable": _("Product unacceptable"),
    "subscription_canceled": _("Subscription cancelled"),
    "unrecognized": _("Unrecognised"),
}
# Kinds of early fraud warnings (docs.stripe.com/api/radar/early_fraud_warnings).
_FRAUD = {
    "card_never_received": _("Card never received"),
    "fraudulent_card_application": _("Fraudulent card application"),
    "made_with_counterfeit_card": _("Made with a counterfeit card"),
    "made_with_lost_card": _("Made with a lost card"),
    "made_with_stolen_card": _("Made with a stolen card"),
    "misc": _("Other"),
    "unauthorized_use_of_card": _("Unauthorised use of the card"),
}
_STATES = {
    "active": _("Active"),
    "appeal_needs_response": _("Appeal: needs response"),
    "appeal_under_review": _("Appeal: under review"),
    "appealable": _("Lost, can be appealed"),
    "canceled": _("Cancelled"),
    "closed": _("Closed"),
    "disputed": _("Disputed"),
    "escalated": _("Escalated"),
    "failed": _("Failed"),
    "in_transit": _("In transit"),
    "lost": _("Lost"),
    "needs_response": _("Needs response"),
    "paid": _("Paid"),
    "partially_refunded": _("Partly refunded"),
    "pending": _("Pending"),
    "prevented": _("Prevented"),
    "refunded": _("Refunded"),
    "restricted": _("Restricted"),
    "reversed": _("Reversed"),
    "succeeded": _("Succeeded"),
    "under_review": _("Under review"),
    "warning_closed": _("Bank inquiry closed"),
    "warning_needs_response": _("Inquiry: needs response"),
    "warning_under_review": _("Inquiry: answered"),
    "won": _("Won"),
}
_OBJECTS = {
    "charge": _("Charge"),
    "dispute": _("Dispute"),
    "payment_intent": _("Payment intent"),
    "payout": _("Payout"),
    "refund": _("Refund"),
    "transfer": _("Transfer"),
}
# The fields of payments.gateway.Evidence.
_EVIDENCE = {
    "access_activity_log": _("Access log"),
    "customer_email_address": _("Customer’s email address"),
    "customer_name": _("Customer’s name"),
    "customer_purchase_ip": _("Customer’s IP address"),
    "product_description": _("Product description"),
    "receipt": _("Receipt"),
    "refund_policy": _("Refund policy"),
    "refund_policy_disclosure": _("How the refund policy was shown"),
    "refund_refusal_explanation": _("Why no refund was made"),
    "service_date": _("Date of supply"),
    "service_documentation": _("Proof of supply"),
    "uncategorized_text": _("Other information"),
}
_LABELS: dict[str, str | Promise] = {**_REASONS, **_FRAUD, **_STATES, **_OBJECTS, **_EVIDENCE}


def provider_label(name: str) -> str:
    """Return the label of one of the provider's names, such as `product_not_received`."""
    known = _LABELS.get(name)
    return str(known) if known is not None else name.replace("_", " ").capitalize()

"""Fields that Stripe's objects have and the sandbox never fills, so that its answers look like Stripe's.

Left out on purpose: details of payment methods and customers, invoices, shipping and Radar reviews, since nothing here
may come to rely on them.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

type Json = dict[str, Any]


def _nulls(*names: str) -> Json:
    return dict.fromkeys(names)


_EVIDENCE = _nulls(
    "access_activity_log",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
) | {"enhanced_evidence": {}}

_UNFILLED: dict[str, Json] = {
    "checkout.session": _nulls(
        "adaptive_pricing",
        "after_expiration",
        "allow_promotion_codes",
        "billing_address_collection",
        "client_secret",
        "collected_information",
        "consent",
        "consent_collection",
        "currency_conversion",
        "customer_account",
        "discounts",
        "integration_identifier",
        "invoice",
        "invoice_creation",
        "locale",
        "origin_context",
        "payment_link",
        "payment_method_collection",
        "payment_method_configuration_details",
        "permissions",
        "recovered_from",
        "setup_intent",
        "shipping_address_collection",
        "shipping_cost",
        "submit_type",
        "subscription",
        "wallet_options",
    )
    | {
        "custom_fields": [],
        "custom_text": {},
        "payment_method_options": {},
        "payment_method_types": ["card", "sepa_debit"],
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
    },
    "payment_intent": _nulls(
        "application",
        "application_fee_amount",
        "automatic_payment_methods",
        "canceled_at",
        "cancellation_reason",
        "customer",
        "customer_account",
        "description",
        "excluded_payment_method_types",
        "last_payment_error",
        "next_action",
        "on_behalf_of",
        "payment_method",
        "payment_method_configuration_details",
        "processing",
        "receipt_email",
        "review",
        "setup_future_usage",
        "shipping",
        "source",
        "statement_descriptor",
        "statement_descriptor_suffix",
        "transfer_data",
    )
    | {
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "capture_method": "automatic",
        "confirmation_method": "automatic",
        "payment_method_options": {},
        "payment_method_types": ["card", "sepa_debit"],
    },
    "charge": _nulls(
        "application",
        "application_fee",
        "application_fee_amount",
        "calculated_statement_descriptor",
        "customer",
        "description",
        "failure_balance_transaction",
        "failure_code",
        "failure_message",
        "on_behalf_of",
        "payment_method",
        "receipt_email",
        "receipt_number",
        "receipt_url",
        "review",
        "shipping",
        "source",
        "source_transfer",
        "statement_descriptor",
        "statement_descriptor_suffix",
        "transfer_data",
    )
    | {"captured": True, "fraud_details": {}},
    "refund": _nulls(
        "customer",
        "customer_account",
        "payment_method",
        "receipt_number",
        "source_transfer_reversal",
        "transfer_reversal",
    ),
    "transfer": _nulls("description", "source_transaction") | {"source_type": "card"},
    "transfer_reversal": _nulls("destination_payment_refund", "source_refund"),
    "dispute": {"enhanced_eligibility_types": [], "evidence": _EVIDENCE},
    "file": _nulls("title", "url"),
    "payout": _nulls(
        "application_fee",
        "application_fee_amount",
        "balance_transaction",
        "failure_balance_transaction",
        "failure_code",
        "failure_message",
        "original_payout",
        "payout_method",
        "reversed_by",
        "statement_descriptor",
    )
    | {
        "description": "STRIPE PAYOUT",
        "method": "standard",
        "source_type": "card",
        "trace_id": {"status": "pending", "value": None},
        "type": "bank_account",
    },
    "bank_account": _nulls("account_holder_name", "account_type", "customer")
    | {"account_holder_type": "individual", "bank_name": "STRIPE TEST BANK", "status": "new"},
}


def filled(kind: str, data: Json) -> Json:
    """Return the resource with every field of its kind."""
    return deepcopy(_UNFILLED.get(kind, {})) | data

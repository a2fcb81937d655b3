"""Payment pages and the payments made on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from payments.gateway import CheckoutLine, CheckoutSession, PaymentDetails
from payments.stripe.gateway import results
from payments.stripe.gateway.calls import Calls, outcomes

if TYPE_CHECKING:
    from stripe.params.checkout._session_create_params import SessionCreateParams, SessionCreateParamsLineItem

_E_BOOK_TAX_CODE = "txcd_10302000"
_SESSION_EXPAND = ["payment_intent.latest_charge"]


class CheckoutCalls(Calls):
    def open_checkout(
        self,
        *,
        key: str,
        reference: str,
        lines: Sequence[CheckoutLine],
        email: str,
        success_url: str,
        cancel_url: str,
        expires_at: datetime,
        automatic_tax: bool = False,
        may_save: bool = False,
        customer_id: str = "",
    ) -> CheckoutSession:
        params: SessionCreateParams = {
            "mode": "payment",
            "ui_mode": "hosted_page",
            "line_items": [_line(line) for line in lines],
            "client_reference_id": reference,
            "metadata": {"reference": reference},
            "billing_address_collection": "required",
            "success_url": success_url,
            "cancel_url": cancel_url,
            "expires_at": int(expires_at.timestamp()),
            "payment_intent_data": {"transfer_group": reference, "metadata": {"reference": reference}},
        }
        if customer_id:
            params["customer"] = customer_id
        else:
            params["customer_email"] = email
        if may_save:
            params["saved_payment_method_options"] = {
                "payment_method_save": "enabled",
                "payment_method_remove": "enabled",
            }
            if not customer_id:  # the page asks only if there is a customer to keep it with
                params["customer_creation"] = "always"
        if automatic_tax:
            params["automatic_tax"] = {"enabled": True}
        with outcomes():
            session = self.client.v1.checkout.sessions.create(params, {"idempotency_key": key})
        return results.checkout_session(session)

    def fetch_checkout(self, *, session_id: str) -> CheckoutSession:
        with outcomes():
            session = self.client.v1.checkout.sessions.retrieve(session_id, {"expand": _SESSION_EXPAND})
        return results.checkout_session(session)

    def expire_checkout(self, *, key: str, session_id: str) -> None:
        with outcomes():
            self.client.v1.checkout.sessions.expire(session_id, {}, {"idempotency_key": key})

    def fetch_payment(self, *, payment_id: str) -> PaymentDetails:
        with outcomes():
            intent = self.client.v1.payment_intents.retrieve(
                payment_id, {"expand": ["latest_charge.balance_transaction"]}
            )
            return results.payment(intent, self._dispute_id(intent.latest_charge))

    def _dispute_id(self, charge: Any) -> str:
        """Return the dispute's id; a charge only says that it is disputed."""
        if not charge or not charge.disputed:
            return ""
        found = self.client.v1.disputes.list({"charge": charge.id, "limit": 1}).data
        return found[0].id if found else ""


def _line(line: CheckoutLine) -> SessionCreateParamsLineItem:
    return {
        "quantity": line.quantity,
        "price_data": {
            "currency": line.price.currency.lower(),
            "unit_amount": line.price.amount_minor,
            "tax_behavior": "exclusive" if line.tax_is_added else "inclusive",
            "product_data": {
                "name": line.name,
                "tax_code": _E_BOOK_TAX_CODE,
                "metadata": {"reference": line.reference},
            },
        },
    }

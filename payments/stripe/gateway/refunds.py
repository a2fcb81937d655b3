"""Refunds to readers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from common.money import Money
from payments.gateway import RefundResult
from payments.stripe.gateway import results
from payments.stripe.gateway.calls import Calls, outcomes

if TYPE_CHECKING:
    import stripe
    from stripe.params._refund_create_params import RefundCreateParams

_EXPAND = ["balance_transaction", "failure_balance_transaction"]


class RefundCalls(Calls):
    def refund(self, *, key: str, payment_id: str, amount: Money) -> RefundResult:
        params: RefundCreateParams = {
            "payment_intent": payment_id,
            "amount": amount.amount_minor,
            "reason": "requested_by_customer",
            "metadata": {"reference": _reference(key)},
            "expand": _EXPAND,
        }
        with outcomes():
            refund = self.client.v1.refunds.create(params, {"idempotency_key": key})
        return results.refund(refund)

    def find_refund(self, *, key: str, payment_id: str) -> RefundResult | None:
        """Return the refund requested under the key, in its current state: repeating the request would repeat the
        first answer."""
        with outcomes():
            for refund in self._all_of(payment_id):
                if results.reference_of(refund.metadata) == _reference(key):
                    return results.refund(refund)
        return None

    def fetch_refund(self, *, refund_id: str) -> RefundResult:
        with outcomes():
            return results.refund(self.client.v1.refunds.retrieve(refund_id, {"expand": _EXPAND}))

    def refunds_of(self, *, payment_id: str) -> list[RefundResult]:
        """Return every refund of the payment, newest first, whoever requested it."""
        with outcomes():
            return [results.refund(refund) for refund in self._all_of(payment_id)]

    def _all_of(self, payment_id: str) -> Iterator[stripe.Refund]:
        listing = self.client.v1.refunds.list(
            {"payment_intent": payment_id, "limit": 100, "expand": [f"data.{name}" for name in _EXPAND]}
        )
        return listing.auto_paging_iter()


def _reference(key: str) -> str:
    """Return our public id from the end of a key such as `refund:rfd_…`."""
    return key.rpartition(":")[2]

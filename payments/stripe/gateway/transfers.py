"""Transfers to payees and their reversals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.money import Money
from payments.gateway import ReversalResult, TransferResult
from payments.stripe.gateway import results
from payments.stripe.gateway.calls import Calls, outcomes

if TYPE_CHECKING:
    from stripe.params._transfer_create_params import TransferCreateParams


class TransferCalls(Calls):
    def transfer(self, *, key: str, account_id: str, amount: Money, group: str) -> TransferResult:
        params: TransferCreateParams = {
            "amount": amount.amount_minor,
            "currency": amount.currency.lower(),
            "destination": account_id,
            "transfer_group": group,
        }
        with outcomes():
            return results.transfer(self.client.v1.transfers.create(params, {"idempotency_key": key}))

    def find_transfer(self, *, group: str) -> TransferResult | None:
        with outcomes():
            found = self.client.v1.transfers.list({"transfer_group": group, "limit": 1}).data
        return results.transfer(found[0]) if found else None

    def fetch_transfer(self, *, transfer_id: str) -> TransferResult:
        with outcomes():
            return results.transfer(self.client.v1.transfers.retrieve(transfer_id))

    def reverse_transfer(self, *, key: str, transfer_id: str, amount: Money, reference: str) -> ReversalResult:
        with outcomes():
            reversal = self.client.v1.transfers.reversals.create(
                transfer_id,
                {"amount": amount.amount_minor, "metadata": {"reference": reference}},
                {"idempotency_key": key},
            )
        return results.reversal(reversal)

    def find_reversal(self, *, transfer_id: str, reference: str) -> ReversalResult | None:
        """Return the reversal that carries our reference, in case the provider has forgotten its key."""
        with outcomes():
            listing = self.client.v1.transfers.reversals.list(transfer_id, {"limit": 100})
            for reversal in listing.auto_paging_iter():
                if results.reference_of(reversal.metadata) == reference:
                    return results.reversal(reversal)
        return None

"""Our own balance at the provider and its movements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from payments.gateway import Balance, BalanceChange
from payments.stripe.gateway import results
from payments.stripe.gateway.calls import Calls, outcomes

if TYPE_CHECKING:
    from stripe.params._balance_transaction_list_params import BalanceTransactionListParams


class BalanceCalls(Calls):
    def balance(self) -> Balance:
        with outcomes():
            found = self.client.v1.balance.retrieve()
        return Balance(
            available={row.currency.upper(): row.amount for row in found.available},
            pending={row.currency.upper(): row.amount for row in found.pending},
        )

    def balance_changes(self, *, since: datetime, until: datetime) -> Iterator[BalanceChange]:
        params: BalanceTransactionListParams = {
            "created": {"gte": int(since.timestamp()), "lt": int(until.timestamp())},
            "limit": 100,
        }
        with outcomes():
            listing = self.client.v1.balance_transactions.list(params)
            for row in listing.auto_paging_iter():
                yield results.balance_change(row)

    def fetch_balance_change(self, *, change_id: str) -> BalanceChange:
        with outcomes():
            return results.balance_change(self.client.v1.balance_transactions.retrieve(change_id))

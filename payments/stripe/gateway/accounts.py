"""Payees: their accounts and the payouts to their banks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import stripe
import structlog

from payments.gateway import AccountPayout, ProviderAccount
from payments.stripe.gateway import results
from payments.stripe.gateway.calls import Calls, outcomes

if TYPE_CHECKING:
    from stripe.params.v2.core._account_create_params import AccountCreateParams

logger = structlog.stdlib.get_logger(__name__)


class AccountCalls(Calls):
    def open_account(self, *, key: str, reference: str, email: str, country: str) -> ProviderAccount:
        params: AccountCreateParams = {
            "contact_email": email,
            "dashboard": "express",
            "identity": {"country": country},
            "configuration": {
                "recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}
            },
            "defaults": {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}},
            "metadata": {"reference": reference},
            "include": ["configuration.recipient", "identity"],
        }
        with outcomes():
            account = self.client.v2.core.accounts.create(params, {"idempotency_key": key})
        return results.account(account, None)

    def fetch_account(self, *, account_id: str) -> ProviderAccount:
        with outcomes():
            account = self.client.v2.core.accounts.retrieve(
                account_id, {"include": ["configuration.recipient", "identity"]}
            )
            return results.account(account, self._bank(account_id))

    def _bank(self, account_id: str) -> Any:
        """Return the payee's bank account. v2 accounts do not include it; v1 does, unless Stripe withholds it from
        platforms."""
        try:
            banks = self.client.v1.accounts.external_accounts.list(account_id, {"limit": 10}).data
        except (stripe.InvalidRequestError, stripe.PermissionError):
            logger.info("gateway.bank_hidden", account=account_id)
            return None
        return next((bank for bank in banks if bank.default_for_currency), None)

    def onboarding_url(self, *, account_id: str, return_url: str, refresh_url: str) -> str:
        with outcomes():
            link = self.client.v2.core.account_links.create(
                {
                    "account": account_id,
                    "use_case": {
                        "type": "account_onboarding",
                        "account_onboarding": {
                            "refresh_url": refresh_url,
                            "return_url": return_url,
                        },
                    },
                }
            )
        return link.url

    def fetch_account_payout(self, *, account_id: str, payout_id: str) -> AccountPayout:
        with outcomes():
            payout = self.client.v1.payouts.retrieve(payout_id, {}, {"stripe_account": account_id})
        return results.account_payout(payout, account_id)

    def account_payouts(self, *, account_id: str) -> Iterator[AccountPayout]:
        """Return the payouts from the payee's account to its bank, newest first."""
        with outcomes():
            listing = self.client.v1.payouts.list({"limit": 100}, {"stripe_account": account_id})
            for payout in listing.auto_paging_iter():
                yield results.account_payout(payout, account_id)

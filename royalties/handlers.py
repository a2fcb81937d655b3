"""Handlers of payment provider events, and the check that a price leaves the author a royalty."""

from __future__ import annotations

from common import clock
from common.money import Money
from payments import registry
from payments import services as payment_services
from payments.registry import ProviderNotice
from publishing import hooks
from publishing.models import Work
from royalties.services import payout_accounts, payouts, terms


@registry.handles("v2.core.account[configuration.recipient].capability_status_updated")
def account_changed(notice: ProviderNotice) -> None:
    """Refresh a payee's account that became ready or stopped being so. Raises NotYetKnown for one not stored yet."""
    account = payout_accounts.refresh_by_provider_id(provider_account_id=notice.object_id, at=clock.database_now())
    if account is None:
        raise registry.NotYetKnown(notice.object_id)


@registry.handles("payout.failed")
def account_payout_failed(notice: ProviderNotice) -> None:
    """Record that a payee's bank refused what the provider paid on. Payouts to our own bank come without an account."""
    if not notice.account_id:
        return
    found = payment_services.gateway().fetch_account_payout(account_id=notice.account_id, payout_id=notice.object_id)
    if found.status != "failed":
        return
    if payouts.bank_refused(provider_account_id=notice.account_id, code=found.failure_code) is None:
        raise registry.NotYetKnown(notice.account_id)


@hooks.add_price_check
def price_pays(work: Work, list_price: Money) -> None:
    """Check that a price leaves a royalty when the book is sold alone. Raises PriceTooLow with the minimum named."""
    terms.preview(list_price=list_price, tax_rate_bps=0)

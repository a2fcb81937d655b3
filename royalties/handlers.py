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
    _refresh(notice.object_id)


@registry.handles("account.external_account.created", "account.external_account.updated")
def bank_changed(notice: ProviderNotice) -> None:
    """Refresh a payee's account that pays to another bank: nothing is sent there at first, and its owner is told.

    The event is about the bank; the account is where it came from. Raises NotYetKnown for one not stored yet.
    """
    _refresh(notice.account_id)


@registry.handles("v2.core.account.closed")
def account_closed(notice: ProviderNotice) -> None:
    """Record that a payee's account was closed, by its owner or by the provider. Raises NotYetKnown for one not stored
    yet."""
    if payouts.account_closed(provider_account_id=notice.object_id) is None:
        raise registry.NotYetKnown(notice.object_id)


def _refresh(provider_account_id: str) -> None:
    account = payout_accounts.refresh_by_provider_id(provider_account_id=provider_account_id, at=clock.database_now())
    if account is None:
        raise registry.NotYetKnown(provider_account_id)


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

"""List prices, one per currency. An open price lets readers choose what they pay, from the list price up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common.money import Money
from publishing import hooks, permissions
from publishing.errors import CurrencyUnknown, PriceOutOfRange, SuggestionTooLow
from publishing.models import Price, Work
from publishing.services import editions

# A price above this is taken for a typing error.
MAX_PRICE_MINOR = 100_000


@dataclass(frozen=True, slots=True)
class OpenPrice:
    """A price that readers choose: at least `least_minor`. The field first shows `suggested_minor`, if it is set."""

    least_minor: int
    suggested_minor: int | None = None


@transaction.atomic
def set_prices(*, actor: User, work: Work, prices: Mapping[str, int | OpenPrice | None], at: datetime) -> Work:
    """Set the prices, in minor units by currency; 0 is free, None means not sold in that currency.

    Raises CurrencyUnknown, PriceOutOfRange, SuggestionTooLow, and the errors of registered checks (such as a price too
    low to leave the author anything).
    """
    work = editions.lock_work(work)
    permissions.require_publish(actor, work)
    for currency, price in prices.items():
        _set(work, currency, price, at)
    account_services.record_audit(
        actor=actor,
        verb="price.changed",
        subject=work,
        facts={currency: _fact(price) for currency, price in prices.items()},
    )
    editions.announce_change(work)
    return work


def _set(work: Work, currency: str, price: int | OpenPrice | None, at: datetime) -> None:
    if currency not in settings.CURRENCIES:
        raise CurrencyUnknown(currency=currency)
    if price is None:
        work.prices.filter(currency=currency).delete()
        return
    least = price.least_minor if isinstance(price, OpenPrice) else price
    suggested = price.suggested_minor if isinstance(price, OpenPrice) else None
    for amount in (least, suggested or 0):
        if not 0 <= amount <= MAX_PRICE_MINOR:
            raise PriceOutOfRange(most=Money(MAX_PRICE_MINOR, currency))
        if amount:
            hooks.check_price(work, Money(amount, currency))
    if suggested is not None and suggested < least:
        raise SuggestionTooLow(least=Money(least, currency))
    values = {
        "list_price_minor": least,
        "is_open": isinstance(price, OpenPrice),
        "suggested_minor": suggested,
        "changed_at": at,
    }
    Price.objects.update_or_create(work=work, currency=currency, defaults=values)


def _fact(price: int | OpenPrice | None) -> int | str:
    """Return the price as stored in the audit log: -1 for none, "300+" for an open price."""
    if isinstance(price, OpenPrice):
        return f"{price.least_minor}+"
    return -1 if price is None else price

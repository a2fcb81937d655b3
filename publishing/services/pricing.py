"""List prices, one per currency."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common.money import Money
from publishing import hooks, permissions
from publishing.errors import CurrencyUnknown, PriceOutOfRange
from publishing.models import Price, Work
from publishing.services import editions

# Beyond this, a price is a slip of the finger.
MOST_MINOR = 100_000


@transaction.atomic
def set_prices(*, actor: User, work: Work, prices: Mapping[str, int | None], at: datetime) -> Work:
    """Ask these prices, in minor units by currency; 0 is free, None means not sold in that currency.

    Raises CurrencyUnknown, PriceOutOfRange, and what a registered check refuses (a price too low to pay anybody).
    """
    work = editions.locked(work)
    permissions.require_publish(actor, work)
    for currency, price_minor in prices.items():
        _set(work, currency, price_minor, at)
    account_services.record_audit(
        actor=actor,
        verb="price.changed",
        subject=work,
        facts={currency: -1 if price is None else price for currency, price in prices.items()},
    )
    editions.announce_change(work)
    return work


def _set(work: Work, currency: str, price_minor: int | None, at: datetime) -> None:
    if currency not in settings.CURRENCIES:
        raise CurrencyUnknown(currency=currency)
    if price_minor is None:
        work.prices.filter(currency=currency).delete()
        return
    if not 0 <= price_minor <= MOST_MINOR:
        raise PriceOutOfRange(most=Money(MOST_MINOR, currency).format())
    if price_minor:
        hooks.check_price(work, Money(price_minor, currency))
    Price.objects.update_or_create(
        work=work, currency=currency, defaults={"list_price_minor": price_minor, "changed_at": at}
    )

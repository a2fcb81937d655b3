"""The ways to pay that buyers are told of before the payment page.

The provider says which methods are switched on for us, but not to whom its page shows them: that depends on the buyer's
country and on the currency. So each has its place in a table, and only what is in the table and switched on is named.
The provider is asked in the background, so no page waits for it; while it has not answered, only cards are named.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from payments.rails.coverage import SEPA_COUNTRIES

_CACHE_KEY = "payments.offered_methods"
_LASTS, _ASKED_EVERY = timedelta(days=1), timedelta(hours=1)
_CARD_ALONE = frozenset({"card"})


@dataclass(frozen=True, slots=True)
class _Method:
    """A payment method under the provider's name. Without countries or currencies, it is shown in all of them; a wallet
    only on devices that have it."""

    name: str
    label: str | Promise
    countries: AbstractSet[str] = frozenset()
    currencies: AbstractSet[str] = frozenset()
    is_wallet: bool = False

    def is_for(self, country: str, currency: str) -> bool:
        return (not self.countries or country in self.countries) and (
            not self.currencies or currency in self.currencies
        )


def _only(*codes: str) -> frozenset[str]:
    return frozenset(codes)


# Shown where the provider's guides to payment methods say that buyers have them (docs.stripe.com/payments, as of 2026).
# Methods with limits on the amount or on what is sold, such as paying later, are left out.
_METHODS = (
    _Method("card", _("Card")),
    _Method("ideal", "iDEAL", _only("NL"), _only("EUR")),
    _Method("bancontact", "Bancontact", _only("BE"), _only("EUR")),
    _Method("eps", "EPS", _only("AT"), _only("EUR")),
    _Method("p24", "Przelewy24", _only("PL"), _only("EUR")),
    _Method("multibanco", "Multibanco", _only("PT"), _only("EUR")),
    _Method("bizum", "Bizum", _only("ES"), _only("EUR")),
    _Method("satispay", "Satispay", _only("IT"), _only("EUR")),
    _Method("sepa_debit", _("SEPA direct debit"), SEPA_COUNTRIES, _only("EUR")),
    _Method("bacs_debit", _("Bacs Direct Debit"), _only("GB"), _only("GBP")),
    _Method("cashapp", "Cash App Pay", _only("US"), _only("USD")),
    _Method("us_bank_account", _("US bank account"), _only("US"), _only("USD")),
    _Method("konbini", _("Convenience store (konbini)"), _only("JP"), _only("JPY")),
    _Method("paypal", "PayPal", currencies=_only("EUR", "GBP", "USD")),
    _Method("apple_pay", "Apple Pay", is_wallet=True),
    _Method("google_pay", "Google Pay", is_wallet=True),
)


@dataclass(frozen=True, slots=True)
class WaysToPay:
    """What the payment page will take, in words. `wallets` only on devices that have them."""

    methods: tuple[str | Promise, ...]
    wallets: tuple[str | Promise, ...]


def ways_to_pay(*, country: str, currency: str) -> WaysToPay:
    """Return the ways to pay for a buyer in the country ("" while it is not known)."""
    offered, _asked_at = cache.get(_CACHE_KEY) or (_CARD_ALONE, 0.0)
    found = [one for one in _METHODS if one.name in offered and one.is_for(country, currency)]
    return WaysToPay(
        methods=tuple(one.label for one in found if not one.is_wallet),
        wallets=tuple(one.label for one in found if one.is_wallet),
    )


def remember(offered: frozenset[str], *, at: float) -> None:
    """Store what the provider offers, asked for at this moment (real time, in seconds)."""
    cache.set(_CACHE_KEY, (offered, at), _LASTS.total_seconds())


def is_due(*, at: float) -> bool:
    """Return whether it is time to ask the provider again."""
    _offered, asked_at = cache.get(_CACHE_KEY) or (_CARD_ALONE, 0.0)
    return bool(at - asked_at > _ASKED_EVERY.total_seconds())

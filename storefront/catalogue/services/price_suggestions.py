"""Prices in other currencies, suggested from one price. Writes nothing: what an author saves is an amount, and no later
exchange rate moves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.conf import settings

from common.money import BPS, Money, exponent
from publishing.price_ladders import on_ladder
from publishing.services.prices import MAX_PRICE_MINOR
from royalties.errors import NoTermsInForce
from royalties.models import ExchangeRate
from royalties.services import terms
from storefront.catalogue import vat_rates

# Where most readers of a currency live: whether its prices include tax, and how much, is that country's custom.
_HOMES = {"USD": "US", "EUR": "DE", "GBP": "GB", "JPY": "JP"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A price in another currency; None where no recent exchange rate is known."""

    currency: str
    price: Money | None


def suggestions(price: Money, *, at: datetime) -> list[Suggestion]:
    """Return a price in each other currency of the shop that is worth as much to the author."""
    return [
        Suggestion(currency, suggested(price, currency, at=at))
        for currency in settings.CURRENCIES
        if currency != price.currency
    ]


def suggested(price: Money, currency: str, *, at: datetime) -> Money | None:
    """Return the step of the currency's ladder that is nearest to the price at the day's rate, after tax as is usual
    there, and never below the lowest price that pays the author. Free stays free."""
    if not price:
        return Money(0, currency)
    rate = _rate(price.currency, currency, at)
    if rate is None:
        return None
    shift = Fraction(10) ** (exponent(currency) - exponent(price.currency))
    untaxed = Fraction(price.amount_minor) / _with_tax(price.currency, at)
    amount = untaxed * rate * shift * _with_tax(currency, at)
    return Money(min(on_ladder(amount, currency, least_minor=_least(currency, at)), MAX_PRICE_MINOR), currency)


def _with_tax(currency: str, at: datetime) -> Fraction:
    """Return what a list price is of the price without tax, where most readers of the currency live."""
    rate = vat_rates.rate_for(country=_HOMES.get(currency, ""), at=at.date())
    return Fraction(BPS + rate.rate_bps, BPS) if rate.is_included else Fraction(1)


def _rate(base: str, quote: str, at: datetime) -> Fraction | None:
    """Return the newest approved rate of the last days, in either direction."""
    since = at - settings.EXCHANGE_RATE_MAX_AGE
    there = ExchangeRate.objects.newest(base=base, quote=quote, since=since, at=at)
    if there is not None:
        return Fraction(there.rate)
    back = ExchangeRate.objects.newest(base=quote, quote=base, since=since, at=at)
    return 1 / Fraction(back.rate) if back is not None else None


def _least(currency: str, at: datetime) -> int:
    try:
        return terms.minimum_price(currency=currency, at=at).amount_minor
    except NoTermsInForce:
        return 0


def links_of(found: Sequence[Suggestion]) -> dict[str, str]:
    """Return the prices as the price page takes them: in major units by currency."""
    return {one.currency: str(one.price.decimal) for one in found if one.price is not None}

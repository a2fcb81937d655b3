"""Exchange rates: a payment in a currency that our balance does not have is converted when it arrives.

Rates are dated. Where none has been set, a fixed table applies, so that a sandbox knows every common currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.db.models import QuerySet

from common import clock
from common.money import exponent
from payments.models import SandboxRate
from payments.stripe.sandbox.resources import invalid

# What one major unit is worth in US dollars, about the middle of 2026.
_USUAL = {
    "USD": "1",
    "EUR": "1.16",
    "GBP": "1.34",
    "AUD": "0.65",
    "BRL": "0.18",
    "CAD": "0.72",
    "CHF": "1.25",
    "CZK": "0.047",
    "DKK": "0.155",
    "HUF": "0.0029",
    "INR": "0.0114",
    "JPY": "0.0067",
    "KRW": "0.00072",
    "KWD": "3.26",
    "MXN": "0.054",
    "NOK": "0.099",
    "NZD": "0.59",
    "PLN": "0.27",
    "SEK": "0.105",
}
_PLACES = Decimal("0.00000001")
_THREE_PLACES = 3


@dataclass(frozen=True, slots=True)
class Settled:
    """An amount as it moves our balance. `rate` is None when nothing was converted."""

    amount_minor: int
    currency: str
    rate: Decimal | None


def settle(amount_minor: int, currency: str) -> Settled:
    """Convert the amount to the currency of our balance that receives it, at the current rate."""
    currency = currency.upper()
    if currency in settings.SANDBOX_BALANCE_CURRENCIES:
        return Settled(amount_minor, currency, None)
    rate = rate_of(currency)
    major = Decimal(amount_minor).scaleb(-exponent(currency)) * rate
    minor = major.scaleb(exponent(home())).quantize(Decimal(1), ROUND_HALF_UP)
    return Settled(int(minor), home(), rate)


def rate_of(currency: str) -> Decimal:
    """Return what one major unit is worth in our balance's first currency now. Raises SandboxError for unknown
    currencies."""
    rate = current_rates(SandboxRate.objects.filter(currency=currency)).get(currency)
    if rate is None:
        raise invalid("parameter_unknown", f"Invalid currency: {currency.lower()}", "currency")
    return rate


def check_amount(amount_minor: int, currency: str, param: str) -> None:
    """Refuse unknown currencies and, in currencies with three decimal places, the last digit, which card networks do
    not accept."""
    settle(amount_minor, currency)
    if exponent(currency.upper()) == _THREE_PLACES and amount_minor % 10:
        message = f"Amounts in {currency.lower()} must be rounded to the nearest ten."
        raise invalid("parameter_invalid_integer", message, param)


def current_rates(rows: QuerySet[SandboxRate]) -> dict[str, Decimal]:
    """Return the current rate of every currency in the table or in `rows`, the rates set by hand."""
    known = {}
    if home() in _USUAL:
        known = {code: (Decimal(worth) / Decimal(_USUAL[home()])).quantize(_PLACES) for code, worth in _USUAL.items()}
    set_by_now = rows.filter(since__lte=clock.now()).order_by("since", "pk")
    known |= dict(set_by_now.values_list("currency", "rate"))
    return {code: rate.normalize() for code, rate in known.items() if code not in settings.SANDBOX_BALANCE_CURRENCIES}


def home() -> str:
    """Return the currency that others are converted to."""
    currency: str = settings.SANDBOX_BALANCE_CURRENCIES[0]
    return currency


def set_rate(currency: str, rate: Decimal) -> None:
    """Set the rate at which payments and refunds in the currency are converted from now on."""
    SandboxRate.objects.create(currency=currency.upper(), rate=rate, since=clock.now())

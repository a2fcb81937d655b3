"""What an author gets from one sale, here by the terms in force and elsewhere by published rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from common.money import Money
from royalties import calc
from royalties.other_stores import PEERS
from royalties.services import terms as terms_services

PRICES_MINOR = (499, 99)
CURRENCY = "USD"
_CART = 3


@dataclass(frozen=True, slots=True)
class NetRow:
    """The author's net at each of PRICES_MINOR, untaxed, paid with a domestic card."""

    name: str
    rule: str
    source: str
    net_minor: tuple[int, ...]


def net_per_sale(*, at: datetime) -> list[NetRow]:
    """Return our rows first, alone and in a cart of three, then those of other stores. Raises NoTermsInForce."""
    terms, fees = terms_services.in_force(currency=CURRENCY, at=at)
    fee = Money(fees.fixed_minor, CURRENCY).decimal
    rule = _("%(ours)s %% and the card fee, %(rate)s %% + %(fixed)s") % {
        "ours": f"{terms.platform_fee_bps / 100:g}",
        "rate": f"{fees.rate_bps / 100:g}",
        "fixed": fee,
    }
    alone = tuple(
        terms_services.preview(list_price=Money(price, CURRENCY), tax_rate_bps=0, at=at).royalty.amount_minor
        for price in PRICES_MINOR
    )
    in_cart = tuple(_best_in_cart(price, terms.as_terms(), fees) for price in PRICES_MINOR)
    ours = [
        NetRow("Octavo", rule, "manage.py net_per_sale", alone),
        NetRow(
            _("Octavo, three books in one cart"),
            _("the same, with one card fee for the cart; one of the three books pays its odd cent"),
            "manage.py net_per_sale",
            in_cart,
        ),
    ]
    theirs = [
        NetRow(
            str(peer.name),
            str(peer.rule),
            peer.provenance,
            tuple(_royalty([price], peer.terms, peer.fees, peer.size_bytes)[0] for price in PRICES_MINOR),
        )
        for peer in PEERS
    ]
    return ours + theirs


def _best_in_cart(price: int, terms: calc.Terms, fees: calc.ProcessorFees) -> int:
    """Return what most of the cart's lines bring: the odd minor units of the one fee fall on the first lines."""
    return _royalty([price] * _CART, terms, fees)[-1]


def _royalty(prices: list[int], terms: calc.Terms, fees: calc.ProcessorFees, size_bytes: int = 0) -> list[int]:
    lines = [calc.PricedLine(price, 0, terms, list_price=price, size_bytes=size_bytes) for price in prices]
    return [parts.royalty for parts in calc.quote(lines, fees)]

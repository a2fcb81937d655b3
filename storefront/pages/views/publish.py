"""What publishing here is like and what it brings, for people who have no account yet."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.page_cache import public_page
from common import clock
from common.money import Money
from royalties.errors import NoTermsInForce
from royalties.services import net_per_sale


@dataclass(frozen=True, slots=True)
class StoreRow:
    """A store with its rule, and what an author gets there at each price."""

    name: str
    rule: str
    nets: list[tuple[Money, Money]]  # price, net


@dataclass(frozen=True, slots=True)
class Comparison:
    """What authors get from one sale at each of these prices, here first."""

    prices: list[Money]
    rows: list[StoreRow]

    @property
    def share_percent(self) -> Decimal:
        """Return our author's share of the first price in percent."""
        price, net = self.rows[0].nets[0]
        return (Decimal(net.amount_minor) / price.amount_minor * 100).quantize(Decimal(1))


@require_safe
@public_page(max_age=3600)
def publish(request: HttpRequest) -> HttpResponse:
    """Show the steps, the terms, and the author's net beside other stores."""
    return render(request, "pages/publish.html", {"net": _comparison()})


def _comparison() -> Comparison | None:
    """Return the comparison; None for a shop without terms in its currency."""
    try:
        rows = net_per_sale.net_per_sale(at=clock.now())
    except NoTermsInForce:
        return None
    prices = [Money(minor, net_per_sale.CURRENCY) for minor in net_per_sale.PRICES_MINOR]
    return Comparison(prices, [_row(row, prices) for row in rows])


def _row(row: net_per_sale.NetRow, prices: list[Money]) -> StoreRow:
    nets = [Money(minor, net_per_sale.CURRENCY) for minor in row.net_minor]
    return StoreRow(row.name, row.rule, list(zip(prices, nets, strict=True)))

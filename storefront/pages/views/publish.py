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
class Comparison:
    """What authors get from one sale at each of these prices, here and elsewhere."""

    prices: list[Money]
    rows: list[net_per_sale.NetRow]
    currency: str = net_per_sale.CURRENCY

    @property
    def share_percent(self) -> Decimal:
        """Return the author's share of the first price in percent, in our first row."""
        share = Decimal(self.rows[0].net_minor[0]) / self.prices[0].amount_minor
        return (share * 100).quantize(Decimal(1))


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
    return Comparison([Money(minor, net_per_sale.CURRENCY) for minor in net_per_sale.PRICES_MINOR], rows)

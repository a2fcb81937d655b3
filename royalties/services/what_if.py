"""What a work would bring at another price or under another plan.

Nothing is written and nothing is calculated here: every figure is a breakdown from `terms`, one sale at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from common.money import Money
from publishing.models import Work
from royalties.models import FeePlan
from royalties.selectors import plans
from royalties.selectors.plans import Lately
from royalties.services import terms as terms_services
from royalties.services.terms import Preview

CART = 3


@dataclass(frozen=True, slots=True)
class Together:
    """The sums over a cart: paid = tax + processor_fee + platform_fee + royalty."""

    paid: Money
    tax: Money
    processor_fee: Money
    platform_fee: Money
    royalty: Money


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One sale alone, a cart of three, and the latest sales repeated at this price.

    The repeated sales are as many as there were, each alone in its cart and with its reader's tax. Royalties are the
    work's, before they are divided.
    """

    alone: Preview
    together: Together
    least_of_cart: Money
    most_of_cart: Money
    sales: int
    brought: Money
    would_bring: Money
    plan_fees: Money

    @property
    def difference(self) -> Money:
        return self.would_bring - self.brought


def what_if(*, price: Money, plan: FeePlan, tax_rate_bps: int, lately: Sequence[Lately], at: datetime) -> WhatIf:
    """Return what the price would bring under the plan. Raises PriceTooLow with the minimum named, NoTermsInForce.

    `lately` comes from `plans.sold_lately`.
    """
    terms, fees = terms_services.in_force(currency=price.currency, at=at, plan=plan)

    def cart(copies: int, rate_bps: int) -> list[Preview]:
        return terms_services.preview_cart(
            list_price=price, tax_rate_bps=rate_bps, copies=copies, terms=terms, fees=fees
        )

    together = cart(CART, tax_rate_bps)
    royalties = [line.royalty.amount_minor for line in together]
    again = sum(sold.sales * cart(1, sold.tax_rate_bps)[0].royalty.amount_minor for sold in lately)
    return WhatIf(
        alone=cart(1, tax_rate_bps)[0],
        together=_together(together),
        least_of_cart=Money(min(royalties), price.currency),
        most_of_cart=Money(max(royalties), price.currency),
        sales=sum(sold.sales for sold in lately),
        brought=Money(sum(sold.royalty_minor for sold in lately), price.currency),
        would_bring=Money(again, price.currency),
        plan_fees=plans.fees_looked_back(plan, price.currency, at),
    )


def usual_price(work: Work, currency: str) -> Money | None:
    """Return the work's current price in the currency; None where it is not sold in it."""
    price = work.prices.filter(currency=currency).first()
    return Money(price.usual_minor, currency) if price else None


def _together(cart: Sequence[Preview]) -> Together:
    currency = cart[0].list_price.currency

    def total(name: str) -> Money:
        return Money(sum(getattr(line, name).amount_minor for line in cart), currency)

    return Together(*(total(name) for name in ("list_price", "tax", "processor_fee", "platform_fee", "royalty")))

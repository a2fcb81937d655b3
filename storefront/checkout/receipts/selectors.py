"""What a receipt states besides the prices: seller and buyer, where and when it was supplied, and the tax."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from accounts.countries import country_name
from common.money import Money
from common.seller import Seller, seller
from royalties.entries import Deferral
from storefront.checkout.models import Order, OrderLine


@dataclass(frozen=True, slots=True)
class Supplied:
    """A line of the order. `supplied_at` is None until it is supplied; a gift's `tax` is None: it is due where it is
    opened, from the price paid."""

    line: OrderLine
    paid: Money
    tax: Money | None
    rate_bps: int
    supplied_at: datetime | None
    is_gift: bool
    count: int = 1  # of copies to hand out, which are one row

    @property
    def title(self) -> str:
        return f"{self.count} × {self.line.title}" if self.count > 1 else self.line.title

    @property
    def net(self) -> Money | None:
        return None if self.tax is None else self.paid - self.tax


@dataclass(frozen=True, slots=True)
class TaxSum:
    """The sum of everything taxed at one rate."""

    rate_bps: int
    net: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt. `country` is the buyer's, where everything except gifts is supplied."""

    seller: Seller
    buyer_name: str
    buyer_email: str
    order_id: str
    country: str
    paid_at: datetime | None
    lines: tuple[Supplied, ...]
    total: Money

    @property
    def taxes(self) -> list[TaxSum]:
        """Return the sums by rate, the highest first, without gifts."""
        found: dict[int, TaxSum] = {}
        for line in self.lines:
            if line.tax is not None and line.net is not None:
                known = found.get(line.rate_bps, TaxSum(line.rate_bps, *[Money(0, self.total.currency)] * 2))
                found[line.rate_bps] = TaxSum(line.rate_bps, known.net + line.net, known.tax + line.tax)
        return [found[rate] for rate in sorted(found, reverse=True)]


def receipt_of(order: Order, lines: Sequence[OrderLine]) -> Receipt:
    """Return the receipt from what the order, with its buyer, and its lines store."""
    buyer = order.buyer
    return Receipt(
        seller=order.seller or seller(),
        buyer_name="" if buyer.is_guest else buyer.display_name,
        buyer_email=buyer.mail_to,
        order_id=order.public_id,
        country=country_name(order.tax_country),
        paid_at=order.paid_at,
        lines=_rows(order, lines),
        total=Money(order.total_minor, order.currency),
    )


def _rows(order: Order, lines: Sequence[OrderLine]) -> tuple[Supplied, ...]:
    """Return a row for each line, but one for all copies to hand out: supplied once the last of them is opened."""
    copies = [line for line in lines if line.is_copy]
    rows = [_supplied(order, line) for line in lines if line not in copies]
    if copies:
        opened = [line.supplied_at for line in copies if line.supplied_at is not None]
        rows.append(
            replace(
                _supplied(order, copies[0]),
                paid=Money(sum(line.paid_minor for line in copies), order.currency),
                supplied_at=max(opened) if len(opened) == len(copies) else None,
                count=len(copies),
            )
        )
    return tuple(rows)


def _supplied(order: Order, line: OrderLine) -> Supplied:
    is_gift = line.deferral == Deferral.GIFT
    return Supplied(
        line=line,
        paid=Money(line.paid_minor, order.currency),
        tax=None if is_gift else Money(line.tax_minor, order.currency),
        rate_bps=line.tax_rate_bps,
        supplied_at=line.supplied_at if line.deferral else _given_at(line) or order.paid_at,
        is_gift=is_gift,
    )


def _given_at(line: OrderLine) -> datetime | None:
    """Return when the reader got the book, which is later than its payment if we learned of that late."""
    entitlement = getattr(line, "entitlement", None)
    return entitlement.granted_at if entitlement is not None else None

"""A person's orders, as the pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from common.errors import NotFound
from common.money import Money
from storefront.checkout import permissions
from storefront.checkout.entitlements.selectors.payments import payment_to_pay
from storefront.checkout.models import (
    CLAIMING_STATES,
    DisputeStatus,
    Order,
    OrderLine,
    OrderState,
    PaymentState,
    Refund,
    Withdrawal,
)
from storefront.checkout.orders.selectors.line_view import LineView
from storefront.checkout.permissions import RefundRoute
from storefront.checkout.receipts.selectors import Receipt, receipt_of


@dataclass(frozen=True, slots=True)
class CopiesView:
    """Several copies of one book, which have a page of their own."""

    lines: tuple[LineView, ...]

    @property
    def title(self) -> str:
        return self.lines[0].title

    @property
    def slug(self) -> str:
        return self.lines[0].slug

    @property
    def paid(self) -> Money:
        return Money(sum(line.paid.amount_minor for line in self.lines), self.lines[0].paid.currency)

    @property
    def tax(self) -> Money | None:
        """Return the tax of those that are opened; None while none is."""
        known = [line.tax for line in self.lines if line.tax is not None]
        return Money(sum(tax.amount_minor for tax in known), self.paid.currency) if known else None

    @property
    def opened(self) -> int:
        return sum(line.gift is not None and line.gift.redeemed_at is not None for line in self.lines)

    @property
    def returned(self) -> int:
        return sum(line.is_gone for line in self.lines)


@dataclass(frozen=True, slots=True)
class OrderView:
    """The order's page. `is_waiting`: the reader has left the payment page, and the provider has not decided or not
    told us yet.

    `is_held`: the buyer's bank has the money, so that nothing can be refunded until it has decided. `is_sent_back`: the
    payment bought nothing. `is_with_bank`: it bought nothing, and the bank has all of it.
    """

    order: Order
    lines: tuple[LineView, ...]
    total: Money
    tax: Money
    page_url: str
    is_waiting: bool
    receipt: Receipt | None  # for what was paid
    is_held: bool = False
    is_sent_back: bool = False
    is_with_bank: bool = False
    withdrawals: tuple[Withdrawal, ...] = ()

    @property
    def has_books(self) -> bool:
        """Return whether the buyer can read anything in it now."""
        return any(not line.is_gone and not line.is_waiting and line.gift is None for line in self.lines)

    @property
    def awaited(self) -> list[LineView]:
        """Return the lines that come into the library later."""
        return [line for line in self.lines if line.preorder is not None and line.is_waiting and not line.is_gone]

    @property
    def gifts(self) -> list[LineView]:
        return [line for line in self.lines if line.gift is not None and not line.is_copy and not line.is_gone]

    @property
    def single_lines(self) -> list[LineView]:
        return [line for line in self.lines if not line.is_copy]

    @property
    def copies(self) -> CopiesView | None:
        """Return the copies that the buyer hands out, as one row of the page; None if there are none."""
        copies = [line for line in self.lines if line.is_copy]
        return CopiesView(tuple(copies)) if copies else None

    @property
    def was_free(self) -> bool:
        return not self.total

    @property
    def may_withdraw(self) -> bool:
        """Return whether the page offers withdrawal: while anything can be refunded, or the bank holds it."""
        return any(line.is_refundable or (line.way == "held" and not line.is_withdrawn) for line in self.lines)

    @property
    def is_taken(self) -> bool:
        return any(line.is_taken for line in self.lines)

    @property
    def is_kept(self) -> bool:
        """Return whether anything of it is left."""
        return any(not line.is_gone for line in self.lines)


def orders_of(user: User) -> list[Order]:
    """Return the person's paid and pending orders, newest first, with their lines."""
    shown = Order.objects.filter(buyer=user).exclude(state=OrderState.CANCELED)
    return list(shown.order_by("-created_at", "-pk").prefetch_related("lines"))


def order_of(*, buyers: Sequence[User], order_id: str) -> Order:
    """Return one order of one of these buyers, with its buyer. Raises NotFound also for other people's."""
    order = Order.objects.filter(public_id=order_id, buyer__in=buyers).select_related("buyer").first()
    if order is None:
        raise NotFound
    return order


def line_of(*, buyers: Sequence[User], order_id: str, line_id: str) -> OrderLine:
    """Return one line of an order of one of these buyers, with its buyer. Raises NotFound."""
    lines = OrderLine.objects.select_related("order__buyer", "edition__work").prefetch_related("refunds")
    line = lines.filter(public_id=line_id, order__public_id=order_id, order__buyer__in=buyers).first()
    if line is None:
        raise NotFound
    return line


def order_view(*, user: User, order: Order, at: datetime) -> OrderView:
    """Return what the order's page shows."""
    beside = ("bundle", "series", "gift", "preorder", "entitlement", "withdrawn")
    rows = order.lines.select_related("edition__work", *beside).prefetch_related("refunds")
    found = list(rows.order_by("pk"))
    for row in found:
        row.order = order
    ways = permissions.refund_ways(user, order, found, at)
    taken = permissions.taken_by_bank(order, found)
    lines = [_line(row, ways[row.pk], is_taken=row.pk in taken) for row in found]
    pending = payment_to_pay(order)
    is_open = order.state == OrderState.OPEN
    return OrderView(
        order=order,
        lines=tuple(lines),
        total=Money(order.total_minor, order.currency),
        tax=Money(sum(line.tax.amount_minor for line in lines if line.tax is not None), order.currency),
        page_url=pending.page_url if pending is not None and is_open else "",
        is_waiting=pending is not None and is_open,
        is_sent_back=order.state == OrderState.CANCELED and _was_needless(order),
        is_with_bank=_is_with_bank(order),
        is_held=RefundRoute.HELD in ways.values(),
        receipt=receipt_of(order, found) if order.paid_at is not None else None,
        withdrawals=tuple(Withdrawal.objects.filter(order=order)),
    )


def _was_needless(order: Order) -> bool:
    return Refund.objects.filter(payment__order=order, line=None).exists()


def _is_with_bank(order: Order) -> bool:
    """Return whether the bank has all of it; also before finance has closed a quarantined order whose payments were
    all lost."""
    lost = order.payments.filter(disputes__status=DisputeStatus.LOST, disputes__is_withdrawn=True)
    if order.state == OrderState.QUARANTINED:
        return not order.payments.filter(state=PaymentState.SUCCEEDED).exclude(pk__in=lost.values("pk")).exists()
    return order.state == OrderState.CANCELED and lost.exists()


def _line(row: OrderLine, way: RefundRoute, *, is_taken: bool) -> LineView:
    refunds: list[Refund] = [refund for refund in row.refunds.all() if refund.state in CLAIMING_STATES]
    currency = row.order.currency
    gift, preorder = getattr(row, "gift", None), getattr(row, "preorder", None)
    is_untaxed = gift is not None and row.is_waiting
    return LineView(
        line_id=row.public_id,
        title=row.title,
        slug=row.edition.work.slug,
        paid=Money(row.paid_minor, currency),
        tax=None if is_untaxed else Money(row.tax_minor, currency),
        rate_bps=row.tax_rate_bps,
        state=max(refunds, key=lambda refund: refund.pk).state if refunds else "",
        returned=Money(sum(refund.amount_minor for refund in refunds), currency),
        way=way.value,
        full=None if row.full_minor is None else Money(row.full_minor, currency),
        together_title=str(row.bundle or row.series or ""),
        gift=gift,
        preorder=preorder,
        release_date=row.edition.work.release_date if preorder is not None else None,
        is_waiting=row.is_waiting,
        refundable_day=row.refundable_day,
        is_taken=is_taken,
        is_withdrawn=hasattr(row, "withdrawn"),
        is_watermarked=row.is_watermarked,
    )

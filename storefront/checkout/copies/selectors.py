"""Several copies of a book as their buyer sees them: which were opened, and by whom if they let the buyer know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from common.money import Money
from common.templatetags.money import day
from storefront.checkout import permissions
from storefront.checkout.models import CLAIMING_STATES, Gift, Order, OrderLine, RefundState
from storefront.checkout.permissions import RefundRoute


@dataclass(frozen=True, slots=True)
class CopyRow:
    """One copy. `link` opens it, "" once it is opened or returned; `opener` is "" unless that person wants it shown."""

    number: int
    line_id: str
    link: str
    state: str | Promise
    opener: str
    is_opened: bool
    is_returnable: bool


@dataclass(frozen=True, slots=True)
class CopiesPage:
    """The copies of an order. `returnable_day` is the last day on which unopened ones can be returned."""

    order: Order
    title: str
    slug: str
    price: Money
    rows: tuple[CopyRow, ...]
    returnable_day: date | None

    @property
    def opened(self) -> int:
        return sum(row.is_opened for row in self.rows)

    @property
    def waiting(self) -> int:
        """Return how many links can still be handed out."""
        return sum(bool(row.link) for row in self.rows)

    @property
    def returnable(self) -> int:
        return sum(row.is_returnable for row in self.rows)

    @property
    def returnable_total(self) -> Money:
        return Money(self.price.amount_minor * self.returnable, self.price.currency)


def copies_page(order: Order, *, at: datetime, link_of: Callable[[Gift], str]) -> CopiesPage | None:
    """Return the copies of a paid order of its buyer; None if it has none. `link_of` makes the links."""
    rows = order.lines.filter(gift__copy_number__isnull=False).select_related(
        "edition__work", "gift__redeemed_by", "entitlement"
    )
    lines = list(rows.prefetch_related("refunds").order_by("gift__copy_number"))
    if not lines or order.paid_at is None:
        return None
    for line in lines:
        line.order = order
    ways = permissions.refund_ways(order.buyer, order, lines, at)
    taken = permissions.taken_by_bank(order, lines)
    first = lines[0]
    return CopiesPage(
        order=order,
        title=first.title,
        slug=first.edition.work.slug,
        price=Money(first.paid_minor, order.currency),
        rows=tuple(_row(line, ways[line.pk], is_taken=line.pk in taken, link=link_of) for line in lines),
        returnable_day=order.refundable_day if at < (order.refundable_until or at) else None,
    )


def returnable_lines(order: Order, line_ids: Sequence[str]) -> list[OrderLine]:
    """Return which of these lines (public ids) of the order are copies that nobody has opened."""
    rows = OrderLine.objects.filter(
        order=order,
        public_id__in=line_ids,
        gift__copy_number__isnull=False,
        gift__redeemed_at=None,
        gift__canceled_at=None,
    )
    return list(rows.order_by("gift__copy_number"))


def _row(line: OrderLine, way: RefundRoute, *, is_taken: bool, link: Callable[[Gift], str]) -> CopyRow:
    gift = line.gift
    claimed = [refund.state for refund in line.refunds.all() if refund.state in CLAIMING_STATES]
    is_kept = gift.is_open and not claimed and not is_taken
    opener = gift.redeemed_by if gift.shows_opener else None
    return CopyRow(
        number=gift.copy_number or 0,
        line_id=line.public_id,
        link=link(gift) if is_kept else "",
        state=_state(gift, claimed, is_taken=is_taken),
        opener=opener.display_name if opener is not None and opener.is_active else "",
        is_opened=gift.redeemed_at is not None,
        is_returnable=way.is_open and is_kept,
    )


def _state(gift: Gift, claimed: list[str], *, is_taken: bool) -> str:
    if is_taken:
        return _("Taken back by your bank")
    if RefundState.SUCCEEDED in claimed:
        return _("Returned")
    if claimed:
        return _("Being returned")
    if gift.redeemed_at is not None:
        return _("Opened on %(day)s") % {"day": day(gift.redeemed_at)}
    return _("Ended") if gift.canceled_at is not None else _("Not opened yet")

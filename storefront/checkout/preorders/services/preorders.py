"""Pre-orders: paid now, supplied when the work is out, refunded if it never will be.

A worker processes the waiting orders of a work once its edition is on sale; each in its own transaction, under the
locks that settling an order takes, and safe to repeat.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from common import jobs
from publishing.models import Edition
from royalties.services import sales
from storefront.catalogue.selectors.editions import newest_released
from storefront.checkout import hooks, permissions
from storefront.checkout.entitlements.services import deferred_lines, sale_input, sales_counts
from storefront.checkout.entitlements.services.buyer_lock import lock_buyer
from storefront.checkout.models import Entitlement, Order, OrderLine, Preorder
from storefront.checkout.preorders import selectors as preorder_selectors
from storefront.checkout.refunds.services.refund_window import end_of_window


def edition_listed(edition: Edition) -> None:
    """Supply everyone who waits for the work: an edition went on sale or changed."""
    for preorder_id in preorder_selectors.waiting_for(edition.work_id):
        jobs.enqueue("checkout.supply_preorder", preorder_id=preorder_id)


def edition_withdrawn(edition: Edition) -> None:
    """Refund everyone who waits for the work: it will not come out."""
    for preorder_id in preorder_selectors.waiting_for(edition.work_id):
        jobs.enqueue("checkout.supply_preorder", preorder_id=preorder_id)


@transaction.atomic
def supply(*, preorder_id: int, at: datetime) -> bool:
    """Process one pre-order: supply it if its work is on sale, refund it if it was called off.

    Return whether its reader has the work now. Safe to run twice, and alongside a cancellation.
    """
    found = Preorder.objects.select_related("line__order").get(pk=preorder_id)
    lock_buyer(buyer_id=found.line.order.buyer_id)
    order = Order.objects.select_for_update().get(pk=found.line.order_id)
    preorder = Preorder.objects.select_for_update(of=("self",)).select_related("line").get(pk=preorder_id)
    line = OrderLine.objects.select_related("edition__work", "order").get(pk=preorder.line_id)
    if not preorder.is_open or order.paid_at is None or deferred_lines.has_refund(line):
        return preorder.released_at is not None
    if permissions.is_held_by_bank(order):  # supplied by the retry task once the bank has decided for us
        return False
    edition = newest_released(line.edition.work)  # not a draft that is given in advance
    if edition is None:
        if line.edition.work.release_date is None:
            deferred_lines.refund_unsupplied(line=line, reason=deferred_lines.CALLED_OFF, at=at)
        return False
    if permissions.works_bought_or_made(order.buyer, [edition.work_id]):  # a gift, for example, was faster
        deferred_lines.refund_unsupplied(line=line, reason="owned_already", at=at)
        return False
    _supply(order, line, edition, at)
    preorder.released_at = at
    preorder.save(update_fields=["released_at"])
    account_services.record_audit(actor=None, verb="preorder.supplied", subject=line)
    jobs.enqueue("checkout.mail_release", preorder_id=preorder.pk)
    return True


def _supply(order: Order, line: OrderLine, edition: Edition, at: datetime) -> None:
    """Turn the line into a sale of the edition that came out; its refund window starts now."""
    line.edition, line.supplied_at, line.refundable_until = edition, at, end_of_window(at)
    line.save(update_fields=["edition", "supplied_at", "refundable_until"])
    granted = Entitlement.objects.create(
        user_id=order.buyer_id, work_id=edition.work_id, edition=edition, line=line, granted_at=at
    )
    sales.record_sale(sale=sale_input.sale_of(order, line))
    sales_counts.count(buyer_id=order.buyer_id, entitlements=[granted])
    hooks.announce_bought([granted.pk])

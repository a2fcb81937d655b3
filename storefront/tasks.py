"""Doors for workers: closing pages, sending refunds and mails, and the sweeper behind them."""

from __future__ import annotations

from celery import shared_task

from common import clock
from storefront.services import checkout, disputes, evidence, mails, preorders, ranking, refunds, sweeping


@shared_task(name="storefront.close_page", soft_time_limit=60, time_limit=90)
def close_page(payment_id: int) -> None:
    """Close the payment page of an order that was replaced."""
    checkout.close_page(payment_id=payment_id)


@shared_task(name="storefront.send_refund", soft_time_limit=60, time_limit=90)
def send_refund(refund_id: int) -> None:
    """Ask the provider for one refund."""
    refunds.send_refund(refund_id=refund_id)


@shared_task(name="storefront.send_evidence", soft_time_limit=90, time_limit=120)
def send_evidence(pack_id: int) -> None:
    """Send one answer to a dispute."""
    evidence.send_pack(pack_id=pack_id)


@shared_task(name="storefront.sync_dispute", soft_time_limit=60, time_limit=90)
def sync_dispute(dispute_id: str) -> None:
    """Ask the provider how one dispute stands."""
    disputes.sync_dispute(dispute_id=dispute_id)


@shared_task(name="storefront.mail_receipt", soft_time_limit=30, time_limit=45)
def mail_receipt(order_id: int) -> None:
    """Send one receipt."""
    mails.mail_receipt(order_id=order_id)


@shared_task(name="storefront.mail_refund", soft_time_limit=30, time_limit=45)
def mail_refund(refund_id: int) -> None:
    """Send the note about one refund."""
    mails.mail_refund(refund_id=refund_id)


@shared_task(name="storefront.settle_payment", soft_time_limit=60, time_limit=90)
def settle_payment(payment_id: int) -> None:
    """Ask the provider what became of one payment."""
    sweeping.settle_payment(payment_id=payment_id)


@shared_task(name="storefront.sweep", soft_time_limit=60, time_limit=90)
def sweep() -> None:
    """Ask again for everything a lost message left behind."""
    sweeping.sweep()


@shared_task(name="storefront.mail_gift", soft_time_limit=30, time_limit=45)
def mail_gift(gift_id: int) -> None:
    """Send the link of one gift."""
    mails.mail_gift(gift_id=gift_id)


@shared_task(name="storefront.supply_preorder", soft_time_limit=60, time_limit=90)
def supply_preorder(preorder_id: int) -> None:
    """Supply one pre-order whose work came out, or give it back when the work was called off."""
    preorders.supply(preorder_id=preorder_id, at=clock.now())


@shared_task(name="storefront.mail_release", soft_time_limit=30, time_limit=45)
def mail_release(preorder_id: int) -> None:
    """Tell one reader that the work is out."""
    mails.mail_release(preorder_id=preorder_id)


@shared_task(name="storefront.mail_moved", soft_time_limit=30, time_limit=45)
def mail_moved(preorder_id: int) -> None:
    """Tell one reader that the work comes out on another day."""
    mails.mail_moved(preorder_id=preorder_id)


@shared_task(name="storefront.rank", soft_time_limit=480, time_limit=540)
def rank() -> None:
    """Rank the books anew, and plan the turns of the fresh shelf."""
    ranking.plan_fresh(at=clock.now())
    ranking.make_ranking(at=clock.now())

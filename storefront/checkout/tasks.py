"""Celery tasks of buying: closing pages, sending refunds and emails, and retrying all of them."""

from __future__ import annotations

from celery import shared_task

from common import clock
from storefront.checkout import retry_stuck
from storefront.checkout.disputes.services import disputes, evidence
from storefront.checkout.disputes.services import emails as dispute_mails
from storefront.checkout.gifts.services import emails as gift_mails
from storefront.checkout.guests.services import emails as guest_mails
from storefront.checkout.office import services as office_services
from storefront.checkout.orders.services import checkout
from storefront.checkout.orders.services import emails as order_mails
from storefront.checkout.preorders.services import emails as preorder_mails
from storefront.checkout.preorders.services import preorders
from storefront.checkout.receipts.services import emails as receipt_mails
from storefront.checkout.refunds import services as refunds
from storefront.checkout.refunds.services import emails as refund_mails
from storefront.checkout.saved_cards import services as saved_cards


@shared_task(name="checkout.close_page", soft_time_limit=60, time_limit=90)
def close_page(payment_id: int) -> None:
    """Close the payment page of an order that was replaced."""
    checkout.close_page(payment_id=payment_id)


@shared_task(name="checkout.send_refund", soft_time_limit=60, time_limit=90)
def send_refund(refund_id: int) -> None:
    """Request one refund from the provider."""
    refunds.send_refund(refund_id=refund_id)


@shared_task(name="checkout.send_evidence", soft_time_limit=90, time_limit=120)
def send_evidence(pack_id: int) -> None:
    """Send one response to a dispute."""
    evidence.send_pack(pack_id=pack_id)


@shared_task(name="checkout.sync_dispute", soft_time_limit=60, time_limit=90)
def sync_dispute(dispute_id: str) -> None:
    """Fetch the state of one dispute from the provider."""
    disputes.sync_dispute(dispute_id=dispute_id)


@shared_task(name="checkout.mail_receipt", soft_time_limit=30, time_limit=45)
def mail_receipt(order_id: int) -> None:
    """Send one receipt."""
    receipt_mails.mail_receipt(order_id=order_id)


@shared_task(name="checkout.mail_quarantine", soft_time_limit=30, time_limit=45)
def mail_quarantine(order_id: int) -> None:
    """Tell one buyer that finance is checking their payment."""
    order_mails.mail_quarantine(order_id=order_id)


@shared_task(name="checkout.mail_goodwill", soft_time_limit=30, time_limit=45)
def mail_goodwill(day_id: int) -> None:
    """Tell finance that the day's goodwill is used up."""
    office_services.mail_goodwill(day_id=day_id)


@shared_task(name="checkout.mail_refund", soft_time_limit=30, time_limit=45)
def mail_refund(refund_id: int) -> None:
    """Send the email about one refund."""
    refund_mails.mail_refund(refund_id=refund_id)


@shared_task(name="checkout.mail_dispute", soft_time_limit=30, time_limit=45)
def mail_dispute(dispute_id: int) -> None:
    """Tell one buyer what a lost dispute took."""
    dispute_mails.mail_dispute(dispute_id=dispute_id)


@shared_task(name="checkout.mail_gift_ended", soft_time_limit=30, time_limit=45)
def mail_gift_ended(gift_id: int) -> None:
    """Tell the recipient of one redeemed gift that it ended."""
    gift_mails.mail_gift_ended(gift_id=gift_id)


@shared_task(name="checkout.settle_card", soft_time_limit=60, time_limit=90)
def settle_card(card_id: int) -> None:
    """Ask whether the provider keeps anything for one customer, or delete the customer there."""
    saved_cards.settle(card_id=card_id)


@shared_task(name="checkout.settle_payment", soft_time_limit=60, time_limit=90)
def settle_payment(payment_id: int) -> None:
    """Fetch the state of one payment from the provider."""
    retry_stuck.settle_payment(payment_id=payment_id)


@shared_task(name="checkout.retry_stuck", soft_time_limit=60, time_limit=90)
def retry_stuck_jobs() -> None:
    """Enqueue again everything that a lost message left behind."""
    retry_stuck.retry_stuck()


@shared_task(name="checkout.mail_gift", soft_time_limit=30, time_limit=45)
def mail_gift(gift_id: int) -> None:
    """Send the link of one gift."""
    gift_mails.mail_gift(gift_id=gift_id)


@shared_task(name="checkout.supply_preorder", soft_time_limit=60, time_limit=90)
def supply_preorder(preorder_id: int) -> None:
    """Supply one pre-order whose work came out, or refund it if the work was called off."""
    preorders.supply(preorder_id=preorder_id, at=clock.database_now())


@shared_task(name="checkout.mail_release", soft_time_limit=30, time_limit=45)
def mail_release(preorder_id: int) -> None:
    """Tell one reader that the work is out."""
    preorder_mails.mail_release(preorder_id=preorder_id)


@shared_task(name="checkout.mail_called_off", soft_time_limit=30, time_limit=45)
def mail_called_off(preorder_id: int) -> None:
    """Tell one reader that the work will not be published."""
    preorder_mails.mail_called_off(preorder_id=preorder_id)


@shared_task(name="checkout.mail_moved", soft_time_limit=30, time_limit=45)
def mail_moved(preorder_id: int) -> None:
    """Tell one reader of a new release date."""
    preorder_mails.mail_moved(preorder_id=preorder_id)


@shared_task(name="checkout.mail_delayed", soft_time_limit=30, time_limit=45)
def mail_delayed(preorder_id: int) -> None:
    """Tell one reader that the work did not come out on its release date."""
    preorder_mails.mail_delayed(preorder_id=preorder_id)


@shared_task(name="checkout.mail_links", soft_time_limit=30, time_limit=45)
def mail_links(request_id: int) -> None:
    """Answer one request for order links."""
    guest_mails.mail_links(request_id=request_id)


@shared_task(name="checkout.mail_claimed", soft_time_limit=30, time_limit=45)
def mail_claimed(guest_id: int) -> None:
    """Tell one email address that an account now has its orders."""
    guest_mails.mail_claimed(guest_id=guest_id)

"""Payment methods that the provider keeps for the next purchase, by the buyer's choice on its page.

We know the provider's customer and no more. The row exists before the provider is asked or told, so a lost answer is
asked for again.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common import clock, jobs
from payments import services as payment_services
from storefront.checkout.models import Payment, PaymentState, SavedCard


def note_customer(*, buyer: User, customer_id: str, at: datetime) -> None:
    """Store the customer that a payment page has made or used; a worker asks whether anything is kept. Nothing is kept
    for somebody whose account was deleted meanwhile."""
    if not customer_id:
        return
    is_gone = buyer.is_guest or buyer.is_erased
    values = {"user": None if is_gone else buyer, "created_at": at, "removed_at": at if is_gone else None}
    card, _is_new = SavedCard.objects.get_or_create(customer_id=customer_id, defaults=values)
    jobs.enqueue("checkout.settle_card", card_id=card.pk)


@transaction.atomic
def remove(*, actor: User, at: datetime) -> bool:
    """Remove what is kept for the actor: not used from now on, and deleted at the provider by a worker. Return whether
    there was anything."""
    ids = list(SavedCard.objects.select_for_update().filter(user=actor, removed_at=None).values_list("pk", flat=True))
    if not ids:
        return False
    SavedCard.objects.filter(pk__in=ids).update(removed_at=at)
    account_services.record_audit(actor=actor, verb="saved_card.removed", subject=actor)
    # Open payment pages name the customer, and could not be paid once it is deleted.
    waiting = Payment.objects.filter(order__buyer=actor, state=PaymentState.PENDING).exclude(page_url="")
    for payment_id in waiting.values_list("pk", flat=True):
        jobs.enqueue("checkout.close_page", payment_id=payment_id)
    for card_id in ids:
        jobs.enqueue("checkout.settle_card", card_id=card_id)
    return True


def forget_person(*, user: User, at: datetime) -> None:
    """Remove what is kept for somebody whose account is deleted; call in that transaction."""
    for card in SavedCard.objects.filter(user=user):
        card.user, card.removed_at = None, card.removed_at or at
        card.save(update_fields=["user", "removed_at"])
        jobs.enqueue("checkout.settle_card", card_id=card.pk)


def forget_missing(*, user: User) -> None:
    """Forget a customer whom the provider does not know any more: deleted in its dashboard, for example."""
    SavedCard.objects.filter(user=user, checked_at__isnull=False, removed_at=None).delete()


def settle(*, card_id: int) -> None:
    """Ask the provider whether it keeps anything for the customer: the person may also have removed it on the payment
    page. Delete one for whom it keeps nothing, or should not. Safe to repeat. Raises GatewayUnknown."""
    card = SavedCard.objects.filter(pk=card_id).first()
    if card is None:
        return
    gateway = payment_services.gateway()
    if card.removed_at is None and gateway.has_saved_method(customer_id=card.customer_id):
        _keep(card_id)
        return
    gateway.delete_customer(customer_id=card.customer_id)
    SavedCard.objects.filter(pk=card_id).delete()


@transaction.atomic
def _keep(card_id: int) -> None:
    """Use the customer from now on, instead of an earlier one. The person may have removed it while we asked."""
    card = SavedCard.objects.select_for_update().filter(pk=card_id).first()
    if card is None or card.user_id is None or card.removed_at is not None:
        return
    at = clock.now()
    earlier = SavedCard.objects.filter(user=card.user_id, checked_at__isnull=False, removed_at=None).exclude(pk=card_id)
    for pk in earlier.values_list("pk", flat=True):
        SavedCard.objects.filter(pk=pk).update(removed_at=at)
        jobs.enqueue("checkout.settle_card", card_id=pk)
    SavedCard.objects.filter(pk=card_id).update(checked_at=at)

"""Payments for what a reader has already: owed back from the moment they arrive until they are returned."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from common.money import Money
from royalties import chart, entries
from royalties.models import EntryKind, Posting
from royalties.services import ledger

_OF_NEEDLESS = (
    EntryKind.NEEDLESS_PAYMENT,
    EntryKind.NEEDLESS_RETURNED,
    EntryKind.DISPUTE_LOST,
    EntryKind.APPEAL_WON,
)


@transaction.atomic
def record_payment(*, payment: str, order_reference: str, amount: Money, at: datetime) -> int:
    """Book a payment that buys nothing, and return the entry's id. Raises EntryDiffers.

    `payment` is its public id: recording the same one twice gives one entry.
    """
    draft = entries.needless_payment(
        payment=payment,
        reference=order_reference,
        currency=amount.currency,
        occurred_at=at,
        amount=amount.amount_minor,
    )
    return ledger.post_one(draft).entry_id


def received(*, payment: str) -> int:
    """Return what came with a payment that buys nothing, in minor units; 0 when it is none of these."""
    came = Posting.objects.filter(
        entry__external_id=entries.needless_id(payment), account__name=str(chart.REFUND_PENDING)
    ).values_list("amount_minor", flat=True)
    return -sum(came)


def outstanding(*, order_reference: str) -> int:
    """Return how much of an order's needless payments is still owed back, in minor units."""
    moved = Posting.objects.filter(
        entry__reference=order_reference, entry__kind__in=_OF_NEEDLESS, account__name=str(chart.REFUND_PENDING)
    )
    return -sum(moved.values_list("amount_minor", flat=True))


@transaction.atomic
def record_return(*, external_id: str, order_reference: str, amount: Money, at: datetime) -> int:
    """Book that such a payment was returned, and return the entry's id.

    `external_id` is the provider's refund. Raises EntryDiffers, and LedgerError for more than is owed back.
    """
    draft = entries.needless_returned(
        external_id=external_id,
        reference=order_reference,
        currency=amount.currency,
        occurred_at=at,
        amount=amount.amount_minor,
    )
    return ledger.post_one(draft).entry_id

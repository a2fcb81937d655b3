"""A reader's receipts, as they were emailed, for the copy of their data."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.template.loader import render_to_string

from accounts.hooks import Document
from accounts.models import User
from storefront.checkout.models import Order, OrderState
from storefront.checkout.receipts.services import emails


def receipts(user: User) -> Iterable[Document]:
    """Return one text for each paid order, in the active language."""
    site = {"SITE_URL": settings.SITE_URL, "SITE_NAME": settings.SITE_NAME}
    paid = Order.objects.filter(buyer=user, state=OrderState.PAID).select_related("buyer").order_by("pk")
    for order in paid.iterator(100):
        text = render_to_string("emails/receipt.txt", {**emails.receipt_context(order), **site})
        yield Document(f"receipts/{order.public_id}.txt", text.encode())

"""Deletes a person's newsletter and subscriptions with their account."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Deletion
from storefront.newsletters.models import Delivery, Newsletter, Subscription


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete what the person wrote, what they subscribed to and what they were sent. Safe to repeat."""
    user = deletion.user
    Subscription.objects.filter(reader=user).delete()
    Delivery.objects.filter(reader=user).delete()
    Newsletter.objects.filter(author=user).delete()

"""What the payment provider keeps for a buyer who wants it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class SavedCard(models.Model):
    """A buyer as the provider's customer, whose payment method it keeps for the next purchase: only its id is here.

    The payment page makes a customer of every person with an account. Until `checked_at` we do not know whether the
    person let it keep anything; if not, or once they remove it, the customer is deleted there and then the row.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="saved_cards")
    customer_id = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, help_text="when the provider said that something is kept")
    removed_at = models.DateTimeField(null=True, help_text="to be deleted at the provider")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(checked_at__isnull=False, removed_at=None), name="saved_card_once"
            )
        ]

    def __str__(self) -> str:
        return self.customer_id

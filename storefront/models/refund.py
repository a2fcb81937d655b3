"""Money given back by us."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from common.ids import PublicIdField
from storefront.models.order import OrderLine, Payment


class RefundState(models.TextChoices):
    PENDING = "pending"  # our row and its key exist, the outcome is not known yet
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class Refund(models.Model):
    """One line given back in full, or a whole payment that was not needed (then without a line).

    The public id is part of the provider's idempotency key.
    """

    public_id = PublicIdField("rfd")
    line = models.ForeignKey(OrderLine, null=True, on_delete=models.PROTECT, related_name="refunds")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    state = models.CharField(max_length=10, choices=RefundState, default=RefundState.PENDING)
    amount_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=40, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    provider_refund_id = models.CharField(max_length=120, blank=True, db_index=True)
    requested_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line"], condition=~models.Q(state="failed"), name="refund_once_per_line"),
            models.UniqueConstraint(
                fields=["payment"],
                condition=models.Q(line=None) & ~models.Q(state="failed"),
                name="refund_once_per_needless_payment",
            ),
        ]

"""The provider's object behind a reference of ours, where no row of the books has its id already."""

from __future__ import annotations

from django.db import models


class ProviderKind(models.TextChoices):
    PAYMENT = "payment", "payment"
    CHARGE = "charge", "charge"
    REFUND = "refund", "refund"
    DISPUTE = "dispute", "dispute"
    TRANSFER = "transfer", "transfer"


class ProviderReference(models.Model):
    """One object at the provider for one reference. Only ever added."""

    reference = models.CharField(max_length=80, help_text="as journal entries have it: an order, a payout")
    kind = models.CharField(max_length=10, choices=ProviderKind)
    object_id = models.CharField(max_length=120, db_index=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["reference", "kind", "object_id"], name="provider_reference_once")
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.object_id}"

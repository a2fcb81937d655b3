"""Withdrawals from contracts under the law: the declaration, stored unchanged, and what happened to each book."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from storefront.checkout.models.order import Order, OrderLine


class WithdrawalOutcome(models.TextChoices):
    RETURNED = "returned", _("Money refunded")
    CANCELED = "canceled", _("Cancelled: nothing to refund")
    DECISION = "decision", _("Under review")
    HELD = "held", _("The buyer’s bank decides")
    ENDED = "ended", _("Withdrawal period was over")


class Withdrawal(models.Model):
    """A declaration of withdrawal from an order, with the name given, and where the acknowledgement went. Never
    changed."""

    public_id = PublicIdField("wdr")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="withdrawals")
    name = models.CharField(max_length=120, help_text="as they wrote it")
    email = models.EmailField(help_text="where they asked for the acknowledgement")
    declared_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.public_id)


class WithdrawnLine(models.Model):
    """One book of a withdrawal; a line can be withdrawn from once."""

    withdrawal = models.ForeignKey(Withdrawal, on_delete=models.CASCADE, related_name="lines")
    line = models.OneToOneField(OrderLine, on_delete=models.PROTECT, related_name="withdrawn")
    outcome = models.CharField(max_length=10, choices=WithdrawalOutcome)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.withdrawal_id}: {self.outcome}"

"""Refunds by us."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from storefront.checkout.models.order import OrderLine, Payment


class RefundState(models.TextChoices):
    PROPOSED = "proposed", _("Awaiting decision")  # finance, or a second person of finance, decides first
    DECLINED = "declined", _("Declined")
    PENDING = "pending", _("On its way")  # our row and its key exist; the outcome is not known yet
    SUCCEEDED = "succeeded", _("Refunded")
    FAILED = "failed", _("Failed")
    RETURNED = "returned", _("Returned by the bank")  # it had succeeded, then the reader's bank sent it back to us


class RefundOrigin(models.TextChoices):
    READER = "reader", _("Reader")
    STAFF = "staff", _("Finance")
    PROVIDER = "provider", _("Provider dashboard")
    DUPLICATE = "duplicate", _("Paid twice")
    WARNING = "warning", _("Fraud warning")
    SYSTEM = "system", _("Automatic")  # a pre-ordered work will not come, or the reader already owns it


# Refunds in these states claim a part of what was paid.
CLAIMING_STATES = (RefundState.PROPOSED, RefundState.PENDING, RefundState.SUCCEEDED, RefundState.RETURNED)


class RefundQuerySet(models.QuerySet["Refund"]):
    def claiming(self) -> RefundQuerySet:
        """Return the refunds that claim a part of what was paid."""
        return self.filter(state__in=CLAIMING_STATES)


class Refund(models.Model):
    """A refund of all or part of one line, or of an unneeded payment (then without a line).

    The public id is part of the provider's idempotency key.
    """

    public_id = PublicIdField("rfd")
    line = models.ForeignKey(OrderLine, null=True, on_delete=models.PROTECT, related_name="refunds")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    state = models.CharField(max_length=10, choices=RefundState, default=RefundState.PENDING)
    origin = models.CharField(max_length=10, choices=RefundOrigin, default=RefundOrigin.READER)
    amount_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=200, blank=True)
    was_used = models.BooleanField(default=False, help_text="downloaded or read when it was asked for")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    provider_refund_id = models.CharField(max_length=120, blank=True, db_index=True)
    requested_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    resent_reference = models.CharField(max_length=80, blank=True, help_text="the bank transfer that replaced it")

    objects: ClassVar[RefundQuerySet] = RefundQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["payment"],
                # Parts may have been refunded in the provider's dashboard, which never exceeds what was paid.
                condition=Q(line=None)
                & Q(state__in=["proposed", "pending", "succeeded", "returned"])
                & ~Q(origin="provider"),
                name="refund_once_per_needless_payment",
            ),
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(origin="reader") & Q(state__in=["proposed", "pending", "succeeded", "returned"]),
                name="refund_once_by_reader_per_line",
            ),
            models.UniqueConstraint(
                fields=["line", "provider_refund_id"],
                condition=~Q(provider_refund_id=""),
                name="refund_once_per_line_at_provider",
            ),
            models.CheckConstraint(
                condition=~Q(origin="staff", decided_by=F("requested_by")), name="refund_decided_by_another"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_not_zero"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def by(self) -> str:
        """Return who asked for it, staff by name; and who decided, if anyone."""
        by_staff = self.requested_by if self.origin == RefundOrigin.STAFF else None
        asked = f"{self.get_origin_display()}, {by_staff}" if by_staff is not None else self.get_origin_display()
        return f"{asked}; {self.decided_by}" if self.decided_by is not None else asked

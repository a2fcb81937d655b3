"""The right to read."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef

from common.ids import PublicIdField
from publishing.models import Edition, Work
from storefront.checkout.models.order import OrderLine
from storefront.checkout.models.refund import Refund, RefundOrigin, RefundState


class EntitlementQuerySet(models.QuerySet["Entitlement"]):
    def readable(self) -> EntitlementQuerySet:
        """Return the active ones, except books whose refund is on its way: a reader who returns a book cannot read
        on while the provider takes its time. If the refund fails, they can."""
        going_back = Refund.objects.filter(line=OuterRef("line"), origin=RefundOrigin.READER, state=RefundState.PENDING)
        return self.filter(~Exists(going_back), ended_at=None)


class Entitlement(models.Model):
    """The right of a person to read a work: the edition sold to them and every later one. Ends when its line is
    refunded."""

    public_id = PublicIdField("ent")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="entitlements")
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="entitlements")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+", help_text="as sold")
    line = models.OneToOneField(OrderLine, null=True, on_delete=models.PROTECT, related_name="entitlement")
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    furthest_bps = models.PositiveIntegerField(
        default=0, help_text="of the whole: the furthest point ever read; never decreases"
    )

    objects: ClassVar[EntitlementQuerySet] = EntitlementQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "work"],
                condition=models.Q(ended_at=None),
                name="entitlement_once_while_it_lasts",
            )
        ]

"""Lines that are paid now and supplied later: gifts until they are redeemed, and pre-orders until the work is out."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.ids import PublicIdField
from storefront.checkout.models.order import OrderLine


class Gift(models.Model):
    """A paid line for the holder of its link. Only a hash of the link's secret is stored.

    It is open until it is redeemed, or canceled because the giver took the money back. One of several copies has a
    number instead of a recipient: its buyer hands out the link.
    """

    public_id = PublicIdField("gft")
    line = models.OneToOneField(OrderLine, on_delete=models.PROTECT, related_name="gift")
    recipient = models.EmailField(blank=True)
    copy_number = models.PositiveSmallIntegerField(
        null=True, help_text="of several copies bought to hand out, from 1; empty for a gift to one person"
    )
    message = models.TextField(max_length=1000, blank=True)
    deliver_on = models.DateField(null=True, help_text="empty: emailed at once")
    token_hash = models.CharField(max_length=64, blank=True, help_text="of the secret in the link, once it is paid")
    mailed_at = models.DateTimeField(null=True)
    redeemed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="redeemed_gifts"
    )
    redeemed_at = models.DateTimeField(null=True)
    waiver_text_version = models.CharField(max_length=20, blank=True, help_text="consent of the person who redeemed it")
    shows_opener = models.BooleanField(
        default=False, db_default=False, help_text="whoever opened the copy lets its buyer see that it was them"
    )
    canceled_at = models.DateTimeField(null=True)
    end_told_at = models.DateTimeField(null=True, help_text="when the recipient was told that it ended")

    class Meta:
        indexes = [
            models.Index(
                fields=["deliver_on"],
                condition=Q(mailed_at=None, redeemed_at=None, canceled_at=None),
                name="gift_to_mail",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["token_hash"], condition=~Q(token_hash=""), name="gift_link_once"),
            models.CheckConstraint(
                condition=Q(redeemed_at=None, redeemed_by=None) | Q(redeemed_at__isnull=False, canceled_at=None),
                name="gift_redeemed_or_canceled",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.redeemed_at is None and self.canceled_at is None

    @property
    def is_copy(self) -> bool:
        """Return whether it is one of several copies to hand out."""
        return self.copy_number is not None


class Preorder(models.Model):
    """A paid line of a work that is not out yet. `told_date` is the release date that the buyer was last told,
    `late_date` the missed date that they were told about."""

    line = models.OneToOneField(OrderLine, on_delete=models.PROTECT, related_name="preorder")
    told_date = models.DateField()
    late_date = models.DateField(null=True)
    released_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(
        null=True, help_text="when its buyer was told that it is out or, for a free one, that it will not be"
    )
    canceled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(released_at=None, canceled_at=None), name="preorder_waiting")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(released_at=None) | Q(canceled_at=None), name="preorder_released_or_canceled"
            )
        ]

    @property
    def is_open(self) -> bool:
        return self.released_at is None and self.canceled_at is None

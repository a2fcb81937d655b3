"""Wishes and the alerts about them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from publishing.models import Work


class Wish(models.Model):
    """A work on a reader's wish list. Amounts are list prices in minor units of the wish's currency.

    An alert is due when the price is below `wished_minor`, or at `below_minor` or less if the reader chose a price.
    `alerted_minor` is the lowest price the reader was alerted of since the price last was too high for an alert; None
    if there was no alert.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="wishes")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="wishes")
    currency = models.CharField(max_length=3)
    wished_minor = models.PositiveIntegerField(null=True, help_text="the price when it was added, if it had one")
    below_minor = models.PositiveIntegerField(null=True, help_text="the price chosen for an alert, if any")
    alerted_minor = models.PositiveIntegerField(null=True)
    is_awaited = models.BooleanField(default=False, help_text="it was not out yet: the reader is notified when it is")
    wished_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, help_text="kept for a day, so that it can be restored")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "work"], name="wish_once")]
        indexes = [models.Index(fields=["removed_at"], condition=Q(removed_at__isnull=False), name="wish_removed")]

    @property
    def alert_limit_minor(self) -> int:
        """Return the price below which an alert is due; 0 if no price can be below it."""
        if self.below_minor is not None:
            return self.below_minor + 1
        return self.wished_minor or 0


class AlertKind(models.TextChoices):
    PRICE = "price"  # it costs less
    OUT = "out"  # it was not out yet, and is now


class WishAlert(models.Model):
    """An alert to email, created once under the wish's lock."""

    wish = models.ForeignKey(Wish, on_delete=models.CASCADE, related_name="alerts")
    kind = models.CharField(max_length=5, choices=AlertKind)
    price_minor = models.PositiveIntegerField(null=True)
    made_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["made_at"], condition=Q(mailed_at=None), name="wish_alert_to_mail")]


class ListingCheck(models.Model):
    """A changed work whose wishes and followers are still to be checked. Created in the transaction of the change."""

    work = models.OneToOneField(Work, primary_key=True, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()

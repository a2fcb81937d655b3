"""Who a provider of services is for tax: asked for with the first release, and needed before a payout."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class PayeeDetailsQuerySet(models.QuerySet["PayeeDetails"]):
    def missing(self) -> PayeeDetailsQuerySet:
        """Filter people who were asked and have not answered: nothing is paid to them."""
        return self.filter(stated_at=None)


class PayeeDetails(models.Model):
    """What the law has us ask of whoever is paid for services (EU 2021/514, DAC7), readable only with the vault's keys.

    The row is there from the first release on; `token` holds name, birth date or registration, address and tax number.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payee_details")
    asked_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, help_text="when the email was sent that asks for them")
    stated_at = models.DateTimeField(null=True)
    is_business = models.BooleanField(null=True)
    country = models.CharField(max_length=2, blank=True, help_text="of residence for tax")
    token = models.BinaryField(default=b"", help_text="encrypted; empty again once the law lets us delete it")

    objects: ClassVar[PayeeDetailsQuerySet] = PayeeDetailsQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name_plural = "payee details"
        constraints = [
            models.CheckConstraint(
                condition=Q(stated_at=None, is_business=None, country="")
                | (Q(stated_at__isnull=False, is_business__isnull=False) & ~Q(country="")),
                name="payee_details_stated_as_a_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"details of payee {self.user_id}"

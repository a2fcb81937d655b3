"""Contact requests and our answers."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import regions
from common.ids import PublicIdField
from storefront.checkout.models import Order


class Topic(models.TextChoices):
    ORDER = "order", _("An order, a payment or a refund")
    READING = "reading", _("Reading or downloading a book")
    ACCOUNT = "account", _("My account or my data")
    PUBLISHING = "publishing", _("Publishing a book")
    EARNINGS = "earnings", _("Earnings, payouts or tax")
    OTHER = "other", _("Something else")


class ContactQuerySet(models.QuerySet["ContactRequest"]):
    def open(self) -> ContactQuerySet:
        """Filter requests that are neither answered nor closed."""
        return self.filter(closed_at=None)


class ContactRequest(models.Model):
    """One request. It is closed with an answer, which was emailed, or without one, like spam.

    `email` is where the answer goes. `order` is attached only if the writer may see it, or writes from its address; an
    order number that someone else typed is in `named_order`.
    """

    public_id = PublicIdField("req")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField()
    language = models.CharField(max_length=2)
    country = models.CharField(max_length=2, blank=True, help_text="of the page the request was written on")
    topic = models.CharField(max_length=10, choices=Topic)
    order = models.ForeignKey(Order, null=True, on_delete=models.SET_NULL, related_name="contact_requests")
    named_order = models.CharField(max_length=60, blank=True)
    body = models.TextField(max_length=5000)
    created_at = models.DateTimeField()
    answer = models.TextField(blank=True, max_length=10000)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[ContactQuerySet] = ContactQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], condition=Q(closed_at=None), name="contact_request_open"),
            models.Index(fields=["closed_at"], name="contact_request_closed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, answer="")
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="contact_request_closed_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def region(self) -> regions.Region:
        """Return the region that the answer is written for."""
        return regions.of_person(language=self.language, country=self.country)

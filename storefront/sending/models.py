"""The devices that people have books sent to, and what was sent."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from publishing.models import Work


class Device(models.Model):
    """An address that books can be sent to. Only confirmed ones get books; the others get a code.

    The code is not stored: it follows from `code_number` (services/codes.py).
    """

    public_id = PublicIdField("dvc")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sending_devices")
    name = models.CharField(max_length=40)
    address = models.EmailField(help_text="in lower case")
    code_number = models.PositiveIntegerField(default=0, help_text="how many codes were sent")
    wrong_codes = models.PositiveSmallIntegerField(default=0, help_text="entered since the newest code was sent")
    confirmed_at = models.DateTimeField(null=True)
    gets_purchases = models.BooleanField(default=False, help_text="whatever the person buys is sent there")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "address"], name="sending_device_once"),
            models.CheckConstraint(
                condition=Q(gets_purchases=False) | Q(confirmed_at__isnull=False), name="sending_device_confirmed"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("On its way")
    SENT = "sent", _("Sent")
    LINKED = "linked", _("Too large to send: you got an email with a link")
    REFUSED = "refused", _("Refused by the device’s service")
    ENDED = "ended", _("Not sent: the book or the device is no longer yours")


class Delivery(models.Model):
    """One email to a device: a book, or without a work the page with the code that confirms the device.

    `token` is what makes it once: of the form that was sent, or of the purchase it follows from.
    """

    public_id = PublicIdField("dlv")
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="deliveries")
    work = models.ForeignKey(Work, null=True, on_delete=models.CASCADE, related_name="+")
    token = models.UUIDField(null=True, unique=True)
    state = models.CharField(max_length=7, choices=DeliveryState, default=DeliveryState.WAITING)
    file_name = models.CharField(max_length=200, blank=True)
    message_id = models.CharField(max_length=120, blank=True, help_text="of the email, by which a refusal names it")
    refusal = models.CharField(max_length=300, blank=True, help_text="what the service said")
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["made_at"], condition=Q(state="waiting"), name="sending_delivery_waiting"),
            models.Index(fields=["message_id"], name="sending_delivery_message"),
        ]

    def __str__(self) -> str:
        return self.public_id


class Screen(models.Model):
    """What an e-reader's browser shows for ten minutes: a code, or the book that somebody gave it by that code."""

    secret_sha256 = models.CharField(max_length=64, unique=True, help_text="of what is in the page's address")
    code = models.CharField(max_length=6, unique=True)
    is_kobo = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    giver = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    work = models.ForeignKey(Work, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(giver=None, work=None) | Q(giver__isnull=False, work__isnull=False),
                name="sending_screen_given_whole",
            )
        ]
        indexes = [models.Index(fields=["opened_at"], name="sending_screen_opened")]

    def __str__(self) -> str:
        return self.code

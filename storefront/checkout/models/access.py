"""When and from which IP address a purchased book was opened: proof of delivery for a reader's bank."""

from __future__ import annotations

from django.db import models

from storefront.checkout.models.entitlement import Entitlement


class AccessKind(models.TextChoices):
    DOWNLOAD = "download"
    READ = "read"  # in the browser; one row a day


class AccessRecord(models.Model):
    """One download, or one day of reading. The address is deleted when no dispute can come any more."""

    entitlement = models.ForeignKey(Entitlement, on_delete=models.PROTECT, related_name="accesses")
    kind = models.CharField(max_length=8, choices=AccessKind)
    detail = models.CharField(max_length=120, blank=True, help_text="the file, or the chapter")
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(db_index=True)
    day = models.DateField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["entitlement", "day"], condition=models.Q(kind="read"), name="access_read_once_a_day"
            )
        ]

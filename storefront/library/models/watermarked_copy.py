"""Copies of books whose files carry marks, so that each can be told from all others (decision 150)."""

from __future__ import annotations

from django.db import models

from common.ids import PublicIdField
from royalties.entries import Deferral
from storefront.checkout.models import Entitlement, OrderLine


class WatermarkedCopy(models.Model):
    """What the marks of one reader's copy follow from, in all its files and in every edition. Made when the reader
    first fetches a file; the marked files themselves are never stored."""

    public_id = PublicIdField("cpy")
    entitlement = models.OneToOneField(Entitlement, on_delete=models.PROTECT, related_name="watermarked_copy")
    token = models.CharField(max_length=64, unique=True, help_text="secret, in hex")
    version = models.PositiveSmallIntegerField(help_text="of the engine's marks; a copy keeps its own")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "watermarked copies"

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def line(self) -> OrderLine:
        line = self.entitlement.line
        assert line is not None  # noqa: S101 - only copies that were sold are marked
        return line

    @property
    def is_of_order(self) -> bool:
        """Return whether its reader ordered it. The number of an order means nothing to whoever was given a gift."""
        return self.line.deferral != Deferral.GIFT

    @property
    def number(self) -> str:
        """Return the number in the line at the end of the book."""
        return self.line.order.public_id if self.is_of_order else self.public_id

"""Copies of books whose files carry marks, so that each can be told from all others (decision 150)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User
from common.ids import PublicIdField
from publishing.models import Work
from royalties.entries import Deferral
from storefront.checkout.models import Entitlement, OrderLine


class WatermarkedCopy(models.Model):
    """What the marks of one reader's copy follow from, in all its files and in every edition. Made when the reader
    first fetches a file; the marked files themselves are never stored."""

    public_id = PublicIdField("cpy")
    entitlement = models.OneToOneField(
        Entitlement, null=True, on_delete=models.PROTECT, related_name="watermarked_copy", help_text="of a sold copy"
    )
    given_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="the reader of a copy that was not sold",
    )
    given_work = models.ForeignKey(Work, null=True, on_delete=models.CASCADE, related_name="+")
    token = models.CharField(max_length=64, unique=True, help_text="secret, in hex")
    version = models.PositiveSmallIntegerField(help_text="of the engine's marks; a copy keeps its own")
    shown_name = models.CharField(
        max_length=150, blank=True, default="", db_default="", help_text="in the visible line, if its reader wants it"
    )
    made_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "watermarked copies"
        constraints = [
            models.UniqueConstraint(fields=["given_to", "given_work"], name="watermarked_copy_given_once"),
            models.CheckConstraint(
                condition=Q(entitlement__isnull=False, given_to=None, given_work=None)
                | Q(entitlement=None, given_to__isnull=False, given_work__isnull=False),
                name="watermarked_copy_sold_or_given",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def reader_id(self) -> int | None:
        return self.entitlement.user_id if self.entitlement is not None else self.given_to_id

    @property
    def reader(self) -> User:
        reader = self.entitlement.user if self.entitlement is not None else self.given_to
        assert reader is not None  # noqa: S101 - a constraint says so
        return reader

    @property
    def line(self) -> OrderLine | None:
        """Return the line that it was sold by; None for a copy that was given."""
        return self.entitlement.line if self.entitlement is not None else None

    @property
    def work_id(self) -> int | None:
        return self.entitlement.work_id if self.entitlement is not None else self.given_work_id

    @property
    def is_of_order(self) -> bool:
        """Return whether its reader ordered it. The number of an order means nothing to whoever was given a copy."""
        return self.line is not None and self.line.deferral != Deferral.GIFT

    @property
    def number(self) -> str:
        """Return the number in the line at the end of the book."""
        return self.line.order.public_id if self.line is not None and self.is_of_order else self.public_id

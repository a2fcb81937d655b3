"""Deliveries, their files, and requests for a revision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from common.ids import PublicIdField
from common.typed_json import TypedJSONField
from hiring.contract_terms import AiUse
from hiring.contracts.models.milestone import Milestone

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class DeskState:
    """What the provider has done at the chapter desk of the work up to a delivery."""

    suggestions: int  # of theirs, whatever was decided about them
    comments: int
    last_correction: str  # public id of the newest; "" for none


class Delivery(models.Model):
    """Work handed over for one milestone: files, or a changed state of the chapter desk, or both."""

    public_id = PublicIdField("dlv")
    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="deliveries")
    number = models.PositiveSmallIntegerField()
    note = models.TextField(blank=True, max_length=4000)
    ai_use = models.CharField(max_length=9, help_text="an AiUse, as declared with this delivery")
    desk = TypedJSONField(DeskState, null=True)
    delivered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    delivered_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["milestone", "number"], name="delivery_number_once")]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def ai_use_label(self) -> StrOrPromise:
        return AiUse(self.ai_use).label

    @property
    def is_made_as_agreed(self) -> bool:
        """Whether AI was used as the contract says. If not, the client need not accept it."""
        return self.ai_use == self.milestone.contract.terms.ai_use


class DeliveryFile(models.Model):
    """A delivered file, unaltered, under its checksum in private storage."""

    public_id = PublicIdField("dlf")
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="files")
    file_name = models.CharField(max_length=300, help_text="as the provider named it")
    file = models.CharField(max_length=300, help_text="name in private storage")
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["delivery", "sha256"], name="delivery_file_once")]

    def __str__(self) -> str:
        return self.file_name


class RevisionRequest(models.Model):
    """What the client asked to be changed in a delivery."""

    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="revision_request")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    wishes = models.TextField(max_length=4000)

    class Meta:
        ordering = ["asked_at"]

    def __str__(self) -> str:
        return f"revision of {self.delivery_id}"

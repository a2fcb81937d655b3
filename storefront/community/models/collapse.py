"""Reviews that a machine collapsed, because readers' flags weighed enough, until a person decides."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from common.ids import PublicIdField
from storefront.community.models.case import ReviewCase
from storefront.community.models.flag_rule import FlagRule
from storefront.community.models.review import Fold


class Collapse(models.Model):
    """A machine's decision to collapse a review (Digital Services Act, Article 17(3)(c)). No machine reads reviews: it
    adds up flags. `objection` is what the writer says to that; a moderator reads it with the flags."""

    public_id = PublicIdField("col")
    case = models.ForeignKey(ReviewCase, on_delete=models.CASCADE, related_name="collapses")
    fold = models.CharField(max_length=8, choices=Fold)
    rule = models.CharField(max_length=9, choices=FlagRule)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="when a person decided, or the flags weighed less again")
    told_at = models.DateTimeField(null=True, help_text="when the writer was told")
    objection = models.TextField(max_length=3000, blank=True)
    objected_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="collapse_one_open_per_case"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

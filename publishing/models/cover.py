"""Covers that a work had before, so that one can be taken back."""

from __future__ import annotations

from django.db import models

from common.typed_json import TypedJSONField
from conversion.engine.api import CoverChoice
from conversion.models import ConversionJob
from publishing.models.work import Work


class FormerCover(models.Model):
    """What made the cover of a work until it was replaced; the fields are those of `Work`."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="former_covers")
    cover_file = models.CharField(max_length=300, blank=True)
    cover_name = models.CharField(max_length=300, blank=True)
    picture_file = models.CharField(max_length=300, blank=True)
    picture_name = models.CharField(max_length=300, blank=True)
    cover_choice = TypedJSONField(CoverChoice, null=True)
    redrawing_job = models.ForeignKey(ConversionJob, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ["-replaced_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.work} until {self.replaced_at:%Y-%m-%d}"

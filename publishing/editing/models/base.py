"""A manuscript as one version of the engine read it, with certain fixes: what corrections count in."""

from __future__ import annotations

from django.db import models

from common.typed_json import TypedJSONField
from conversion.models import ConversionJob
from conversion.options import Patch
from publishing.models import Manuscript, Work


class Base(models.Model):
    """The words of a manuscript before corrections. Its file is that of a conversion's artifact, and is kept as long as
    a correction counts in it, even when the conversion is gone."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="bases")
    manuscript = models.ForeignKey(Manuscript, null=True, on_delete=models.SET_NULL, related_name="+")
    job = models.ForeignKey(ConversionJob, null=True, on_delete=models.SET_NULL, related_name="+")
    identity = models.CharField(max_length=32, help_text="the engine's: equal bases have the same")
    file = models.CharField(max_length=300, help_text="name in private storage")
    engine_version = models.CharField(max_length=40)
    fixes = TypedJSONField(list[str], default=list, blank=True, help_text="codes that the engine fixed")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["work", "identity"], name="base_once_per_work")]

    def __str__(self) -> str:
        return self.identity


class FixProposals(models.Model):
    """What the fixes would correct in a base, place by place, by their codes. Apart from the base, which is read with
    every page of the text."""

    base = models.OneToOneField(Base, on_delete=models.CASCADE, primary_key=True, related_name="proposals")
    patches = TypedJSONField(tuple[Patch, ...], default=tuple)

    def __str__(self) -> str:
        return f"{self.base_id}: {len(self.patches)}"

"""The text of a work as it stands now: its base, how often it was changed, and when it is made next."""

from __future__ import annotations

from django.db import models

from conversion.models import ConversionJob
from publishing.editing.models.base import Base
from publishing.models import Manuscript, Work


class WorkText(models.Model):
    """One row for each work whose text can be corrected. All changes of the text wait for the lock on it."""

    work = models.OneToOneField(Work, on_delete=models.CASCADE, primary_key=True, related_name="text")
    base = models.ForeignKey(Base, null=True, on_delete=models.RESTRICT, related_name="+")
    revision = models.PositiveIntegerField(default=0, help_text="rises with every change of the text")
    base_revision = models.PositiveIntegerField(default=0, help_text="at which the base became current")
    digest = models.CharField(max_length=32, blank=True, help_text="of the accepted corrections; empty for none")
    due_at = models.DateTimeField(null=True, help_text="real time: when its files are to be made again")
    base_job = models.ForeignKey(
        ConversionJob,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="job that reads the manuscript for nothing but its base",
    )
    next_manuscript = models.ForeignKey(
        Manuscript,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="written from the text, corrections included; taken once it has been read",
    )
    next_revision = models.PositiveIntegerField(default=0, help_text="of the text that it was written from")
    changed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.work_id}: {self.revision}"

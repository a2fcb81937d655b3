"""What authors say that drawn pages show: pages of a comic, a picture book or a PDF, whose text has no corrections."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from conversion.engine.api import patches
from publishing.models import Work


class PageDescription(models.Model):
    """The description of a page, by the key of its picture: it stays with the picture wherever that stands in the next
    upload. One that is empty and not decorative takes the manuscript's own description away."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="page_descriptions")
    asset = models.CharField(max_length=64, help_text="the engine's key of the page's picture")
    alt = models.CharField(max_length=patches.MAX_ALT_CHARACTERS, blank=True)
    is_decorative = models.BooleanField(default=False, help_text="there is nothing to describe")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["work", "asset"], name="page_description_once_per_picture")]

    def __str__(self) -> str:
        return f"{self.work_id}: {self.alt[:60]}"

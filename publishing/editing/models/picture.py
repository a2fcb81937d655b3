"""Pictures that an author has put into a text, in place of one of the manuscript or as a new one."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from publishing.models import Work


class Picture(models.Model):
    """A picture as uploaded. The engine redraws it whenever files are made; patches name it by its sha256."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="text_pictures")
    sha256 = models.CharField(max_length=64)
    file = models.CharField(max_length=300, help_text="name in private storage")
    name = models.CharField(max_length=300, help_text="as uploaded")
    size_bytes = models.PositiveBigIntegerField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["work", "sha256"], name="text_picture_once_per_work")]

    def __str__(self) -> str:
        return self.name

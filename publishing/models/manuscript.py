"""A source file as uploaded, or as written by a build, stored under its checksum and never altered."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from common.ids import PublicIdField
from conversion.engine.api import OWN_SUFFIX
from conversion.models import ConversionJob
from publishing.models.work import Work


class Manuscript(models.Model):
    public_id = PublicIdField("man")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="manuscripts")
    file = models.CharField(max_length=300, help_text="name in private storage")
    name = models.CharField(max_length=300, help_text="file name as uploaded")
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    written_by = models.ForeignKey(
        ConversionJob,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="job whose text it is, corrections included: for books that are written here",
    )

    class Meta:
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """Return the name for people. A book that is written here has no file that they would know."""
        if not self.name.endswith(OWN_SUFFIX):
            return self.name
        return _("%(title)s (written here)") % {"title": self.name.removesuffix(OWN_SUFFIX)}

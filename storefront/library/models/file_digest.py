"""By which digests KOReader knows the files of books."""

from __future__ import annotations

from django.db import models

from conversion.models import Artifact
from storefront.library.models.watermarked_copy import WatermarkedCopy


class DigestKind(models.TextChoices):
    """What KOReader calculates a digest of, as its reader chooses there."""

    CONTENT = "content"  # parts of the file's content
    NAME = "name"  # the file's name


class FileDigest(models.Model):
    """A digest by which KOReader may ask about a file. Kept as long as the file, whoever bought it meanwhile; that of a
    marked file as long as the copy."""

    artifact = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="digests")
    copy = models.ForeignKey(
        WatermarkedCopy, null=True, on_delete=models.CASCADE, related_name="digests", help_text="whose marks it carries"
    )
    kind = models.CharField(max_length=7, choices=DigestKind)
    digest = models.CharField(max_length=32, db_index=True, help_text="MD5 in hex")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["artifact", "kind", "digest"], name="file_digest_once")]

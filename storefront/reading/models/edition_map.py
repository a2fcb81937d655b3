"""Maps from one edition of a work to another (docs/reading.md)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from publishing.models import Edition

MAX_ATTEMPTS = 5


class EditionMap(models.Model):
    """Where the text of an edition is in another: what places and notes of the first need in the second.

    The row is made when the map is needed, the data by a worker. The data of an older version of the aligner are used
    until a worker has made them again.
    """

    from_edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    to_edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveSmallIntegerField(default=0, help_text="of the aligner; 0 before the data are made")
    data = models.BinaryField(default=bytes, help_text="as the aligner writes it")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="for this version")
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["from_edition", "to_edition"], name="edition_map_once"),
            models.CheckConstraint(condition=~Q(from_edition=models.F("to_edition")), name="edition_map_of_two"),
        ]

    @property
    def has_failed(self) -> bool:
        """Return whether there are no data and nobody tries any more, because a file of an edition is gone."""
        return self.version == 0 and self.attempts >= MAX_ATTEMPTS

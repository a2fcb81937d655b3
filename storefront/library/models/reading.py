"""Where somebody stopped reading."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from publishing.models import Work


class ReadingPosition(models.Model):
    """Private to the reader. `fraction_bps` of the whole; `locator` is what the web reader needs to return there."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reading_positions")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="+")
    chapter_id = models.CharField(max_length=120)
    fraction_bps = models.PositiveIntegerField(default=0)
    locator = models.JSONField(default=dict)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "work"], name="reading_position_once")]

    @property
    def mark(self) -> str:
        """Tells this place from the one before and the one after; devices hand it back with the next."""
        return self.changed_at.isoformat()

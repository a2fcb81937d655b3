"""Reading positions."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import models

from common.typed_json import TypedJSONField
from publishing.models import Work


@dataclass(frozen=True, slots=True)
class Locator:
    """What the web reader needs to return to a place in the edition that was read."""

    edition: str = ""  # public id
    within_bps: int = 0  # of the chapter
    cfi: str = ""  # in a fixed-layout book: the page's id
    words: str = ""  # the text at that place


class ReadingPosition(models.Model):
    """Where a reader stopped; private to the reader. `fraction_bps` is the share of the whole book."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reading_positions")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="+")
    chapter_id = models.CharField(max_length=120)
    fraction_bps = models.PositiveIntegerField(default=0)
    locator = TypedJSONField(Locator, default=Locator)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "work"], name="one_position_per_book")]

    @property
    def mark(self) -> str:
        """Return an identifier of this saved position, which devices send back when they save the next one."""
        return self.changed_at.isoformat()

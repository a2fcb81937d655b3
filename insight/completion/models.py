"""Who agrees to be counted, and the figures made of them, which have no cell of fewer than five readers."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import models

from common.typed_json import TypedJSONField
from publishing.models import Edition, Work


@dataclass(frozen=True, slots=True)
class ChapterCount:
    """How many readers reached a chapter, and how many of them stopped there; 0 is fewer than five."""

    title: str
    reached: int
    stopped: int


class Consent(models.Model):
    """Whether a reader agrees that their places in books are counted. Nobody is asked twice."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="completion_consent")
    agrees = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, help_text="when `agrees` last changed")


class Completion(models.Model):
    """How far the readers of a work got, as of the week of `counted_at`.

    All numbers are rounded to five, and 0 stands for fewer than five: nothing finer is stored.
    """

    work = models.OneToOneField(Work, on_delete=models.CASCADE, related_name="completion")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    counted_at = models.DateTimeField()
    readers = models.PositiveIntegerField()
    finished = models.PositiveIntegerField()
    reading = models.PositiveIntegerField(help_text="read on within the last four weeks")
    chapters = TypedJSONField(tuple[ChapterCount, ...], default=tuple)

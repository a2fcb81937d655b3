"""Readers' notes (docs/reading.md)."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import models

from common.typed_json import TypedJSONField
from publishing.models import Edition, Work


class NoteKind(models.TextChoices):
    HIGHLIGHT = "highlight"  # with or without a body
    BOOKMARK = "bookmark"


class NoteColour(models.TextChoices):
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    PINK = "pink"
    PURPLE = "purple"


@dataclass(frozen=True, slots=True)
class Spot:
    """A range of an edition, each end a block and an offset. `edition` is a public id."""

    edition: str
    start: tuple[int, int]
    end: tuple[int, int]


@dataclass(frozen=True, slots=True)
class BodyVersion:
    """A body that a device wrote, after it had seen the bodies with the stamps in `bases`, the shown one first.

    One that was superseded stays without its text, so that it is known when it comes again.
    """

    stamp: str
    text: str = ""
    bases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Registers:
    """What decides between changes of several devices: the stamp of each field, and the bodies written apart."""

    colour: str = ""
    deleted: str = ""
    placed: str = ""
    bodies: tuple[BodyVersion, ...] = ()


class NoteQuerySet(models.QuerySet["Note"]):
    def live(self) -> NoteQuerySet:
        """Select the notes that are not deleted."""
        return self.filter(deleted_at=None)


class Note(models.Model):
    """A highlight, with or without a note, or a bookmark; private to its reader.

    The target as made (edition, range, words) never changes. `colour`, `body`, `other_body`, `placed` and `deleted_at`
    are the values that `registers` decided on; only the merge writes them.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reading_notes")
    uid = models.UUIDField(help_text="made by the device")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9, choices=NoteKind)
    made_at = models.DateTimeField(help_text="by the device's corrected clock")

    edition = models.ForeignKey(Edition, on_delete=models.RESTRICT, related_name="+")
    start_block = models.PositiveIntegerField()
    start_offset = models.PositiveIntegerField()
    end_block = models.PositiveIntegerField()
    end_offset = models.PositiveIntegerField()
    page = models.CharField(max_length=120, blank=True, help_text="in a book of pages, the page's id")
    exact = models.TextField(blank=True)
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    chapter = models.CharField(max_length=300, blank=True, help_text="its title")

    colour = models.CharField(max_length=6, choices=NoteColour, default=NoteColour.YELLOW)
    body = models.TextField(blank=True)
    other_body = models.TextField(blank=True, help_text="written apart from the body, and not yet settled")
    placed = TypedJSONField(Spot, null=True)
    deleted_at = models.DateTimeField(null=True, help_text="by our clock")
    registers = TypedJSONField(Registers, default=Registers)
    cursor = models.PositiveBigIntegerField(help_text="of the person's SyncState at its last change")
    changed_at = models.DateTimeField(help_text="by our clock")

    objects = NoteQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "uid"], name="note_once")]
        indexes = [
            models.Index(fields=["user", "cursor"], name="note_by_cursor"),
            models.Index(fields=["user", "work", "start_block", "start_offset"], name="note_by_place"),
            models.Index(fields=["deleted_at"], condition=models.Q(deleted_at__isnull=False), name="note_by_deletion"),
        ]

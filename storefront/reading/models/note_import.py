"""Files of notes that people import."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.db import models

from common.ids import PublicIdField
from common.typed_json import TypedJSONField
from publishing.models import Work
from storefront.reading.models.note import Spot


class ImportState(models.TextChoices):
    CHECKING = "checking"  # a worker looks for the places of the notes
    READY = "ready"
    DONE = "done"


class Verdict(StrEnum):
    """What becomes of a note in a file."""

    UNCHECKED = "unchecked"
    ADDED = "added"
    UNPLACED = "unplaced"  # added, but listed without a place
    PRESENT = "present"
    NO_BOOK = "no_book"  # of a book that the person does not have
    NOTHING = "nothing"  # neither words nor a place
    REFUSED = "refused"  # the person has as many notes as there can be


@dataclass(frozen=True, slots=True)
class FileNote:
    """A note as its file has it. `edition`, `start` and `end` are where the note will be made."""

    verdict: Verdict = Verdict.UNCHECKED
    uid: str = ""
    work: str = ""  # public id, "" for a book that is not known
    title: str = ""
    kind: str = ""
    colour: str = ""
    body: str = ""
    other_body: str = ""
    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    chapter: str = ""
    made_at: str = ""
    edition: str = ""
    start: tuple[int, int] = (0, 0)
    end: tuple[int, int] = (0, 0)
    page: str = ""
    placed: Spot | None = None


class NoteImport(models.Model):
    """A file of notes, from when it was uploaded until some days after it was imported."""

    public_id = PublicIdField("imp")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=200)
    work = models.ForeignKey(
        Work, on_delete=models.CASCADE, null=True, related_name="+", help_text="for notes of unknown books"
    )
    state = models.CharField(max_length=8, choices=ImportState, default=ImportState.CHECKING)
    notes = TypedJSONField(tuple[FileNote, ...], default=tuple)
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["asked_at"], name="note_import_by_age")]

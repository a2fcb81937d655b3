"""A bulk edit, and each work in it with its values before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from common.typed_json import TypedJSONField
from publishing.models import Work

# How long a bulk edit can be undone after it has ended, and how long it is kept.
UNDO_PERIOD = timedelta(hours=24)
KEPT_FOR = timedelta(days=30)

# The values of a work by field. A value is always a list of texts: see publishing.bulk.fields.
type Values = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Aim:
    """What is to become of one field: `how` is one of the ways in publishing.bulk.aims, the rest its details."""

    field: str
    how: str
    words: tuple[str, ...] = ()
    number: int = 0


class BulkState(models.TextChoices):
    CHOOSING = "choosing", _("Choosing what to change")
    CHECKING = "checking", _("Being checked")
    READY = "ready", _("Ready to apply")
    APPLYING = "applying", _("Being applied")
    APPLIED = "applied", _("Applied")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


class RowState(models.TextChoices):
    """What became of one work. While a step runs, rows in the state before it wait."""

    WAITING = "waiting", _("Waits to be checked")
    SAME = "same", _("Has these values already")
    READY = "ready", _("Will be changed")
    REFUSED = "refused", _("Cannot be changed")
    LEFT_OUT = "left_out", _("Left as it is, because it is on sale")
    CHANGED = "changed", _("Changed")
    OVERTAKEN = "overtaken", _("Changed by somebody meanwhile, so left as it is")
    UNDONE = "undone", _("Undone")
    NOT_UNDONE = "not_undone", _("Not undone")


# The rows that each step still has to go through.
ROWS_OF_STEP = {
    BulkState.CHECKING: RowState.WAITING,
    BulkState.APPLYING: RowState.READY,
    BulkState.UNDOING: RowState.CHANGED,
}


class BulkEditQuerySet(models.QuerySet["BulkEdit"]):
    def working(self) -> BulkEditQuerySet:
        return self.filter(state__in=[*ROWS_OF_STEP])


class BulkEdit(models.Model):
    """One bulk edit by one person."""

    public_id = PublicIdField("blk")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bulk_edits")
    state = models.CharField(max_length=8, choices=BulkState, default=BulkState.CHOOSING)
    aims = TypedJSONField(tuple[Aim, ...], default=tuple, blank=True, help_text="what is to change")
    with_on_sale = models.BooleanField(default=False, help_text="books on sale are changed, too")
    created_at = models.DateTimeField()
    moved_at = models.DateTimeField(help_text="when the last row was gone through")
    ended_at = models.DateTimeField(null=True, help_text="when the last work was changed; undo is possible for a day")

    objects: ClassVar[BulkEditQuerySet] = BulkEditQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["state", "moved_at"], name="bulk_edit_working")]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_working(self) -> bool:
        return self.state in ROWS_OF_STEP

    def can_be_undone(self, at: datetime) -> bool:
        return self.state == BulkState.APPLIED and self.ended_at is not None and at < self.ended_at + UNDO_PERIOD


class BulkRow(models.Model):
    """One work of a bulk edit. `reason` and `notes` are sentences in the language of who edits."""

    edit = models.ForeignKey(BulkEdit, on_delete=models.CASCADE, related_name="rows")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=RowState, default=RowState.WAITING)
    is_on_sale = models.BooleanField(default=False, help_text="when it was checked")
    before = TypedJSONField(dict[str, list[str]], default=dict, blank=True)
    after = TypedJSONField(dict[str, list[str]], default=dict, blank=True)
    reason = models.TextField(blank=True, default="", help_text="why it was not changed or undone")
    notes = TypedJSONField(list[str], default=list, blank=True, help_text="what to know before it is changed")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["edit", "work"], name="bulk_row_once")]
        indexes = [models.Index(fields=["edit", "state", "position"], name="bulk_row_state")]

    def __str__(self) -> str:
        return f"{self.edit_id} {self.work_id} {self.state}"

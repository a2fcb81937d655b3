"""Going through the works of a bulk edit: tried, changed or undone, each in a transaction of its own.

Row and work are locked and looked at again, so a step that runs twice at once changes nothing twice. One work that
fails is reported and the next one follows.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock, jobs
from common.errors import DomainError
from conversion.errors import TooManyOpenJobs
from publishing import permissions, selectors
from publishing.bulk import aims, fields
from publishing.bulk import selectors as bulk_selectors
from publishing.bulk.errors import Overtaken
from publishing.bulk.models import ROWS_OF_STEP, BulkEdit, BulkRow, BulkState, RowState, Values
from publishing.models import Work
from publishing.services import editions

logger = structlog.stdlib.get_logger(__name__)

_ROWS_A_TASK = 40
_STUCK_AFTER = timedelta(seconds=45)
_NEXT = {
    BulkState.CHECKING: BulkState.READY,
    BulkState.APPLYING: BulkState.APPLIED,
    BulkState.UNDOING: BulkState.UNDONE,
}


class _OnlyTried(Exception):
    """Rolls back what was tried."""


def go_on(*, edit_id: int) -> None:
    """Go through the next works of a bulk edit, and enqueue the rest. Safe to run twice."""
    edit = BulkEdit.objects.working().select_related("user").filter(pk=edit_id).first()
    if edit is None:
        return
    step = {BulkState.CHECKING: _check, BulkState.APPLYING: _apply, BulkState.UNDOING: _undo}[BulkState(edit.state)]
    waiting = edit.rows.filter(state=ROWS_OF_STEP[BulkState(edit.state)]).values_list("pk", flat=True)
    with translation.override(edit.user.language or settings.LANGUAGE_CODE):
        is_held_up = not all(_step(edit, row, step) for row in list(waiting[:_ROWS_A_TASK]))
    _move_on(edit, is_held_up=is_held_up)


def retry_stuck() -> None:
    """Enqueue the bulk edits whose last row was gone through a while ago."""
    stuck = BulkEdit.objects.working().filter(moved_at__lte=clock.now() - _STUCK_AFTER)
    for edit_id in stuck.values_list("pk", flat=True):
        jobs.enqueue("bulk.go_on", edit_id=edit_id)


def _move_on(edit: BulkEdit, *, is_held_up: bool) -> None:
    """End the step if no row is left, else have it go on: at once, or with the next sweep if it was held up."""
    with transaction.atomic():
        fresh = BulkEdit.objects.select_for_update().filter(pk=edit.pk, state=edit.state).first()
        if fresh is None:
            return  # deleted, or ended by another process
        at = fresh.moved_at = clock.now()
        if not fresh.rows.filter(state=ROWS_OF_STEP[BulkState(fresh.state)]).exists():
            if fresh.state == BulkState.APPLYING:
                fresh.ended_at = at
            fresh.state = _NEXT[BulkState(fresh.state)]
        elif not is_held_up:
            jobs.enqueue("bulk.go_on", edit_id=fresh.pk)
        fresh.save(update_fields=["state", "moved_at", "ended_at"])


def _step(edit: BulkEdit, row_id: int, step: Callable[[BulkEdit, BulkRow, datetime], None]) -> bool:
    """Take one row one step further; return whether the next one can follow."""
    try:
        with transaction.atomic():
            row = BulkRow.objects.select_for_update().select_related("work").filter(pk=row_id).first()
            if row is not None and row.state == ROWS_OF_STEP[BulkState(edit.state)]:
                step(edit, row, clock.now())
                row.save(update_fields=["state", "is_on_sale", "before", "after", "reason", "notes"])
    except TooManyOpenJobs:  # the row waits until some conversions of this person have ended
        return False
    except Exception:  # the next works follow all the same, and somebody is told of this one
        logger.exception("bulk.row_failed", row=row_id)
        failed = RowState.NOT_UNDONE if edit.state == BulkState.UNDOING else RowState.REFUSED
        reason = _("Something went wrong on our side. Nothing of this book was changed. Try it on its own page.")
        BulkRow.objects.filter(pk=row_id).update(state=failed, reason=reason)
    return True


def _check(edit: BulkEdit, row: BulkRow, at: datetime) -> None:
    """Note the values before and after, and try the change without keeping it."""
    work = row.work
    row.is_on_sale = selectors.published_of(work) is not None
    try:
        permissions.require_see(edit.user, work)
        row.before = {aim.field: fields.read(work, aim.field) for aim in edit.aims}
        row.after = dict(row.before)
        row.after = aims.applied(edit.aims, row.before, row.position)
        if row.after == row.before:
            row.state = RowState.SAME
            return
        row.notes = _tried(edit.user, work, row.before, row.after, at)
    except DomainError as problem:
        row.state, row.reason = RowState.REFUSED, problem.text
    else:
        row.state = RowState.READY


def _tried(user: User, work: Work, before: Values, after: Values, at: datetime) -> list[str]:
    """Write the values, see what follows, and take everything back. Raises what the services raise."""
    shown = selectors.published_of(work)
    was_stale = shown is not None and selectors.are_files_stale(shown)
    is_stale = False
    try:
        with transaction.atomic():
            fields.write(actor=user, work=work, values=_changed(before, after), at=at)
            now = selectors.published_of(work)
            is_stale = now is not None and not was_stale and selectors.are_files_stale(now)
            raise _OnlyTried
    except (_OnlyTried, TooManyOpenJobs):  # with too many conversions running it waits when it is applied
        return bulk_selectors.notes_on(work, before, after, is_stale=is_stale, at=at)


def _apply(edit: BulkEdit, row: BulkRow, at: datetime) -> None:
    work = editions.lock_work(row.work)
    if not edit.with_on_sale and selectors.published_of(work) is not None:
        row.state = RowState.LEFT_OUT
        return
    try:
        with transaction.atomic():
            for name, before in row.before.items():
                if fields.read(work, name) != before:
                    raise Overtaken(field=fields.label_of(name))
            fields.write(actor=edit.user, work=work, values=_changed(row.before, row.after), at=at)
    except Overtaken as problem:
        row.state, row.reason = RowState.OVERTAKEN, problem.text
    except TooManyOpenJobs:
        raise
    except DomainError as problem:
        row.state, row.reason = RowState.REFUSED, problem.text
    else:
        row.state = RowState.CHANGED


def _undo(edit: BulkEdit, row: BulkRow, at: datetime) -> None:
    """Restore each value that is still what the bulk edit made it; say which ones were left."""
    work = editions.lock_work(row.work)
    changed = _changed(row.before, row.after)
    mine = {name: row.before[name] for name, after in changed.items() if fields.read(work, name) == after}
    left = [fields.label_of(name) for name in changed if name not in mine]
    try:
        with transaction.atomic():
            fields.write(actor=edit.user, work=work, values=mine, at=at)
    except TooManyOpenJobs:
        raise
    except DomainError as problem:
        row.state, row.reason = RowState.NOT_UNDONE, problem.text
        return
    row.state = RowState.UNDONE if mine else RowState.NOT_UNDONE
    if left:
        row.reason = _("Left as it is, because it was changed again: %(fields)s.") % {"fields": ", ".join(left)}


def _changed(before: Values, after: Values) -> Values:
    return {name: value for name, value in after.items() if value != before[name]}

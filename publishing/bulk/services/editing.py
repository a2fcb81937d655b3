"""What a person does with a bulk edit: begin it, say what to change, apply it, undo it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common import jobs
from common.errors import NotFound
from publishing import selectors
from publishing.bulk.errors import NothingChosen, NothingToChange, StepNotPossible, TooManyChosen, UndoTooLate
from publishing.bulk.models import Aim, BulkEdit, BulkRow, BulkState, RowState
from publishing.models import Work

MAX_WORKS = 1000


@transaction.atomic
def begin(*, actor: User, works: Collection[Work], at: datetime) -> BulkEdit:
    """Begin a bulk edit of these works, in this order. Works that the actor may not see are left out.

    Raises NothingChosen, TooManyChosen.
    """
    visible = selectors.works_visible_to(actor).filter(pk__in=[one.pk for one in works])
    visible_ids = set(visible.values_list("pk", flat=True))
    chosen = [work for work in works if work.pk in visible_ids]
    if not chosen:
        raise NothingChosen
    if len(chosen) > MAX_WORKS:
        raise TooManyChosen(most=MAX_WORKS)
    edit = BulkEdit.objects.create(user=actor, created_at=at, moved_at=at)
    BulkRow.objects.bulk_create(BulkRow(edit=edit, work=work, position=place) for place, work in enumerate(chosen))
    return edit


@transaction.atomic
def check(*, actor: User, edit: BulkEdit, aims: Collection[Aim], at: datetime) -> BulkEdit:
    """Say what is to change; each work is then tried without changing it. Raises NothingToChange, StepNotPossible."""
    edit = _locked(actor, edit)
    if edit.state not in {BulkState.CHOOSING, BulkState.READY}:
        raise StepNotPossible
    if not aims:
        raise NothingToChange
    edit.aims = tuple(aims)
    edit.rows.update(state=RowState.WAITING, before={}, after={}, reason="", notes=[])
    _move(edit, BulkState.CHECKING, at)
    return edit


@transaction.atomic
def apply(*, actor: User, edit: BulkEdit, with_on_sale: bool, at: datetime) -> BulkEdit:
    """Apply what the table shows, work by work; books on sale only `with_on_sale`. Raises StepNotPossible."""
    edit = _locked(actor, edit)
    if edit.state != BulkState.READY:
        raise StepNotPossible
    edit.with_on_sale = with_on_sale
    if not with_on_sale:
        edit.rows.filter(state=RowState.READY, is_on_sale=True).update(state=RowState.LEFT_OUT)
    count = edit.rows.filter(state=RowState.READY).count()
    if not count:
        raise NothingToChange
    account_services.record_audit(actor=actor, verb="bulk_edit.applied", subject=edit, facts={"books": count})
    _move(edit, BulkState.APPLYING, at)
    return edit


@transaction.atomic
def undo(*, actor: User, edit: BulkEdit, at: datetime) -> BulkEdit:
    """Restore what was not changed again meanwhile. Raises StepNotPossible, UndoTooLate."""
    edit = _locked(actor, edit)
    if edit.state != BulkState.APPLIED:
        raise StepNotPossible
    if not edit.can_be_undone(at):
        raise UndoTooLate
    count = edit.rows.filter(state=RowState.CHANGED).count()
    account_services.record_audit(actor=actor, verb="bulk_edit.undone", subject=edit, facts={"books": count})
    _move(edit, BulkState.UNDOING, at)
    return edit


def _locked(actor: User, edit: BulkEdit) -> BulkEdit:
    """Return the bulk edit, locked: two tabs go on one after the other. Raises NotFound."""
    found = BulkEdit.objects.select_for_update().filter(pk=edit.pk, user=actor).first()
    if found is None:
        raise NotFound
    return found


def _move(edit: BulkEdit, state: BulkState, at: datetime) -> None:
    edit.state, edit.moved_at = state, at
    edit.save(update_fields=["aims", "with_on_sale", "state", "moved_at"])
    jobs.enqueue("bulk.go_on", edit_id=edit.pk)

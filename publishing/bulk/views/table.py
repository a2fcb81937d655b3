"""The table of a bulk edit: before and after, then what became of each book; apply and undo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError
from common.limits import limited
from publishing.bulk import selectors
from publishing.bulk.models import ROWS_OF_STEP, UNDO_PERIOD, BulkEdit, BulkState, RowState
from publishing.bulk.services import editing
from publishing.bulk.views.steps import go_on

_PAGE_LENGTH = 50


@dataclass(frozen=True, slots=True)
class StateTab:
    """A link to the books in one state."""

    label: str | Promise
    count: int
    href: str
    is_here: bool


@login_required
@never_cache
@require_safe
def table(request: PersonRequest, edit_id: str) -> HttpResponse:
    """Show the table; while a step runs, how far it is."""
    edit = selectors.edit_of(request.user, edit_id)
    if edit.state == BulkState.CHOOSING:
        return redirect("bulk:change", edit_id)
    state = request.GET.get("state", "")
    rows = selectors.rows_of(edit, state=state if state in RowState.values else "")
    page = Paginator(rows, _PAGE_LENGTH).get_page(request.GET.get("page"))
    context = _progress(edit) | {
        "page": page,
        "rows": selectors.table(list(page)),
        "state": state,
        "tabs": _tabs(edit, state),
        "can_be_undone": edit.can_be_undone(clock.now()),
        "undo_until": edit.ended_at + UNDO_PERIOD if edit.ended_at else None,
        "to_confirm": selectors.on_sale_to_confirm(edit) if edit.state == BulkState.READY else 0,
    }
    return render(request, "publishing/bulk/table.html", context)


@login_required
@require_POST
@limited("bulk")
def apply(request: PersonRequest, edit_id: str) -> HttpResponse:
    edit = selectors.edit_of(request.user, edit_id)
    try:
        with_on_sale = "with_on_sale" in request.POST
        edit = editing.apply(actor=request.user, edit=edit, with_on_sale=with_on_sale, at=clock.now())
    except DomainError as error:
        messages.error(request, error.text)
    else:
        go_on(edit)
    return redirect("bulk:table", edit_id)


@login_required
@require_POST
@limited("bulk")
def undo(request: PersonRequest, edit_id: str) -> HttpResponse:
    edit = selectors.edit_of(request.user, edit_id)
    try:
        edit = editing.undo(actor=request.user, edit=edit, at=clock.now())
    except DomainError as error:
        messages.error(request, error.text)
    else:
        go_on(edit)
    return redirect("bulk:table", edit_id)


def _progress(edit: BulkEdit) -> dict[str, Any]:
    counts = selectors.counts_of(edit)
    total = sum(counts.values())
    waiting = counts.get(ROWS_OF_STEP[BulkState(edit.state)], 0) if edit.is_working else 0
    return {
        "edit": edit,
        "counts": counts,
        "total": total,
        "done": total - waiting,
        "to_change": counts.get(RowState.READY, 0),
        "changed": counts.get(RowState.CHANGED, 0),
    }


def _tabs(edit: BulkEdit, here: str) -> list[StateTab]:
    counts = selectors.counts_of(edit)
    return [
        StateTab(RowState(state).label, counts[state], f"?state={state}", state == here)
        for state in RowState.values
        if counts.get(state)
    ]

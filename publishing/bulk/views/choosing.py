"""Choosing the books of a bulk edit, and then what to change in them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError
from common.limits import limited
from publishing.bulk import selectors
from publishing.bulk.forms import PARTS, BulkForm, FilterForm
from publishing.bulk.models import BulkState
from publishing.bulk.services import editing
from publishing.bulk.views.steps import go_on
from publishing.models import Work

_PAGE_LENGTH = 100


@login_required
@never_cache
@limited("bulk")
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: PersonRequest) -> HttpResponse:
    """List the books with a box for each. `act=all` takes all that the filter shows, over all pages."""
    series = [(one.public_id, one.title) for one in selectors.series_to_choose(request.user)]
    asked = request.POST if request.method == "POST" else request.GET
    form = FilterForm(asked, series=series)
    works = selectors.works_to_choose(request.user, **form.filters)
    problem = ""
    if request.method == "POST":
        try:
            edit = editing.begin(actor=request.user, works=_chosen(request, works), at=clock.now())
        except DomainError as error:
            problem = error.text
        else:
            return redirect("bulk:change", edit.public_id)
    page = Paginator(works, _PAGE_LENGTH).get_page(asked.get("page"))
    context = {
        "form": form,
        "page": page,
        "filters": {name: asked[name] for name in ("q", "series", "state") if asked.get(name)},
        "ticked": set(request.POST.getlist("work")),
        "problem": problem,
        "edits": selectors.edits_of(request.user)[:10],
        "now": clock.now(),
    }
    return render(request, "publishing/bulk/choose.html", context, status=422 if problem else 200)


def _chosen(request: PersonRequest, works: QuerySet[Work]) -> list[Work]:
    """Return the books that were ticked, or all that the filter shows, in the order of the list."""
    if request.POST.get("act") == "all":
        return list(works[: editing.MAX_WORKS + 1])
    ticked = request.POST.getlist("work")[: editing.MAX_WORKS + 1]
    return list(selectors.works_to_choose(request.user).filter(public_id__in=ticked))


@login_required
@never_cache
@limited("bulk")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: PersonRequest, edit_id: str) -> HttpResponse:
    """Ask what to change. The books are then tried, and the table shows what would become of each."""
    edit = selectors.edit_of(request.user, edit_id)
    if edit.state not in {BulkState.CHOOSING, BulkState.READY}:
        return redirect("bulk:table", edit_id)
    form = BulkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            edit = editing.check(actor=request.user, edit=edit, aims=form.aims, at=clock.now())
        except DomainError as error:
            form.add_error(None, error.text)
        else:
            go_on(edit)
            return redirect("bulk:table", edit_id)
    rows = selectors.rows_of(edit)
    context = {
        "edit": edit,
        "form": form,
        "parts": [_part(form, label, names) for label, names in PARTS],
        "count": rows.count(),
        "first": selectors.table(list(rows[:5])),
    }
    return render(request, "publishing/bulk/change.html", context, status=422 if form.errors else 200)


def _part(form: BulkForm, label: object, names: tuple[str, ...]) -> dict[str, object]:
    """Return a part of the form; it is open where something was entered or refused."""
    bound = [form[name] for name in names]
    is_open = any(one.errors or (form.is_bound and one.data not in (None, "", [], False)) for one in bound)
    return {"label": label, "fields": bound, "is_open": is_open}

"""The page of one book in the library, and what is decided there."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import PersonRequest
from common import clock
from common.errors import NotFound
from common.limits import limited
from storefront.shelf.forms import CollectionForm, FinishedForm, StatusForm
from storefront.shelf.models import ReadingStatus
from storefront.shelf.selectors.book_page import book_page
from storefront.shelf.services import choices


@login_required
@never_cache
@require_safe
def book(request: PersonRequest, work_id: str) -> HttpResponse:
    """Show a book: its status, files, notes, and what changed in it."""
    return _page(request, work_id)


@login_required
@never_cache
@require_POST
@limited("mark")
def status(request: PersonRequest, work_id: str) -> HttpResponse:
    """Set the status by one press."""
    form = StatusForm(request.POST)
    if not form.is_valid():
        raise NotFound
    choices.set_status(actor=request.user, work_id=work_id, status=form.chosen, at=clock.now())
    return redirect("library:book", work_id)


@login_required
@never_cache
@require_POST
@limited("mark")
def finished(request: PersonRequest, work_id: str) -> HttpResponse:
    """Note the day on which the book was finished."""
    form = FinishedForm(request.POST)
    if not form.is_valid():
        return _page(request, work_id, form)
    choices.set_finished_day(actor=request.user, work_id=work_id, day=form.cleaned_data["day"], at=clock.now())
    return redirect("library:book", work_id)


@login_required
@never_cache
@require_POST
@limited("mark")
def hidden(request: PersonRequest, work_id: str) -> HttpResponse:
    """Take the book off the shelf, or put it back."""
    is_hidden = request.POST.get("hide") == "on"
    choices.set_hidden(actor=request.user, work_id=work_id, is_hidden=is_hidden, at=clock.now())
    return redirect("library:book", work_id)


def _page(request: PersonRequest, work_id: str, form: FinishedForm | None = None) -> HttpResponse:
    page = book_page(request.user, work_id)
    context = {
        "page": page,
        "statuses": ReadingStatus.choices,
        "collection_form": CollectionForm(),
        "form": form or FinishedForm(initial={"day": page.book.finished_on}),
    }
    return render(request, "shelf/book.html", context, status=422 if form is not None else 200)

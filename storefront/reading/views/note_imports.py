"""Pages on which a person imports notes: the file, what it would add, and what it has added."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import VisitorRequest
from common import clock, limits
from common.body_limits import accepts_files
from common.errors import DomainError
from storefront.checkout.guests.views.current_readers import for_holders, holders_of
from storefront.reading.forms import ImportForm
from storefront.reading.selectors import note_books, note_imports
from storefront.reading.services import note_imports as import_services

_MAX_BYTES = 5 * 1024 * 1024


def _judge(request: VisitorRequest) -> HttpResponseBase | None:
    """Let only people with books upload a file."""
    return None if holders_of(request) else redirect("reading:import-notes")


@never_cache
@accepts_files(lambda: _MAX_BYTES, _judge, action="note_import")
@require_http_methods(["GET", "HEAD", "POST"])
@for_holders
def import_notes(request: VisitorRequest, holders: list[User]) -> HttpResponse:
    """Take a file of notes."""
    books = note_books.known_books(holders[0]).by_id.values()
    if request.method != "POST":
        return _import_page(request, ImportForm(books=books))
    if not limits.was_counted(request, "note_import"):
        limits.consume(request, "note_import")
    form = ImportForm(request.POST, request.FILES, books=books)
    if not form.is_valid():
        return _import_page(request, form)
    file = form.cleaned_data["file"]
    if file.size > _MAX_BYTES:
        form.add_error("file", _("This file is larger than 5 MB. Divide it into several files."))
        return _import_page(request, form)
    try:
        made = import_services.start(
            actor=holders[0], name=file.name, content=file.read(), work=form.chosen_work, at=clock.now()
        )
    except DomainError as error:
        form.add_error("file", error.text)
        return _import_page(request, form)
    return redirect("reading:note-import", made.public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_holders
def note_import(request: VisitorRequest, holders: list[User], import_id: str) -> HttpResponse:
    """Show what a file would add or has added; add it, or forget the file."""
    row = note_imports.import_of(holders, import_id)
    if request.method == "POST" and "discard" in request.POST:
        import_services.discard(actor=row.user, row=row)
        return redirect("reading:import-notes")
    if request.method == "POST":
        import_services.finish(actor=row.user, row=row, at=clock.now())
        return redirect("reading:note-import", import_id)
    context = {"page": note_imports.import_page(row), "crumbs": _crumbs()}
    return render(request, "reading/note_import.html", context)


def _import_page(request: HttpRequest, form: ImportForm) -> HttpResponse:
    context = {"form": form, "crumbs": _crumbs()[:1]}
    return render(request, "reading/notes_import.html", context, status=422 if form.is_bound else 200)


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Your notes"), reverse("reading:notes")), (_("Import"), reverse("reading:import-notes"))]

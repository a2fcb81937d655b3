"""Pages of a person's notes: all of them, those of a book, one to change or to place, and files to take away."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.requests import VisitorRequest
from common import clock, limits
from common.paging import page_of_list
from storefront.checkout.guests.views.current_readers import for_holders
from storefront.reading.forms import COLOURS, NoteForm
from storefront.reading.models import Note
from storefront.reading.selectors import note_lists, note_pages
from storefront.reading.selectors.note_lists import NoteFilter
from storefront.reading.services import edition_maps, note_edits, note_files
from storefront.reading.services.note_files import NoteFormat

_MAX_QUERY = 200
_FORMATS = (
    (NoteFormat.MARKDOWN.value, gettext_lazy("Markdown"), gettext_lazy("to read, and for note apps")),
    (NoteFormat.READWISE.value, gettext_lazy("CSV"), gettext_lazy("for Readwise and spreadsheets")),
    (NoteFormat.ANNOTATIONS.value, gettext_lazy("Web annotations"), gettext_lazy("for Thorium and other readers")),
    (NoteFormat.OCTAVO.value, gettext_lazy("JSON"), gettext_lazy("everything, to import it here again")),
)


@never_cache
@require_safe
@for_holders
def notes(request: VisitorRequest, holders: list[User]) -> HttpResponse:
    """Show the books with notes, and the notes of all of them, newest first, searched and filtered."""
    wanted = NoteFilter(
        query=request.GET.get("q", "")[:_MAX_QUERY].strip(),
        work=request.GET.get("book", "")[:40],
        colour=request.GET.get("colour", ""),
        kind=request.GET.get("kind", ""),
    )
    found = note_lists.find_notes(holders, wanted)
    page = page_of_list(request, found)
    context = {
        "books": note_lists.noted_books(holders),
        "notes": note_lists.shown_notes(holders, page.rows),
        "page": page,
        "wanted": wanted,
        "total": len(found),
        "colours": COLOURS,
        "formats": _FORMATS,
        "removed": _removed(request, holders),
    }
    return render(request, "reading/notes.html", context)


@never_cache
@require_safe
@for_holders
def book_notes(request: VisitorRequest, holders: list[User], work_id: str) -> HttpResponse:
    """Show the notes of one book by chapter, with those that have no place in the edition that is read now."""
    found = note_lists.book_of_notes(holders, work_id)
    if found.missing_maps:
        edition_maps.ask(found.missing_maps, found.edition.pk, at=clock.now())
    context = {
        "found": found,
        "crumbs": [(_("Your notes"), reverse("reading:notes"))],
        "formats": _FORMATS,
        "removed": _removed(request, holders),
    }
    return render(request, "reading/notes_book.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_holders
def note(request: VisitorRequest, holders: list[User], work_id: str, uid: UUID) -> HttpResponse:
    """Show one note, to change its colour and text, to delete it, or to choose its place."""
    kept = note_lists.note_of(holders, work_id, uid)
    form = NoteForm(request.POST) if request.method == "POST" else NoteForm.of(kept)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        colour = given["colour"] or kept.colour
        note_edits.edit(note=kept, colour=colour, body=given["body"], seen=given["seen"], at=clock.now())
        messages.success(request, _("Your note has been saved."))
        return redirect(_address_in_book(kept))
    page = note_pages.note_page(holders, kept, words=request.GET.get("words", "")[:_MAX_QUERY])
    if page.missing_maps:
        edition_maps.ask(page.missing_maps, page.edition.pk, at=clock.now())
    context = {"page": page, "form": form, "colours": COLOURS, "crumbs": _crumbs(kept)}
    return render(request, "reading/note.html", context, status=200 if form.is_valid() or not form.is_bound else 422)


@never_cache
@require_POST
@for_holders
def remove(request: VisitorRequest, holders: list[User], work_id: str, uid: UUID) -> HttpResponse:
    """Delete a note; the next page offers to undo that."""
    kept = note_lists.note_of(holders, work_id, uid)
    note_edits.remove(note=kept, at=clock.now())
    return redirect(f"{_list_address(request, holders, work_id)}?removed={uid}")


@never_cache
@require_POST
@for_holders
def restore(request: VisitorRequest, holders: list[User], work_id: str, uid: UUID) -> HttpResponse:
    """Bring a deleted note back."""
    kept = note_lists.note_of(holders, work_id, uid, is_deleted=True)
    note_edits.restore(note=kept, at=clock.now())
    return redirect(_list_address(request, holders, work_id))


@never_cache
@require_POST
@for_holders
def place(request: VisitorRequest, holders: list[User], work_id: str, uid: UUID) -> HttpResponse:
    """Put a note at the place that was chosen."""
    kept = note_lists.note_of(holders, work_id, uid)
    chosen = note_pages.chosen_place(kept, request.POST.get("place", ""))
    if chosen is None:
        messages.warning(request, _("Choose one of the places first."))
        return redirect(f"{reverse('reading:note', args=[work_id, uid])}#place")
    note_edits.place(note=kept, spot=chosen, at=clock.now())
    messages.success(request, _("Your note is in its place."))
    return redirect(_address_in_book(kept))


@never_cache
@require_safe
@for_holders
def export(request: VisitorRequest, holders: list[User], kind: str, work_id: str = "") -> HttpResponse:
    """Return the notes of one book, or of all, as a file."""
    if kind not in NoteFormat:
        raise Http404
    limits.consume(request, "note_export")
    file = note_files.make(holders=holders, kind=NoteFormat(kind), at=clock.now(), work_id=work_id)
    disposition = content_disposition_header(as_attachment=True, filename=file.name)
    return HttpResponse(file.content, content_type=file.media_type, headers={"Content-Disposition": disposition})


def _removed(request: VisitorRequest, holders: list[User]) -> Note | None:
    """Return the note that was just deleted and can be restored."""
    try:
        uid = UUID(request.GET.get("removed", ""))
    except ValueError:
        return None
    return Note.objects.filter(user__in=holders, uid=uid, deleted_at__isnull=False).select_related("work").first()


def _list_address(request: HttpRequest, holders: list[User], work_id: str) -> str:
    """Return the page that a note was deleted or restored on; that of a book without notes is gone."""
    has_notes = note_lists.notes_of(holders).filter(work__public_id=work_id).exists()
    if request.POST.get("to") == "book" and has_notes:
        return reverse("reading:book-notes", args=[work_id])
    return reverse("reading:notes")


def _address_in_book(kept: Note) -> str:
    return f"{reverse('reading:book-notes', args=[kept.work.public_id])}#note-{kept.uid}"


def _crumbs(kept: Note) -> list[tuple[str, str]]:
    book = reverse("reading:book-notes", args=[kept.work.public_id])
    return [(_("Your notes"), reverse("reading:notes")), (kept.work.title, book)]

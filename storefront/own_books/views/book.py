"""One own book: being made ready, or why it could not be; removing it; its cover."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import PersonRequest
from common import clock, storage
from common.errors import NotFound
from common.limits import limited
from storefront.own_books import permissions, rules
from storefront.own_books.forms import RemoveForm
from storefront.own_books.selectors import pages
from storefront.own_books.services import removal, uploads


@login_required
@never_cache
@require_safe
def book(request: PersonRequest, work_id: str) -> HttpResponse:
    """Show what becomes of a file that was added; the page asks again until the book is ready, without a script."""
    found = permissions.require_own(request.user, work_id)
    if found.is_ready:
        return redirect("library:book", work_id)
    context = {"book": found, "failure": pages.failure_text(found.edition.job), "notes": pages.note_count(found)}
    response = render(request, "own_books/book.html", context)
    if found.is_making:
        response["Refresh"] = str(rules.ASK_AGAIN_SECONDS)
    return response


@login_required
@never_cache
@require_POST
@limited("own_book")
def retry(request: PersonRequest, work_id: str) -> HttpResponse:
    """Make the book ready again."""
    uploads.retry(actor=request.user, work_id=work_id, at=clock.now())
    return redirect("own_books:own-book", work_id)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: PersonRequest, work_id: str) -> HttpResponse:
    """Say what goes, ask about the notes, and remove the book."""
    found = permissions.require_own(request.user, work_id)
    notes = pages.note_count(found)
    form = RemoveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and (form.is_valid() or not notes):
        keeps_notes = form.cleaned_data.get("notes") == "keep"
        title = found.work.title
        removal.remove(actor=request.user, work_id=work_id, keeps_notes=keeps_notes, at=clock.now())
        messages.success(request, _("“%(title)s” has been removed, and its file deleted.") % {"title": title})
        return redirect("own_books:own-books")
    context = {"book": found, "notes": notes, "form": form}
    return render(request, "own_books/remove.html", context, status=422 if notes and form.errors else 200)


@login_required
@cache_control(private=True, max_age=86400)
@require_safe
def cover(request: PersonRequest, work_id: str) -> HttpResponseBase:
    """Return the cover in the file, small and drawn anew; covers of the shop's books are public files, this is not."""
    artifact = pages.cover_of(permissions.require_own(request.user, work_id))
    if artifact is None:
        raise NotFound
    return FileResponse(storage.private().open(artifact.file, "rb"), content_type=artifact.media_type)

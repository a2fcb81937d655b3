"""The proof: progress of the conversion, its files and findings, and a preview of the chapters."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import PersonRequest, VisitorRequest
from common import clock
from common.limits import limited
from conversion import selectors as conversion_selectors
from conversion.errors import ChapterNotFound
from publishing import permissions
from publishing import services as publishing_services
from publishing.views.job_page import chapter_markup, job_context, version_of
from publishing.views.loading import load_edition
from publishing.views.steps import page_context, proof_context


@never_cache
@require_GET
def proof(request: VisitorRequest, public_id: str) -> HttpResponse:
    """Show the whole page. It can be left at any time; coming back shows the current state."""
    edition = load_edition(request, public_id, permissions.require_see)
    context = proof_context(request.user, edition, "work-proof") | job_context(edition)
    return render(request, "publishing/proof.html", context)


@never_cache
@require_GET
def status(request: VisitorRequest, public_id: str) -> HttpResponse:
    """Return the part of the page that changes while files are made; 204 if the client has the newest version."""
    edition = load_edition(request, public_id, permissions.require_see)
    if request.GET.get("seen") == version_of(edition.job):
        return HttpResponse(status=204)
    context = page_context(request.user, edition, "work-proof") | job_context(edition)
    return render(request, "publishing/proof.html#job", context | {"is_partial": True})


@login_required
@require_POST
@limited("make")
def rebuild(request: PersonRequest, public_id: str) -> HttpResponse:
    """Make the files again after a failure or with new details; with `missing` only the PDFs that did not follow.

    `repair` in the form opens a damaged manuscript.
    """
    edition = load_edition(request, public_id, permissions.require_edit)
    if "missing" in request.POST:
        publishing_services.make_missing_files(actor=request.user, edition=edition)
        messages.success(request, _("We are making the PDFs again."))
        return redirect("work-proof", public_id)
    repair = "repair" in request.POST
    publishing_services.rebuild_edition(actor=request.user, work=edition.work, at=clock.now(), repair=repair)
    messages.success(request, _("We are making the files again."))
    return redirect("work-proof", public_id)


@login_required
@require_POST
def cancel(request: PersonRequest, public_id: str) -> HttpResponse:
    """Stop making the files."""
    edition = load_edition(request, public_id, permissions.require_edit)
    publishing_services.cancel_conversion(actor=request.user, edition=edition)
    messages.success(request, _("Conversion stopped. We have kept your manuscript."))
    return redirect("work-proof", public_id)


@never_cache
@require_GET
def preview(request: VisitorRequest, public_id: str, chapter_id: str = "") -> HttpResponse:
    """Show one chapter as readers will see it on a screen."""
    edition = load_edition(request, public_id, permissions.require_read_text)
    book = conversion_selectors.web_book(edition.job)
    if book is None or book.opening is None:
        raise ChapterNotFound
    chapter = book.chapter(chapter_id) if chapter_id else book.opening
    position = book.chapters.index(chapter)
    context = page_context(request.user, edition, "work-proof") | {
        "book": book,
        "chapter": chapter,
        "body": chapter_markup(edition, book, chapter.id),
        "before": book.chapters[position - 1] if position else None,
        "after": book.chapters[position + 1] if position + 1 < len(book.chapters) else None,
        "is_maker": permissions.may_see(request.user, edition.work),
        "may_edit_text": permissions.may_edit_text(request.user, edition.work),
    }
    return render(request, "publishing/preview.html", context)

"""The chapters of a book as plain pages, without scripts, rebuilt from a fixed set of elements."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import VisitorRequest
from storefront.catalogue.selectors import web_book_archive
from storefront.catalogue.selectors.chapters import chapter_markup
from storefront.reading.selectors.books import Reading
from storefront.reading.views.access import elsewhere, files_root, full_book, sample_or_404
from storefront.reading.views.reading_log import note_opened


@never_cache
@require_safe
def chapter(request: VisitorRequest, slug: str, chapter_id: str) -> HttpResponse:
    """Show one chapter as a plain page. No script reports how far it was read, so opening it counts as progress."""
    found = full_book(request, slug)
    if found is None:
        return elsewhere(request, slug)
    reading, reader = found
    page = _chapter_page(request, reading, chapter_id)
    note_opened(request, reading, reader, chapter_id)
    return page


@require_safe
def sample_chapter(request: HttpRequest, slug: str, chapter_id: str) -> HttpResponse:
    """Show one chapter of the sample as a plain page."""
    return _chapter_page(request, sample_or_404(slug), chapter_id)


def _chapter_page(request: HttpRequest, reading: Reading, chapter_id: str) -> HttpResponse:
    book = reading.book
    index = book.index_of(chapter_id)
    if index is None:
        raise Http404
    root = reverse("reading:sample" if reading.is_sample else "reading:read", args=[reading.work.slug])
    text = chapter_markup(
        web_book_archive.chapter_file(book, chapter_id),
        link=lambda href: _chapter_address(root, href),
        asset=lambda name: f"{files_root(reading, root)}assets/{name}",
    )
    facts = {
        "reading": reading,
        "book": book,
        "root": root,
        "chapter": book.chapters[index],
        "text": mark_safe(text),
        "previous": book.chapters[index - 1] if index else None,
        "next": book.chapters[index + 1] if index + 1 < len(book.chapters) else None,
    }
    return render(request, "reading/chapter.html", facts)


def _chapter_address(root: str, href: str) -> str:
    """Return the plain page's URL for a link to a chapter: chapters/c2.xhtml, or c2.xhtml from another chapter."""
    return f"{root}{href.rpartition('/')[2].removesuffix('.xhtml')}/"

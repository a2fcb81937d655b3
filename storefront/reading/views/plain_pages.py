"""A book as plain pages, without scripts: its contents, and each chapter rebuilt from a fixed set of elements.

Every block has its number as its id, so that a place in the book is an address: `#b-212`.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.requests import VisitorRequest
from common import clock
from common.client_ip import client_address
from publishing.selectors import BOOK_PREFIX
from storefront.catalogue.selectors import block_numbers, web_book_archive
from storefront.catalogue.selectors.chapters import chapter as rebuilt
from storefront.catalogue.selectors.web_book_archive import TocLine
from storefront.checkout import permissions
from storefront.reading import hooks
from storefront.reading.selectors import plain_places
from storefront.reading.selectors.books import Reading
from storefront.reading.selectors.chapter_notes import notes_in
from storefront.reading.services import plain_places as place_services
from storefront.reading.views.access import elsewhere, files_root, full_book, own_book, reader_url, sample_or_404
from storefront.reading.views.place_buttons import FORM, add_place_buttons
from storefront.reading.views.plain_look import SIZES, THEMES, PlainLook, look_of
from storefront.reading.views.reading_log import note_opened

_MAX_BLOCK_DIGITS = 9


@never_cache
@require_safe
def contents(request: VisitorRequest, slug: str) -> HttpResponse:
    """Show the table of contents of the plain pages, and where the reader stopped."""
    found = full_book(request, slug)
    if found is None:
        return elsewhere(request, slug)
    return render(request, "reading/plain_contents.html", _context(request, *found))


@require_safe
def sample_contents(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the table of contents of the sample's plain pages."""
    return render(request, "reading/plain_contents.html", _context(request, sample_or_404(slug), None))


@never_cache
@require_safe
def chapter(request: VisitorRequest, slug: str, chapter_id: str) -> HttpResponse:
    """Show one chapter as a plain page. No script reports how far it was read, so opening it counts as progress."""
    found = full_book(request, slug)
    if found is None:
        return elsewhere(request, slug)
    reading, reader = found
    page = _chapter_page(request, reading, reader, chapter_id)
    note_opened(request, reading, reader, chapter_id)
    return page


@require_safe
def sample_chapter(request: HttpRequest, slug: str, chapter_id: str) -> HttpResponse:
    """Show one chapter of the sample as a plain page."""
    return _chapter_page(request, sample_or_404(slug), None, chapter_id)


@never_cache
@require_POST
def remember(request: VisitorRequest, slug: str) -> HttpResponse:
    """Save the place that a button between two blocks, or at the end of a chapter, stands for."""
    found = own_book(request, slug)
    if found is None:
        raise Http404
    reading, reader = found
    number = request.POST.get("block", "")
    place = None
    if number.isascii() and number.isdecimal() and len(number) <= _MAX_BLOCK_DIGITS:
        place = plain_places.place_at(reading, int(number))
    if place is None:
        raise Http404
    address = client_address(request)
    place_services.remember(actor=reader, reading=reading, place=place, address=address, at=clock.now())
    return redirect(f"{reader_url('chapter', slug, place.chapter_id)}#b-{place.block}")


def _chapter_page(request: HttpRequest, reading: Reading, reader: User | None, chapter_id: str) -> HttpResponse:
    book = reading.book
    index = book.index_of(chapter_id)
    if index is None:
        raise Http404
    context = _context(request, reading, reader)
    numbers = block_numbers.numbers_of(book, index, is_sample=reading.is_sample)
    marks, notes = notes_in(reader, reading, numbers) if reader is not None and context["may_save"] else ([], [])
    page = rebuilt(
        web_book_archive.chapter_file(book, chapter_id),
        link=lambda href: _chapter_address(context["root"], href, context["look"]),
        asset=lambda name: f"{files_root(reading, context['root'])}assets/{name}",
        numbers=numbers,
        marks=marks,
    )
    last = context["last_place"]
    if context["may_save"]:
        add_place_buttons(page, saved=last.block if last else None)
    context |= {
        "chapter": book.chapters[index],
        "text": mark_safe(page.markup()),
        "has_heading": page.root.find(".//h1") is not None,
        "own_notes": notes,
        "end_block": max(page.blocks, default=None),
        "previous": book.chapters[index - 1] if index else None,
        "next": book.chapters[index + 1] if index + 1 < len(book.chapters) else None,
    }
    if reader is not None and context["next"] is None and hooks.asks_to_count(reader, reading.work):
        context["asks_to_count"] = True
        hooks.note_asked(reader)
    return render(request, "reading/chapter.html", context)


def _context(request: HttpRequest, reading: Reading, reader: User | None) -> dict[str, Any]:
    """Return what all plain pages of a book show."""
    root = reader_url("sample" if reading.is_sample else "read", reading.work.slug)
    look = look_of(request, is_sample=reading.is_sample)
    may_save = reader is not None and permissions.may_read(reader, reading.work)
    return {
        "reading": reading,
        "book": reading.book,
        "root": root,
        "look": look,
        "themes": THEMES.items(),
        "sizes": SIZES,
        "toc": [_toc(line, root, look) for line in reading.book.toc],
        "may_save": may_save,
        "place_form": FORM,
        "last_place": plain_places.last_place(reader, reading) if reader is not None and may_save else None,
    }


def _chapter_address(root: str, href: str, look: PlainLook) -> str:
    """Return the plain page's URL for a link to a chapter: chapters/c2.xhtml, or c2.xhtml from another chapter."""
    return f"{root}{href.rpartition('/')[2].removesuffix('.xhtml')}/{look.query}"


def _toc(line: TocLine, root: str, look: PlainLook) -> dict[str, Any]:
    """Return a line of the contents; links into a chapter lead to the book's own ids there."""
    path, _, fragment = line.href.partition("#")
    anchor = f"#{BOOK_PREFIX}{fragment}" if fragment else ""
    address = _chapter_address(root, path, look) + anchor
    return {"title": line.title, "href": address, "children": [_toc(child, root, look) for child in line.children]}

"""The page of the web reader.

Scripts in books never run: inside the reader a chapter becomes a blob, which inherits the page's `script-src 'self'`.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.csp import CSP
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.requests import VisitorRequest
from storefront.catalogue.selectors import web_book_archive
from storefront.checkout import permissions
from storefront.checkout.entitlements.selectors import entitlements as entitlement_selectors
from storefront.reading import hooks
from storefront.reading.dictionaries.lookup import dictionaries_for
from storefront.reading.models import LastPlace
from storefront.reading.selectors import books as reading_selectors
from storefront.reading.selectors import text_sizes
from storefront.reading.selectors.books import Reading
from storefront.reading.selectors.chapter_places import Place
from storefront.reading.views.access import elsewhere, files_root, full_book, sample_or_404

# The paginator sets styles on its own elements and on the chapters; scripts are only loaded from our own files. WebKit
# applies this page's frame-ancestors to the chapters' frames, which are blobs: with 'none', no chapter opens there.
_READER_CSP: dict[str, Any] = {
    **settings.SECURE_CSP,
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "frame-src": ["blob:"],
    "frame-ancestors": [CSP.SELF],
}


@csp_override(_READER_CSP)
@never_cache
@require_safe
def read(request: VisitorRequest, slug: str) -> HttpResponse:
    """Show the whole book to those who may read it; send everybody else who is logged in to the sample."""
    found = full_book(request, slug)
    if found is None:
        return elsewhere(request, slug)
    reading, reader = found
    position = reading_selectors.position_of(reader, reading.work)
    facts = _reader_facts(reading, position, reader)
    facts["may_review"] = hooks.may_open_review(reader, reading.work)
    if not permissions.may_read(reader, reading.work):  # staff, whose position is not saved
        facts["home"] = reverse("pages:book", args=[slug])
        facts["settings"] |= {"save": "", "sync": ""}
    if reader.is_guest:
        bought_by = entitlement_selectors.order_that_bought(reader, reading.work)
        facts |= {"home": reverse("pages:order", args=[bought_by]), "is_guest": True}
    return render(request, _template(reading), facts)


@csp_override(_READER_CSP)
@require_safe
def sample(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the sample, to anybody."""
    reading = sample_or_404(slug)
    return render(request, _template(reading), _reader_facts(reading, None, None))


def _template(reading: Reading) -> str:
    return "reading/reader_pages.html" if reading.book.is_pages else "reading/reader.html"


def _reader_facts(reading: Reading, position: LastPlace | None, reader: User | None) -> dict[str, Any]:
    """Return the context of the page and its script. It includes every URL; the browser builds none itself."""
    book, slug = reading.book, reading.work.slug
    root = reverse("reading:sample" if reading.is_sample else "reading:read", args=[slug])
    place = reading_selectors.place_of(position, reading) if position else None
    return {
        "reading": reading,
        "book": book,
        "root": root,
        "stopped_in": place.chapter_id if place else "",
        "home": reverse("pages:book", args=[slug]) if reading.is_sample else reverse("library:books"),
        "settings": {
            "title": book.title,
            "language": book.language,
            # Vertical lines run from right to left, so the next page is on the left.
            "direction": "rtl" if book.vertical else book.direction,
            "vertical": book.vertical,
            "work": reading.work.public_id,
            "edition": reading.edition.public_id,
            "text": _text_facts(reading),
            "root": root,
            "files": files_root(reading, root),
            "search": reverse("reading:sample-search" if reading.is_sample else "reading:search", args=[slug]),
            "define": _define_url(book.language),
            "chapters": [
                {"id": one.id, "title": one.title, "href": one.href, "words": one.words} for one in book.chapters
            ],
            "toc": [_toc(line) for line in book.toc],
            "position": _told_place(position, place, reading) if position and place else None,
            "person": reader.public_id if reader is not None else "",
            "sync": "" if reading.is_sample else reverse("reading:sync"),
            "save": "" if reading.is_sample else reverse("reading:position", args=[slug]),
        },
    }


def _define_url(language: str) -> str:
    """Return where words of the book are looked up; "" if no dictionary of its language is installed."""
    if not dictionaries_for(language):
        return ""
    return reverse("reading:define", query={"language": language})


def _told_place(position: LastPlace, place: Place, reading: Reading) -> dict[str, Any]:
    """Return the place for the script. `is_moved`: it was saved in another edition than the one being read."""
    is_moved = position.edition_id != reading.edition.pk
    return {
        "chapter": place.chapter_id,
        "within_bps": place.within_bps,
        "words": place.words,
        "cfi": reading_selectors.page_of(position, reading) if reading.book.is_pages or not is_moved else "",
        "fraction_bps": position.share_bps,
        "seen": position.mark,
        "is_moved": is_moved,
    }


def _text_facts(reading: Reading) -> dict[str, Any]:
    """Return blocks and characters of each chapter or page, and where those of a sample stand in the edition."""
    facts: dict[str, Any] = asdict(text_sizes.text_size(reading.book))
    if reading.is_sample and (whole := reading_selectors.whole_book(reading.work, reading.edition.public_id)):
        facts["sample_runs"] = text_sizes.sample_runs(reading.book.file, whole.book.file)
    return facts


def _toc(line: web_book_archive.TocLine) -> dict[str, Any]:
    return {"label": line.title, "href": line.href, "subitems": [_toc(child) for child in line.children] or None}

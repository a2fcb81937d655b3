"""The page of the web reader.

Scripts in books never run: inside the reader a chapter becomes a blob, which inherits the page's `script-src 'self'`.
"""

from __future__ import annotations

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
from accounts.page_cache import public_page
from accounts.requests import VisitorRequest
from storefront.checkout import permissions
from storefront.checkout.entitlements.selectors import entitlements as entitlement_selectors
from storefront.reading import hooks
from storefront.reading.models import LastPlace
from storefront.reading.selectors import anchors
from storefront.reading.selectors import books as reading_selectors
from storefront.reading.selectors.books import Reading
from storefront.reading.views.access import elsewhere, full_book, sample_or_404
from storefront.reading.views.book_facts import book_facts
from storefront.reading.views.told_places import told_last

# The paginator sets styles on its own elements and on the chapters; scripts are only loaded from our own files. WebKit
# applies this page's frame-ancestors to the chapters' frames, which are blobs: with 'none', no chapter opens there.
READER_CSP: dict[str, Any] = {
    **settings.SECURE_CSP,
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "frame-src": ["blob:"],
    "frame-ancestors": [CSP.SELF],
}


@csp_override(READER_CSP)
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
    facts["asks_to_count"] = hooks.asks_to_count(reader, reading.work)
    if not permissions.may_read(reader, reading.work):  # staff, whose places and notes stay in the browser
        facts["home"] = reverse("pages:book", args=[slug])
    if reader.is_guest:
        bought_by = entitlement_selectors.order_that_bought(reader, reading.work)
        facts |= {"home": reverse("pages:order", args=[bought_by]), "is_guest": True}
    return render(request, _template(reading), facts)


@csp_override(READER_CSP)
@require_safe
@public_page()
def sample(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the sample, to anybody."""
    reading = sample_or_404(slug)
    return render(request, _template(reading), _reader_facts(reading, None, None))


def _template(reading: Reading) -> str:
    return "reading/reader_pages.html" if reading.book.is_pages else "reading/reader.html"


def _reader_facts(reading: Reading, position: LastPlace | None, reader: User | None) -> dict[str, Any]:
    """Return the context of the page and its script."""
    facts = book_facts(reading, reader)
    place = reading_selectors.place_of(position, reading) if position else None
    return {
        "reading": reading,
        "book": reading.book,
        "root": facts["root"],
        "stopped_in": place.chapter_id if place else "",
        "home": reverse("pages:book", args=[reading.work.slug]) if reading.is_sample else reverse("library:books"),
        "settings": {
            **facts,
            "last": _told_last(position, reading) if position else None,
        },
    }


def _told_last(position: LastPlace, reading: Reading) -> dict[str, Any]:
    """Return where the person was last, on any device: for one that has no place of its own."""
    return told_last(position, anchors.place_in(position, reading.edition), reading.edition)

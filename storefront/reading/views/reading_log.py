"""Records how far a book was opened: what a refund within its window depends on."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.models import User
from common import clock
from common.client_ip import client_address
from common.money import BPS
from storefront.catalogue.selectors import web_book_archive
from storefront.checkout.entitlements.services import access_log as access_services
from storefront.reading.selectors.books import Reading

PAGES = "pages.json"
# The scripted reader fetches the next spread of a fixed-layout book in advance.
_PAGES_AHEAD = 2


def note_opened(request: HttpRequest, reading: Reading, reader: User, chapter_id: str) -> None:
    """Record that the reader has read up to the start of this chapter; with the last one, the whole book.

    The scripted reader also fetches chapters, but reports the progress within them itself: so a glance at a book of one
    chapter does not count as reading it. From the middle of a chapter it fetches the next one in advance: that only
    counts as having reached the middle.
    """
    book = reading.book
    index, last = book.index_of(chapter_id) or 0, len(book.chapters) - 1
    is_fetched = request.headers.get("Sec-Fetch-Dest") == "empty"
    fraction_bps = BPS if index == last and not is_fetched else book.reached_bps(index)
    if is_fetched and "ahead" in request.GET:
        fraction_bps = min(fraction_bps, book.middle_bps(index - 1))
    access_services.record_reading(
        actor=reader,
        work=reading.work,
        detail=chapter_id,
        fraction_bps=fraction_bps,
        address=client_address(request),
        at=clock.now(),
    )


def note_page(request: HttpRequest, reading: Reading, reader: User, path: str) -> None:
    """Record the progress when a page's picture or text is fetched, minus the pages fetched in advance.

    The list of all pages is fetched when the book is opened. A book of a single spread counts as read once its last
    page is fetched.
    """
    page = web_book_archive.page_shown_by(reading.book, path)
    if page is None and path != PAGES:
        return
    access_services.record_reading(
        actor=reader,
        work=reading.work,
        detail=path.rpartition("/")[2],
        fraction_bps=0 if page is None else _reached_bps(page, web_book_archive.count_pages(reading.book) - 1),
        address=client_address(request),
        at=clock.now(),
    )


def _reached_bps(page: int, last: int) -> int:
    if last <= _PAGES_AHEAD:
        return BPS if page == last else 0
    return max(page - _PAGES_AHEAD, 0) * BPS // last

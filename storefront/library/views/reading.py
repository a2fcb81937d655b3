"""The web reader: one page for the scripted reader, one for each chapter without scripts, and the files behind both.

Scripts in books never run. A file requested directly is served with `sandbox` and no allowed sources; inside the reader
it becomes a blob, which inherits the page's `script-src 'self'`; on a plain page it is rebuilt from a fixed set of
elements.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_safe

from accounts import permissions as account_permissions
from accounts.models import User
from accounts.requests import VisitorRequest
from common import clock, text_cleaning
from common.client_ip import client_address
from common.middleware import raw_body
from common.money import BPS
from publishing import permissions as publishing_permissions
from publishing.models import Work
from publishing.views.staff_access import record_staff_access
from storefront.catalogue.selectors import web_book_archive
from storefront.catalogue.selectors.chapters import chapter_markup
from storefront.checkout import permissions
from storefront.checkout.entitlements.services import access_log as access_services
from storefront.checkout.guests.views.current_readers import holders_of
from storefront.library import hooks as library_hooks
from storefront.library.errors import NewerPosition
from storefront.library.models import Locator, ReadingPosition
from storefront.library.selectors import library as library_selectors
from storefront.library.selectors import reading as reading_selectors
from storefront.library.selectors.reading import Reading
from storefront.library.selectors.relocate import Place
from storefront.library.services import reading as reading_services

# The paginator sets styles on its own elements and on the chapters; scripts are only loaded from our own files. WebKit
# applies this page's frame-ancestors to the chapters' frames, which are blobs: with 'none', no chapter opens there.
_READER_CSP: dict[str, Any] = {
    **settings.SECURE_CSP,
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "frame-src": ["blob:"],
    "frame-ancestors": [CSP.SELF],
}
_FILE_CSP: dict[str, Any] = {"default-src": [CSP.NONE], "sandbox": True, "frame-ancestors": [CSP.NONE]}
_CHAPTERS = "chapters/"
_PAGES = "pages.json"
# The scripted reader fetches the next spread of a fixed-layout book in advance.
_PAGES_AHEAD = 2
_LONGEST_POSITION = 4000
_LONGEST_CHAPTER_ID = 120
_FILES_LAST = 7 * 24 * 3600  # seconds; an edition's files never change


# ---------------------------------------------------------------- the reader


@csp_override(_READER_CSP)
@never_cache
@require_safe
def read(request: VisitorRequest, slug: str) -> HttpResponse:
    """Show the whole book to those who may read it; send everybody else who is logged in to the sample."""
    found = _full_book(request, slug)
    if found is None:
        return _elsewhere(request, slug)
    reading, reader = found
    position = reading_selectors.position_of(reader, reading.work)
    facts = _reader_facts(reading, position)
    facts["may_review"] = library_hooks.may_open_review(reader, reading.work)
    if not permissions.may_read(reader, reading.work):  # staff, whose position is not saved
        facts["home"] = reverse("pages:book", args=[slug])
        facts["settings"]["save"] = ""
    if reader.is_guest:
        bought_by = library_selectors.order_that_bought(reader, reading.work)
        facts |= {"home": reverse("pages:order", args=[bought_by]), "is_guest": True}
    return render(request, _template(reading), facts)


@csp_override(_READER_CSP)
@require_safe
def sample(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the sample, to anybody."""
    reading = _sample_or_404(slug)
    return render(request, _template(reading), _reader_facts(reading, None))


def _template(reading: Reading) -> str:
    return "library/reader_pages.html" if reading.book.is_pages else "library/reader.html"


def _reader_facts(reading: Reading, position: ReadingPosition | None) -> dict[str, Any]:
    """Return the context of the page and its script. It includes every URL; the browser builds none itself."""
    book, slug = reading.book, reading.work.slug
    root = reverse("library:sample" if reading.is_sample else "library:read", args=[slug])
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
            "edition": reading.edition.public_id,
            "root": root,
            "files": _files_root(reading, root),
            "chapters": [
                {"id": one.id, "title": one.title, "href": one.href, "words": one.words} for one in book.chapters
            ],
            "toc": [_toc(line) for line in book.toc],
            "position": _told_place(position, place, reading) if position and place else None,
            "save": "" if reading.is_sample else reverse("library:reading-position", args=[slug]),
        },
    }


def _files_root(reading: Reading, root: str) -> str:
    """Return the URL of the edition's files. It names the edition, so that browsers never mix up cached editions."""
    return f"{root}files/{reading.edition.public_id}/"


def _told_place(position: ReadingPosition, place: Place, reading: Reading) -> dict[str, Any]:
    """Return the place for the script. `is_moved`: it was saved in another edition than the one being read."""
    is_moved = position.locator.edition != reading.edition.public_id
    return {
        "chapter": place.chapter_id,
        "within_bps": place.within_bps,
        "words": place.words,
        "cfi": reading_selectors.page_of(position, reading) if reading.book.is_pages or not is_moved else "",
        "fraction_bps": position.fraction_bps,
        "seen": position.mark,
        "is_moved": is_moved,
    }


def _full_book(request: VisitorRequest, slug: str, edition_id: str = "") -> tuple[Reading, User] | None:
    """Return the whole book and its reader: the person, or a guest whose link was opened in this browser."""
    for reader in holders_of(request):
        reading = reading_selectors.full_book(slug, reader, edition_id)
        if reading is not None:
            return reading, reader
    return _inspected_book(request, slug, edition_id)


def _inspected_book(request: VisitorRequest, slug: str, edition_id: str) -> tuple[Reading, User] | None:
    """Return the whole book for staff who may inspect it without having bought it, and record that they did."""
    user = request.user
    work = Work.objects.filter(slug=slug).first() if isinstance(user, User) and user.is_staff_member else None
    if work is None or not isinstance(user, User) or not publishing_permissions.may_inspect(user, work):
        return None
    reading = reading_selectors.whole_book(work, edition_id)
    if reading is None:
        return None
    record_staff_access(request, work)
    return reading, user


def _toc(line: web_book_archive.TocLine) -> dict[str, Any]:
    return {"label": line.title, "href": line.href, "subitems": [_toc(child) for child in line.children] or None}


# ---------------------------------------------------------------- plain chapters


@never_cache
@require_safe
def chapter(request: VisitorRequest, slug: str, chapter_id: str) -> HttpResponse:
    """Show one chapter as a plain page. No script reports how far it was read, so opening it counts as progress."""
    found = _full_book(request, slug)
    if found is None:
        return _elsewhere(request, slug)
    reading, reader = found
    page = _chapter_page(request, reading, chapter_id)
    _note_opened(request, reading, reader, chapter_id)
    return page


@require_safe
def sample_chapter(request: HttpRequest, slug: str, chapter_id: str) -> HttpResponse:
    """Show one chapter of the sample as a plain page."""
    return _chapter_page(request, _sample_or_404(slug), chapter_id)


def _note_opened(request: HttpRequest, reading: Reading, reader: User, chapter_id: str) -> None:
    """Record that the reader has read up to the start of this chapter; with the last one, the whole book.

    The scripted reader also fetches chapters, but reports the progress within them itself: so a glance at a book of one
    chapter does not count as reading it. From the middle of a chapter it fetches the next one in advance: that only
    counts as having reached the middle.
    """
    book = reading.book
    index, last = book.index_of(chapter_id) or 0, len(book.chapters) - 1
    is_fetched = request.headers.get("Sec-Fetch-Dest") == "empty"
    fraction_bps = BPS if index == last and not is_fetched else index * BPS // len(book.chapters)
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


def _note_page(request: HttpRequest, reading: Reading, reader: User, path: str) -> None:
    """Record the progress when a page's picture or text is fetched, minus the pages fetched in advance.

    The list of all pages is fetched when the book is opened. A book of a single spread counts as read once its last
    page is fetched.
    """
    page = web_book_archive.page_shown_by(reading.book, path)
    if page is None and path != _PAGES:
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


def _chapter_page(request: HttpRequest, reading: Reading, chapter_id: str) -> HttpResponse:
    book = reading.book
    index = book.index_of(chapter_id)
    if index is None:
        raise Http404
    root = reverse("library:sample" if reading.is_sample else "library:read", args=[reading.work.slug])
    text = chapter_markup(
        web_book_archive.chapter_file(book, chapter_id),
        link=lambda href: _chapter_address(root, href),
        asset=lambda name: f"{_files_root(reading, root)}assets/{name}",
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
    return render(request, "library/chapter.html", facts)


def _chapter_address(root: str, href: str) -> str:
    """Return the plain page's URL for a link to a chapter: chapters/c2.xhtml, or c2.xhtml from another chapter."""
    return f"{root}{href.rpartition('/')[2].removesuffix('.xhtml')}/"


# ---------------------------------------------------------------- files and the position


@csp_override(_FILE_CSP)
@require_safe
def file(request: VisitorRequest, slug: str, edition_id: str, path: str) -> HttpResponse:
    """Return a file of the whole book to those who may read it, and record the progress it implies."""
    found = _full_book(request, slug, edition_id)
    if found is None:
        raise Http404
    reading, reader = found
    response = _file_response(reading, path)
    if path.startswith(_CHAPTERS):
        _note_opened(request, reading, reader, _chapter_of(path))
    elif reading.book.is_pages:
        _note_page(request, reading, reader, path)
    response["Cache-Control"] = f"private, max-age={_FILES_LAST}, immutable"
    return response


@csp_override(_FILE_CSP)
@require_safe
def sample_file(request: HttpRequest, slug: str, edition_id: str, path: str) -> HttpResponse:
    """Return a file of the sample to anybody. Cached briefly, so that a withdrawn book is gone soon."""
    response = _file_response(_sample_or_404(slug, edition_id), path)
    response["Cache-Control"] = "public, max-age=600"
    return response


@csp_override(_FILE_CSP)
@require_safe
def sample_picture(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Return a picture of the newest sample, as used on the shop's pages; its name contains its checksum."""
    response = _file_response(_sample_or_404(slug), f"assets/{name}")
    response["Cache-Control"] = "public, max-age=600"
    return response


def _chapter_of(path: str) -> str:
    """Return the chapter's id from the path of its file."""
    return path.removeprefix(_CHAPTERS).removesuffix(".xhtml")


def _file_response(reading: Reading, path: str) -> HttpResponse:
    folder, _, name = path.rpartition("/")
    try:
        if path == "style.css":
            return HttpResponse(web_book_archive.style_file(reading.book), content_type="text/css")
        if path == _PAGES or folder == "pages":
            words = web_book_archive.pages_file(reading.book, name if folder else "")
            return HttpResponse(words, content_type="application/json")
        if folder == "chapters":
            content = web_book_archive.chapter_file(reading.book, _chapter_of(path))
            return HttpResponse(content, content_type="application/xhtml+xml")
        if folder == "assets":
            picture, media_type = web_book_archive.asset_file(reading.book, name)
            return HttpResponse(picture, content_type=media_type)
    except KeyError:
        raise Http404 from None
    raise Http404


@raw_body
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def position(request: VisitorRequest, slug: str) -> HttpResponse:
    """Return the saved position, for a tab that comes to the front; or save one, as {"chapter", "within_bps",
    "fraction_bps", "cfi", "words", "edition", "seen"}. Respond 409 if another device has saved a position further on
    that the tab did not know of.
    """
    work = Work.objects.filter(slug=slug).first()
    reader = next((one for one in holders_of(request) if work is not None and permissions.may_read(one, work)), None)
    if work is None or reader is None:
        raise Http404
    if request.method != "POST":
        return JsonResponse({"place": _kept_place(reader, work)})
    told = _position(request.body) if request.content_type == "application/json" else None
    if told is None:
        return JsonResponse({"error": "position"}, status=400)
    address = client_address(request)
    try:
        saved = reading_services.save_position(actor=reader, work=work, at=clock.now(), address=address, **told)
    except NewerPosition as overtaken:
        return JsonResponse({"error": overtaken.text, "place": _kept_place(reader, work)}, status=overtaken.status)
    return JsonResponse({"seen": saved.mark})


def _kept_place(reader: User, work: Work) -> dict[str, Any] | None:
    """Return the saved place, in the edition in which it was saved."""
    position = reading_selectors.position_of(reader, work)
    if position is None:
        return None
    facts = {"chapter": position.chapter_id, "fraction_bps": position.fraction_bps, "seen": position.mark}
    return {**asdict(position.locator), **facts}


def _position(body: bytes) -> dict[str, Any] | None:
    """Parse the position that the script sent; None if it is invalid."""
    if len(body) > _LONGEST_POSITION:
        return None
    try:
        told = json.loads(body)
        fraction_bps, within_bps = told["fraction_bps"], told["within_bps"]
        words = {name: str(told[name]) for name in ("chapter", "cfi", "edition")}
        words |= {name: str(told.get(name, "")) for name in ("words", "seen")}
    except (ValueError, KeyError, TypeError):
        return None
    if type(fraction_bps) is not int or type(within_bps) is not int:
        return None
    if not all(text_cleaning.is_storable(word) for word in words.values()):
        return None
    if not (0 <= fraction_bps <= BPS and 0 <= within_bps <= BPS and 0 < len(words["chapter"]) <= _LONGEST_CHAPTER_ID):
        return None
    return {
        "chapter_id": words["chapter"],
        "fraction_bps": fraction_bps,
        "seen": words["seen"],
        "locator": Locator(words["edition"], within_bps, words["cfi"], words["words"]),
    }


# ---------------------------------------------------------------- who may not


def _elsewhere(request: VisitorRequest, slug: str) -> HttpResponse:
    """Send visitors to the log-in page, and people who did not buy the book to its sample, if there is one. Finance
    staff, who have no reason to read books, get a 404."""
    if account_permissions.is_finance(request.user):
        raise Http404
    if not request.user.is_authenticated:
        if not Work.objects.filter(slug=slug, listing__isnull=False).exists():
            raise Http404
        return redirect_to_login(request.get_full_path())
    _sample_or_404(slug)
    return redirect("library:sample", slug)


def _sample_or_404(slug: str, edition_id: str = "") -> Reading:
    reading = reading_selectors.sample_book(slug, edition_id)
    if reading is None:
        raise Http404
    return reading

"""Reading without a connection: pages that name nobody, the service worker, and what a device keeps of a book.

The pages are the same for everybody, so a device can keep them. Which books are on it, and whose, only its own script
knows (docs/reading.md, "Offline").
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.csp import CSP
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET, require_safe

from accounts import regions
from accounts.requests import VisitorRequest
from common import clock, icons, storage
from common.client_ip import client_address
from storefront.checkout.entitlements.services import access_log
from storefront.checkout.guests.views.current_readers import holders_of
from storefront.reading.selectors import release
from storefront.reading.selectors.books import Reading
from storefront.reading.views.access import own_book, reader_url
from storefront.reading.views.book_facts import book_facts, may_keep
from storefront.reading.views.reader import READER_CSP

_SCRIPTS = Path(settings.BASE_DIR) / "static" / "js" / "reader" / "keeping"
# A worker obeys the policy of its own file: with this one it may ask for the shop's files, and run nothing else.
_WORKER_CSP: dict[str, Any] = {"default-src": [CSP.NONE], "connect-src": [CSP.SELF]}
_ARCHIVE_CSP: dict[str, Any] = {"default-src": [CSP.NONE], "sandbox": True, "frame-ancestors": [CSP.NONE]}
_COLOURS = {"theme_color": "#fbf8f1", "background_color": "#fbf8f1"}  # as in base.html


@cache_control(no_cache=True)
@require_safe
def shelf(request: HttpRequest) -> HttpResponse:
    """Show the books on this device, which the page's script finds there."""
    return render(request, "reading/shelf.html", _shelf_facts())


@csp_override(READER_CSP)
@cache_control(no_cache=True)
@require_safe
def shell(request: HttpRequest, *, is_pages: bool = False) -> HttpResponse:
    """Show the reader without a book: its script takes the book's facts from `book.json` beside the page."""
    return render(request, _template(is_pages), _shell_facts(is_pages))


def _template(is_pages: bool) -> str:
    return "reading/reader_pages.html" if is_pages else "reading/reader.html"


def _shelf_facts() -> dict[str, Any]:
    return {"is_offline": settings.READER_OFFLINE, "shelf": reader_url("shelf")}


def _shell_facts(is_pages: bool) -> dict[str, Any]:
    # Addresses are relative to the page of the book that the shell stands for.
    return {"is_shell": True, "root": "./", "home": reader_url("shelf"), "book": {"is_pages": is_pages}}


@csp_override(_WORKER_CSP)
@cache_control(no_cache=True)
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker with the list of its files, or one that takes itself away (`READER_OFFLINE`)."""
    if not settings.READER_OFFLINE:
        return HttpResponse(_script("worker-off.js"), content_type="text/javascript")
    files = release.reader_release()
    told = {"FILES": files.urls, "RELEASE": f"{files.digest}-{_pages_digest()}"}
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in told.items())
    return HttpResponse(head + _script("worker.js"), content_type="text/javascript")


def _script(name: str) -> str:
    return (_SCRIPTS / name).read_text(encoding="utf-8")


def _pages_digest() -> str:
    """Return a digest of the pages that a release contains, in all languages."""
    return _fixed_pages_digest() if release.has_manifest() else _digest_of_pages()


@cache
def _fixed_pages_digest() -> str:
    return _digest_of_pages()


def _digest_of_pages() -> str:
    digest = sha256()
    for region in [regions.default(), *regions.indexed_regions()]:
        with regions.active(region):
            facts = {"SITE_NAME": settings.SITE_NAME}
            digest.update(render_to_string("reading/shelf.html", facts | _shelf_facts()).encode())
            for is_pages in (False, True):
                digest.update(render_to_string(_template(is_pages), facts | _shell_facts(is_pages)).encode())
    return digest.hexdigest()[:16]


@never_cache
@require_safe
def who(request: VisitorRequest) -> JsonResponse:
    """Return whose books may be opened here: the person's who is logged in, and guests' whose links were opened."""
    return JsonResponse({"people": [holder.public_id for holder in holders_of(request)]})


@cache_control(max_age=3600)
@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """Return what a device needs to install the reader as an app."""
    shelf_url = reader_url("shelf")
    pictures = [
        {"src": reverse("app-icon", args=[size]), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in icons.APP_SIZES
        for purpose in ("any", "maskable")
    ]
    facts = {
        "name": settings.SITE_NAME,
        "short_name": settings.SITE_NAME,
        "lang": regions.current().locale,
        "id": "/read/",
        "start_url": shelf_url,
        "scope": "/read/",
        "display": "standalone",
        **_COLOURS,
        "icons": pictures,
    }
    return JsonResponse(facts, content_type="application/manifest+json")


def _to_keep(request: VisitorRequest, slug: str, edition_id: str = "") -> tuple[Reading, Any]:
    found = own_book(request, slug, edition_id)
    if found is None or not may_keep(*found):
        raise Http404
    return found


@never_cache
@require_safe
def book_facts_json(request: VisitorRequest, slug: str) -> JsonResponse:
    """Return the facts of the newest edition, for a device that keeps the book, to whom it belongs."""
    reading, reader = _to_keep(request, slug)
    return JsonResponse(book_facts(reading, reader))


@csp_override(_ARCHIVE_CSP)
@require_GET
def archive(request: VisitorRequest, slug: str, edition_id: str) -> HttpResponseBase:
    """Return the archive of the whole book, for a device to keep, and record a download: keeping is not reading."""
    reading, reader = _to_keep(request, slug, edition_id)
    access_log.record_download(
        actor=reader, work=reading.work, detail="offline", address=client_address(request), at=clock.now()
    )
    response = FileResponse(storage.private().open(reading.book.file, "rb"), content_type="application/zip")
    response["Cache-Control"] = "private, no-store"
    return response

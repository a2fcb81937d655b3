"""The files of a book that the reader's script fetches.

A file requested directly is served with `sandbox` and no allowed sources.
"""

from __future__ import annotations

import gzip
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from accounts.requests import VisitorRequest
from common import clock
from storefront.catalogue.selectors import web_book_archive
from storefront.checkout import permissions
from storefront.reading.selectors import pagination, texts
from storefront.reading.selectors.books import Reading
from storefront.reading.views.access import full_book, sample_or_404
from storefront.reading.views.reading_log import PAGES, note_opened, note_page

_FILE_CSP: dict[str, Any] = {"default-src": [CSP.NONE], "sandbox": True, "frame-ancestors": [CSP.NONE]}
_CHAPTERS = "chapters/"
_TEXT, _PAGINATION = "text.json", "pagination.json"
_FILES_LAST = 7 * 24 * 3600  # seconds; an edition's files never change


@csp_override(_FILE_CSP)
@require_safe
def file(request: VisitorRequest, slug: str, edition_id: str, path: str) -> HttpResponse:
    """Return a file of the whole book to those who may read it, and record the progress it implies.

    The whole text would be a book read without a record, so it is kept back from who could still return it unread: the
    server searches for them.
    """
    found = full_book(request, slug, edition_id)
    if found is None:
        raise Http404
    reading, reader = found
    if path == _TEXT and permissions.could_return_unread(reader, reading.work, clock.now()):
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"Cache-Control": "no-store"})
    response = _file_response(request, reading, path)
    if path.startswith(_CHAPTERS):
        note_opened(request, reading, reader, _chapter_of(path))
    elif reading.book.is_pages:
        note_page(request, reading, reader, path)
    response["Cache-Control"] = (
        "private, no-store" if reading.is_draft else f"private, max-age={_FILES_LAST}, immutable"
    )
    return response


@csp_override(_FILE_CSP)
@require_safe
def sample_file(request: HttpRequest, slug: str, edition_id: str, path: str) -> HttpResponse:
    """Return a file of the sample to anybody. Cached briefly, so that a withdrawn book is gone soon."""
    response = _file_response(request, sample_or_404(slug, edition_id), path)
    response["Cache-Control"] = "public, max-age=600"
    return response


@csp_override(_FILE_CSP)
@require_safe
def sample_picture(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Return a picture of the newest sample, as used on the shop's pages; its name contains its checksum."""
    response = _file_response(request, sample_or_404(slug), f"assets/{name}")
    response["Cache-Control"] = "public, max-age=600"
    return response


def _chapter_of(path: str) -> str:
    """Return the chapter's id from the path of its file."""
    return path.removeprefix(_CHAPTERS).removesuffix(".xhtml")


def _file_response(request: HttpRequest, reading: Reading, path: str) -> HttpResponse:
    folder, _, name = path.rpartition("/")
    try:
        if path == "style.css":
            return HttpResponse(web_book_archive.style_file(reading.book), content_type="text/css")
        if path == _TEXT:
            return _text_response(request, reading)
        if path == _PAGINATION and not reading.book.is_pages:
            return JsonResponse(pagination.pagination_of(reading.book.file))
        if path == PAGES or folder == "pages":
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


def _text_response(request: HttpRequest, reading: Reading) -> HttpResponse:
    """Return the whole text, compressed once for all: it holds no secret of the person who reads it."""
    text = texts.compressed_text(reading.book.file)
    headers = {"Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
    else:
        text = gzip.decompress(text)
    return HttpResponse(text, content_type="application/json", headers=headers)

"""The pages on which everybody reads chapters in progress. They end with the author's click, so nobody keeps a copy."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from storefront.catalogue.selectors import web_book_archive
from storefront.catalogue.selectors.chapters import chapter as rebuilt
from storefront.in_progress import selectors
from storefront.in_progress.selectors import PublicShowing
from storefront.reading.views.plain_look import SIZES, THEMES, PlainLook, look_of

_FILE_CSP: dict[str, Any] = {"default-src": [CSP.NONE], "sandbox": True, "frame-ancestors": [CSP.NONE]}


@require_safe
@cache_control(no_cache=True)
def contents(request: HttpRequest, showing_id: str) -> HttpResponse:
    """Show what the book is, the author's note, and the chapters."""
    page = _shown(showing_id)
    return render(request, "in_progress/contents.html", _context(request, page))


@require_safe
@cache_control(no_cache=True)
def chapter(request: HttpRequest, showing_id: str, chapter_id: str) -> HttpResponse:
    """Show one chapter as a plain page."""
    page = _shown(showing_id)
    index = page.index_of(chapter_id)
    if index is None:
        raise Http404
    context = _context(request, page)
    text = rebuilt(
        web_book_archive.chapter_file(page.book, chapter_id),
        link=lambda href: _address(page, href, context["look"]),
        asset=lambda name: reverse("in_progress:shown-picture", args=[showing_id, name]),
    )
    context |= {
        "chapter": page.chapters[index],
        "text": mark_safe(text.markup()),
        "has_heading": text.root.find(".//h1") is not None,
        "previous": page.chapters[index - 1] if index else None,
        "next": page.chapters[index + 1] if index + 1 < len(page.chapters) else None,
    }
    return render(request, "in_progress/chapter.html", context)


@csp_override(_FILE_CSP)
@require_safe
@cache_control(no_cache=True)
def picture(request: HttpRequest, showing_id: str, name: str) -> HttpResponse:
    """Return a picture of a chapter that is shown; those of other chapters do not exist here."""
    page = _shown(showing_id)
    if not any(name in _pictures_of(page.showing.file, one.chapter_id) for one in page.chapters):
        raise Http404
    try:
        content, media_type = web_book_archive.asset_file(page.book, name)
    except KeyError:
        raise Http404 from None
    return HttpResponse(content, content_type=media_type)


def _shown(showing_id: str) -> PublicShowing:
    page = selectors.public_showing(showing_id)
    if page is None:
        raise Http404
    return page


def _context(request: HttpRequest, page: PublicShowing) -> dict[str, Any]:
    look = look_of(request, is_sample=True)  # without a cookie, as for samples
    return {"page": page, "book": page.book, "look": look, "themes": THEMES.items(), "sizes": SIZES}


def _address(page: PublicShowing, href: str, look: PlainLook) -> str:
    """Return the page for a link to another chapter; the contents where that one is not shown."""
    name = href.rpartition("/")[2].removesuffix(".xhtml")
    public_id = page.showing.public_id
    if page.index_of(name) is None:
        return f"{reverse('in_progress:shown', args=[public_id])}{look.query}"
    return f"{reverse('in_progress:shown-chapter', args=[public_id, name])}{look.query}"


@lru_cache(maxsize=256)
def _pictures_of(file: str, chapter_id: str) -> frozenset[str]:
    """Return the names of a chapter's pictures. An archive's name contains its checksum: it never changes."""
    xhtml = web_book_archive.chapter_file(web_book_archive.web_book(file), chapter_id).decode()
    return frozenset(re.findall(r'src="(?:\.\./)?assets/([^"/]+)"', xhtml))

"""Pages of books, lists and searches, kept under all that they are made of.

Such a page takes longer to render than to read, and most of what is read for it stays the same while the shop changes
around it. Each web process keeps those asked for lately: whatever was read, the region, the day's tax are the key, so
a page that says something else has another key, and nothing has to be cleared.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts import regions
from common.recent import Recent

_MB = 1024 * 1024
# Of each process: with the default of 5 MB, room for some hundred pages and some fifty searches.
_pages: Recent[bytes, bytes] = Recent(most=settings.KEPT_PAGES_MB * _MB * 3 // 5, size=len)
_searches: Recent[bytes, bytes] = Recent(most=settings.KEPT_PAGES_MB * _MB * 2 // 5, size=len)


def kept_page(
    request: HttpRequest, facts: object, make: Callable[[], HttpResponse], *, query: str = ""
) -> HttpResponse:
    """The page that `make` renders from nothing but `facts`, the region and the address.

    Facts are told apart by their `repr`; `query` is what the shop's own links to the page say. An address with another
    query is not kept: anybody may write one.
    """
    if request.META.get("QUERY_STRING", "") != query:
        return make()
    return _kept(_pages, (regions.current(), request.get_host(), request.path_info, query, facts), make)


def kept_search(request: HttpRequest, found: object, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The same for a search, from `found` and the whole address: many people ask for the same few things.

    Whoever asks for many different ones drives no book's page out: searches have a room of their own.
    """
    asked = request.META.get("QUERY_STRING", "")
    return _kept(_searches, (regions.current(), request.get_host(), request.path_info, asked, found), make)


def _kept(pages: Recent[bytes, bytes], under: object, make: Callable[[], HttpResponse]) -> HttpResponse:
    key = blake2b(repr(under).encode("utf-8", "surrogatepass"), digest_size=20).digest()
    body = pages.get(key)
    if body is not None:
        return HttpResponse(body)
    response = make()
    if response.status_code == 200:
        pages.put(key, response.content)
    return response


def forget_pages() -> None:
    """For tests, which change settings between two pages."""
    _pages.clear()
    _searches.clear()

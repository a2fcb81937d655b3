"""Pages of books, lists and searches, kept under all that they are made of.

Such a page takes longer to render than to read, and most of what is read for it stays the same while the shop changes
around it. Those asked for lately are kept, once for all workers of a web server: whatever was read, the region, the
day's tax are the key, so a page that says something else has another key, and nothing has to be cleared. They are kept
as they leave, compressed, which takes a fifth of the room; nobody who does not take gzip waits for that.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from hashlib import blake2b
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts import regions
from common.compression import packed, takes_gzip, unpacked
from common.shared_recent import KEY_BYTES, SharedRecent

_MB = 1024 * 1024
# Whoever asks for many different lists or searches drives no book's page out: each has its room.
_SHARE = settings.KEPT_PAGES_MB * _MB // 5
_books = SharedRecent(most=2 * _SHARE)
_lists = SharedRecent(most=_SHARE)
_searches = SharedRecent(most=2 * _SHARE)


def kept_page(request: HttpRequest, facts: Hashable, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The page that `make` renders from nothing but `facts`, the region and the address.

    An address with a query is not kept: anybody may write one.
    """
    return _kept(_books, request, "", facts, make)


def kept_list(request: HttpRequest, query: str, facts: Hashable, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The same for a list, whose address may have the `query` that the shop's own links have. For those who do not take
    gzip it is made anew, which takes no longer than unpacking."""
    if not _gzips(request):
        return make()
    return _kept(_lists, request, query, facts, make)


def kept_search(request: HttpRequest, found: Hashable, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The same for a search, from what was `found` and the whole address: many people ask for the same few things."""
    return _kept(_searches, request, request.META.get("QUERY_STRING", ""), found, make)


def _kept(
    room: SharedRecent, request: HttpRequest, query: str, facts: Hashable, make: Callable[[], HttpResponse]
) -> HttpResponse:
    if request.META.get("QUERY_STRING", "") != query:
        return make()
    # What is forked hashes as its parent does.
    told = repr((regions.current(), request.get_host(), request.path_info, query, hash(facts)))
    key = blake2b(told.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()
    page = room.get(key)
    if page is None:
        response = make()
        if not (room.is_on and _gzips(request) and response.status_code == HTTPStatus.OK):
            return response
        page = packed(response.content)
        room.put(key, page)
    if _gzips(request):
        return HttpResponse(page, headers={"Content-Encoding": "gzip", "Vary": "Accept-Encoding"})
    return HttpResponse(unpacked(page), headers={"Vary": "Accept-Encoding"})


def _gzips(request: HttpRequest) -> bool:
    return takes_gzip(request.META.get("HTTP_ACCEPT_ENCODING", ""))


def forget_pages() -> None:
    """For tests, which change settings between two pages."""
    for room in (_books, _lists, _searches):
        room.clear()

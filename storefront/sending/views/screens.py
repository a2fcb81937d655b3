"""The pages for the browsers of e-readers: no scripts, no cookies, short addresses."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common import clock
from common.client_ip import client_address
from common.errors import NotFound
from common.limits import rate_limited_by_network
from storefront.library.views.files import private_file
from storefront.sending.services import pick_ups
from storefront.sending.services.pick_ups import PickUp

_WAIT_S = 5


@never_cache
@require_safe
@rate_limited_by_network("e_reader")
def start(request: HttpRequest) -> HttpResponse:
    """Show a new code. The page asks again by itself under an address of its own."""
    is_kobo = "kobo" in request.headers.get("User-Agent", "").lower()
    opened, secret = pick_ups.open_screen(is_kobo=is_kobo, at=clock.now())
    return _page(request, {"code": opened.code, "next": reverse("sending:screen", args=[secret])})


@never_cache
@require_safe
def screen(request: HttpRequest, secret: str) -> HttpResponse:
    """Show the code again, or the book once there is one; after ten minutes, how to get a new code."""
    try:
        found = pick_ups.screen_of(secret, at=clock.now())
        book = pick_ups.picked_up(found)
    except NotFound:
        return _page(request, {"is_over": True}, status=404)
    if book is None:
        return _page(request, {"code": found.code, "next": reverse("sending:screen", args=[secret])})
    link = reverse("sending:screen-file", args=[secret, _file_name(book)])
    return _page(request, {"book": book, "link": link})


@never_cache
@require_safe
def file(request: HttpRequest, secret: str, name: str) -> HttpResponseBase:
    """Return the book's file. Its address ends as a Kobo wants it, so the name is not looked at."""
    book = pick_ups.picked_up(pick_ups.screen_of(secret, at=clock.now()))
    if book is None:
        raise NotFound
    if request.method == "GET":
        pick_ups.record(book, address=client_address(request), at=clock.now())
    return private_file(request, book.artifact, book.name, copy=book.copy(at=clock.now()))


def _file_name(book: PickUp) -> str:
    suffix = ".kepub.epub" if book.name.endswith(".kepub.epub") else ".epub"
    return f"{book.work.slug}{suffix}"


def _page(request: HttpRequest, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    """Return the page; while it waits for a book, the browser asks again by itself."""
    response = render(request, "sending/screen.html", context, status=status)
    if following := context.get("next"):
        response["Refresh"] = f"{_WAIT_S};url={following}"
    return response

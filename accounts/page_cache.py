"""How public pages may be cached, declared at the view: `@public_page(etag=shop_version)`.

A public page is the same for everyone, so a browser, a proxy or a CDN may cache it (decision 0083). Its ETag covers
what the page shows, the region and the day: a page may change with the day although nothing was written, for example
when an announced reduction begins or a tax rate changes. Where a page changes at a moment that is known beforehand, as
a price does when a promotion ends, what shows it calls `limit_to`, and no cache keeps the page beyond that moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import datetime
from functools import cache, wraps
from hashlib import sha256
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import etag as conditional

from accounts import regions
from common import clock

MAX_AGE_SECONDS = 60
_CACHEABLE = {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}

type Version = Callable[..., int | str | None]

_changes_at: ContextVar[datetime | None] = ContextVar("page_changes_at", default=None)


def limit_to(moment: datetime) -> None:
    """Let no cache keep the page that is being answered beyond this moment, at which it changes by itself."""
    known = _changes_at.get()
    _changes_at.set(moment if known is None else min(known, moment))


def public_page[View: Callable[..., HttpResponseBase]](
    *, etag: Version | None = None, max_age: int | Callable[[], int] = MAX_AGE_SECONDS, stale: int = 600
) -> Callable[[View], View]:
    """Let anyone cache the page for `max_age` seconds, and serve it for `stale` seconds more while revalidating.

    `etag` is called like the view and returns the version of what the page shows, or None if there is no such page. The
    response is compressed here because a public page holds no secrets; pages for one person are never compressed
    (BREACH).
    """

    def decorate(view: View) -> View:
        answer: Callable[..., HttpResponseBase] = view
        if etag is not None:
            answer = conditional(_named(etag))(view)

        @gzip_page
        @wraps(view)
        def call(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            token = _changes_at.set(None)
            try:
                response = answer(request, *args, **kwargs)
                changes_at = _changes_at.get()
            finally:
                _changes_at.reset(token)
            if response.status_code in _CACHEABLE:
                fresh, beyond = _until(changes_at, max_age() if callable(max_age) else max_age, stale)
                patch_cache_control(response, public=True, max_age=fresh, stale_while_revalidate=beyond)
                patch_vary_headers(response, ["Accept-Encoding"])
                response["Cache-Tag"] = ",".join(_tags(request))
            return response

        return cast("View", call)

    return decorate


def _until(changes_at: datetime | None, max_age: int, stale: int) -> tuple[int, int]:
    """Return for how many seconds the page is fresh, and for how many more it may be served while it is revalidated."""
    if changes_at is None:
        return max_age, stale
    left = max(0, int((changes_at - clock.now()).total_seconds()))
    fresh = min(max_age, left)
    return fresh, min(stale, left - fresh)


def _tags(request: HttpRequest) -> Iterator[str]:
    """Yield the names by which a CDN may be told to drop pages: all of the shop's, those of a kind, those of one thing.

    `shop,pages:book,pages:book:the-lamp`: its view and the parts of its address, for any language and country.
    """
    yield "shop"
    if match := request.resolver_match:
        yield match.view_name
        if match.kwargs:
            yield ":".join([match.view_name, *(quote(str(part), safe="") for part in match.kwargs.values())])


def _named(etag: Version) -> Callable[..., str | None]:
    """Build the ETag function: the version, today's date, the region and this release."""

    def name(request: HttpRequest, *args: Any, **kwargs: Any) -> str | None:
        version = etag(request, *args, **kwargs)
        if version is None:
            return None
        region = regions.current()
        return f'W/"{version}-{clock.now().date():%y%j}-{region.slug}{region.prefix}-{_release()}"'

    return name


@cache
def _release() -> str:
    """Return a value that changes with our style sheet, so that pages of a new release differ from those of the old
    one.
    """
    return sha256(staticfiles_storage.url("vendor/octavo.css").encode()).hexdigest()[:8]

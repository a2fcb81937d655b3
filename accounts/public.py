"""How public pages may be cached, declared at the view: `@public_page(etag=shop_version)`.

A public page is the same for everybody, so a browser, a proxy or a CDN may keep it (decision 0083). Its ETag names what
the page is made of, the region and the day: what a page says may depend on the day though nothing is written, as with
an announced reduction or the rate of a tax.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from hashlib import sha256
from http import HTTPStatus
from typing import Any, cast

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


def public_page[View: Callable[..., HttpResponseBase]](
    *, etag: Version | None = None, max_age: int | Callable[[], int] = MAX_AGE_SECONDS, stale: int = 600
) -> Callable[[View], View]:
    """Let anybody cache the page for `max_age` seconds, and show it for `stale` seconds more while asking again.

    `etag` is called like the view and returns the version of what the page shows, or None where there is no such page.
    Compressed here, because nothing secret is in a public page; pages for one person are never compressed (BREACH).
    """

    def decorate(view: View) -> View:
        answer: Callable[..., HttpResponseBase] = view
        if etag is not None:
            answer = conditional(_named(etag))(view)

        @gzip_page
        @wraps(view)
        def call(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            response = answer(request, *args, **kwargs)
            if response.status_code in _CACHEABLE:
                seconds = max_age() if callable(max_age) else max_age
                patch_cache_control(response, public=True, max_age=seconds, stale_while_revalidate=stale)
                patch_vary_headers(response, ["Accept-Encoding"])
            return response

        return cast("View", call)

    return decorate


def _named(etag: Version) -> Callable[..., str | None]:
    """The ETag of a version: today's page, in this region, by this release."""

    def name(request: HttpRequest, *args: Any, **kwargs: Any) -> str | None:
        version = etag(request, *args, **kwargs)
        if version is None:
            return None
        region = regions.current()
        return f'W/"{version}-{clock.now().date():%y%j}-{region.slug}{region.prefix}-{_release()}"'

    return name


@cache
def _release() -> str:
    """Changes with our style sheet, so that a new release's pages are not mistaken for the old one's."""
    return sha256(staticfiles_storage.url("vendor/octavo.css").encode()).hexdigest()[:8]

"""Answers that are the same for everybody: cacheable by anybody, with an ETag from the shop's version and the day.

The day, because what pages say may depend on it though nothing is written: that a price is reduced, which tax is due.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

from accounts import regions
from common import clock

MOST_SECONDS = 60


def versioned(request: HttpRequest, version: int | str, make: Callable[[], HttpResponse]) -> HttpResponseBase:
    """304 when the visitor has today's page of this version, else the page that `make` renders."""
    etag = f'W/"{version}-{clock.now().date():%y%j}-{regions.current().slug}{regions.current().prefix}-{_release()}"'
    response = get_conditional_response(request, etag=etag) or make()
    response["ETag"] = etag
    return publicly(response)


def publicly[R: HttpResponseBase](response: R, *, seconds: int = MOST_SECONDS, stale: int = 600) -> R:
    """Let anybody keep the response for a minute, and show it `stale` seconds longer while asking anew."""
    response["Cache-Control"] = f"public, max-age={seconds}, stale-while-revalidate={stale}"
    return response


@cache
def _release() -> str:
    """Changes with our style sheet, so that a new release's pages are not mistaken for the old one's."""
    return sha256(staticfiles_storage.url("vendor/octavo.css").encode()).hexdigest()[:8]

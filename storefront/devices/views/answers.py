"""Responses with feeds: one page of a feed, as the version of OPDS in its address writes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from accounts import regions
from common import clock
from storefront.catalogue.tag_uris import tag_uri
from storefront.devices.opds import atom, json_feed
from storefront.devices.opds.feed import V1, Feed, Ways

ICON = "/apple-touch-icon.png"


def in_region_of_address[**P](view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """Write prices and words for the region in the address alone: feeds are cached for everybody, whatever session a
    visitor's browser has.
    """

    @wraps(view)
    def call(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if regions.current().is_named:
            return view(*args, **kwargs)
        with regions.active(regions.default()):
            return view(*args, **kwargs)

    return call


def address(name: str, *args: str) -> str:
    """Return the absolute address of one of the catalogues' pages, in the page's region."""
    return settings.SITE_URL + reverse(f"devices:{name}", args=args)


def ways(version: str) -> Ways:
    """Return the addresses that every feed of this version tells."""
    return Ways(
        start=address("opds-start", version),
        shelf=address("opds-shelf", version),
        search=address("opds-search", version) + "{?query}",
        description=address("opds-search-description"),
        authentication=address("opds-authentication"),
    )


def feed_id(name: str) -> str:
    """Return the identifier of a feed, the same in every region and version."""
    return tag_uri(f"opds:{name}")


def today() -> datetime:
    """Return the beginning of the day: when a feed of feeds last changed, since nothing notes that more closely."""
    return clock.now().replace(hour=0, minute=0, second=0, microsecond=0)


def answer(feed: Feed, version: str) -> HttpResponse:
    """Return the response with the feed."""
    if version == V1:
        language = regions.current().language
        body = atom.written(feed, author=settings.SITE_NAME, language=language)
        return HttpResponse(body, content_type=atom.media_type(feed.kind))
    return HttpResponse(json_feed.written(feed, icon=settings.SITE_URL + ICON), content_type=json_feed.TYPE)


def here(request: HttpRequest) -> str:
    """Return the absolute address of the request."""
    return settings.SITE_URL + request.get_full_path()

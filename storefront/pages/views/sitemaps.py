"""Sitemaps (sitemaps.org) and robots.txt.

A sitemap is a range of 50,000 keys, so the last of a million books takes no longer than the first;
django.contrib.sitemaps pages by offset.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.page_cache import public_page
from common.limits import rate_limited_by_network
from storefront.pages.selectors import sitemaps

_TYPE = "application/xml; charset=utf-8"
_OPENING = '<?xml version="1.0" encoding="UTF-8"?>\n<{} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
_VIEWS = {
    "books": "pages:book",
    "authors": "pages:author",
    "series": "pages:series",
    "shelves": "community:shelf",
    "in-progress": "in_progress:shown",
}
_ABOUT = ("pages:publish", "help", "faq", "about", "checkout:refund-policy", "catalogue:ranking", "community:rules")
_BATCH = 500
# Personal pages, and lists that only repeat another in a different order.
_PERSONAL = (
    "account/", "accounts/", "cart/", "checkout/", "desk/", "download/", "earnings/", "finance/", "gifts/", "library/",
    "opds/", "orders/", "payments/", "search/", "wishlist/", "following/", "for-you/", "region/",
)  # fmt: skip
# The same paths in every region, whose prefix comes first.
_NOT_FOR_ROBOTS = (
    *(f"{start}{page}" for page in _PERSONAL for start in ("/", "/*-*/")),
    *("/*?*after=", "/*?*without=", "/*?*sort="),
)


@require_safe
@public_page()
def index(request: HttpRequest) -> HttpResponse:
    """List the sitemaps."""
    rows: list[tuple[str, datetime | None]] = [(reverse("pages:sitemap-shop"), None)]
    rows += [
        (reverse("pages:sitemap", args=[one.kind, one.number]), one.changed_at) for one in sitemaps.sitemap_ranges()
    ]
    return HttpResponse("".join(_document("sitemapindex", "sitemap", rows)), content_type=_TYPE)


@require_safe
@rate_limited_by_network("feed")
@public_page()
def sitemap(request: HttpRequest, kind: str, number: int) -> HttpResponseBase:
    """Return one range of books, authors, series, shelves or chapters in progress."""
    if kind not in _VIEWS:
        raise Http404
    places = sitemaps.sitemap_places(kind, number)
    first = next(places, None)
    if first is None:
        raise Http404  # the format does not allow an empty sitemap

    # Resolved now, because a streamed response is written after its region was left.
    before, after = _around(reverse(_VIEWS[kind], args=[first.name]), first.name)
    rows = ((f"{before}{one.name}{after}", one.changed_at) for one in chain([first], places))
    return StreamingHttpResponse(_document("urlset", "url", rows), content_type=_TYPE)


def _around(path: str, name: str) -> tuple[str, str]:
    """Return what comes before and after a name (a slug, a public id) in the URL of its page."""
    before, _name, after = path.rpartition(name)
    return before, after


@require_safe
@rate_limited_by_network("feed")
@public_page()
def shop(request: HttpRequest) -> HttpResponse:
    """List the shop's own pages: the front page, the catalogue and its subjects, the directories, bundles, and help.

    Empty lists are left out, because their pages ask search engines not to index them.
    """
    catalogue = reverse("catalogue:books")
    paths = [reverse("pages:front"), catalogue, *map(reverse, sitemaps.lists_with_anything())]
    paths += [f"{catalogue}?subject={code}" for code in sitemaps.subjects_with_books()]
    paths += [reverse("pages:bundle", args=[slug]) for slug in sitemaps.bundle_slugs()]
    paths += map(reverse, _ABOUT)
    return HttpResponse("".join(_document("urlset", "url", ((path, None) for path in paths))), content_type=_TYPE)


@require_safe
@public_page()
def robots(request: HttpRequest) -> HttpResponse:
    """Return the paths that robots should not crawl, and the URL of the sitemaps."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _NOT_FOR_ROBOTS), ""]
    lines += [f"Sitemap: {settings.SITE_URL}{reverse('pages:sitemaps')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _document(root: str, tag: str, rows: Iterable[tuple[str, datetime | None]]) -> Iterator[str]:
    """Yield the document in pieces of some hundred URLs."""
    yield _OPENING.format(root)
    piece: list[str] = []
    for path, changed_at in rows:
        dated = f"<lastmod>{changed_at:%Y-%m-%dT%H:%M:%SZ}</lastmod>" if changed_at else ""
        piece.append(f"<{tag}><loc>{escape(settings.SITE_URL + path)}</loc>{dated}</{tag}>\n")
        if len(piece) == _BATCH:
            yield "".join(piece)
            piece = []
    yield "".join(piece) + f"</{root}>\n"

"""A book on another website: a card or a button in a frame, whose links carry a share link's code."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from accounts.page_cache import public_page
from common.limits import rate_limited_by_network
from insight.events.models import ShareLink
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors.cards import cards_from

KINDS = ("card", "button")
# Any site may show it; it runs no script, sends no form and sets no cookie.
_CSP: dict[str, Any] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
    "frame-ancestors": ["*"],
}


@require_safe
@rate_limited_by_network("list")
@xframe_options_exempt
@csp_override(_CSP)
@public_page(max_age=300)
def embed(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Show the book of a share link with its price, and a link to its page; 404 while it is not on sale."""
    link = ShareLink.objects.filter(code=code).first()
    if link is None or kind not in KINDS:
        raise Http404
    listing = Listing.objects.on_sale().filter(work=link.work_id).first()
    if listing is None:
        raise Http404
    return render(request, "events/embed.html", {"card": cards_from([listing])[0], "code": code, "kind": kind})

"""The page that a link with a coupon code leads to: what the code takes off, and for which books.

It belongs to nobody's cart, so following a link changes nothing; the page's buttons add a book together with the code.
Book pages stay the same for everyone and in any cache.
"""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import regions
from accounts.requests import VisitorRequest
from common import clock
from common.limits import rate_limited_by_network
from storefront.checkout.cart.services import code_links
from storefront.checkout.cart.views.request_cart import person_of


@never_cache
@require_safe
@rate_limited_by_network("code_link")
def code_link(request: VisitorRequest, code: str) -> HttpResponse:
    """Show the code, or say why it cannot be used. Counted, as it could be used to guess codes."""
    page = code_links.code_page(code, user=person_of(request), country=regions.current().country, at=clock.now())
    if page is None:
        raise Http404
    return render(request, "checkout/code_link.html", {"page": page})

"""The front page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import regions
from accounts.page_cache import public_page
from common import clock
from storefront.catalogue.selectors import shop_state as catalogue_selectors
from storefront.catalogue.views import versions
from storefront.community.selectors.shelves import front_shelves
from storefront.pages.jsonld.pages import front_jsonld
from storefront.pages.selectors.front import anything_on_sale, front_page, subject_shelves


def _rest_of_the_minute() -> int:
    """Return the seconds left: a turn on the fresh shelf ends on the minute, and must not be shown for longer."""
    return 60 - clock.now().second


@require_safe
@public_page(etag=versions.of_front, max_age=_rest_of_the_minute, stale=60)
def front(request: HttpRequest) -> HttpResponse:
    """Show new books in turns, the ranked shelves, and a shelf for every subject."""
    shop = catalogue_selectors.shop_state(clock.now())
    context = {
        "page": front_page(shop),
        # Called by the template only if the shop is empty, or if its fragment is not cached.
        "has_books": anything_on_sale,
        "curated": front_shelves,
        "subject_shelves": subject_shelves,
        "version": shop.listed.version,
        "region": regions.current(),
        "turn": shop.turn,
        "jsonld": front_jsonld(),
    }
    return render(request, "pages/front.html", context)

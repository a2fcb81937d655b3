"""A bundle's public page."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import regions
from accounts.countries import country_name
from accounts.page_cache import public_page
from accounts.requests import VisitorRequest
from storefront.catalogue.selectors import bundles as bundle_selectors
from storefront.catalogue.views.jsonld.pages import bundle_jsonld
from storefront.checkout.guests.views.current_readers import owned_works


@require_safe
@public_page()
def bundle(request: VisitorRequest, slug: str) -> HttpResponseBase:
    """Show a bundle's works, their separate prices, and a button to buy them together, unless they are all owned."""
    found = bundle_selectors.bundle_on_sale(slug)
    offer = bundle_selectors.shown_offer(found) if found is not None else None
    if offer is None:
        raise Http404
    home = regions.current().country
    barred = [part.work.title for part in offer.parts if not part.work.territory.is_sold_in(home)]
    context = {
        "offer": offer,
        "bundle": found,
        "barred": barred,
        "country": country_name(home) if home else "",
        "jsonld": bundle_jsonld(offer),
    }
    works = {part.work.pk for part in offer.parts}
    mine = owned_works(request, works)
    return render(request, "pages/bundle.html", context | {"mine": mine, "is_owned": mine == works})

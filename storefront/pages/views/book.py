"""A book's page, and how much of a chosen price the author gets."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts import regions
from accounts.countries import country_name
from accounts.page_cache import public_page
from accounts.requests import VisitorRequest
from common import clock
from common.templatetags.money import percent
from royalties.errors import NoTermsInForce
from storefront.catalogue import vat_rates
from storefront.catalogue.forms import AmountForm
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors.book import book_listing
from storefront.checkout.cart.services import quotes
from storefront.checkout.guests.views.current_readers import owned_works
from storefront.library.views import versions
from storefront.pages.jsonld.book import book_jsonld
from storefront.pages.selectors import book as book_selectors


@require_safe
@public_page(etag=versions.of_book)
def book(request: VisitorRequest, slug: str) -> HttpResponse:
    """Show a book with a button to buy it, or a link to read it for readers who own it."""
    listing = book_listing(slug)
    if listing is None:
        raise Http404
    page = book_selectors.book_page(listing)
    is_owned = bool(owned_works(request, [listing.work_id]))
    context = {"page": page, "jsonld": book_jsonld(page), "tax_note": _tax_note(), "is_owned": is_owned}
    return render(request, "pages/book.html", context)


def _tax_note() -> str:
    """Return what the price has of tax in the page's region; for the default region, where tax is added to it."""
    today, country = clock.now().date(), regions.current().country
    if country:
        rate = vat_rates.rate_for(country=country, at=today)
        words = _("including %(rate)s tax") if rate.is_included else _("plus %(rate)s tax")
        return words % {"rate": percent(rate.rate_bps)} if rate.rate_bps else _("No tax is added")
    if added_in := [country_name(code) for code in vat_rates.countries_that_add(at=today)]:
        words = _("Tax included; added to the price in: %(countries)s")
        return words % {"countries": ", ".join(added_in)}
    return _("Tax included")


@require_safe
@public_page()
@vary_on_headers("HX-Request")
def net(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what the author gets at the price a reader chose: as a fragment, or as a page without JavaScript."""
    listing = get_object_or_404(Listing.objects.on_sale().select_related("edition"), slug=slug)
    currency = request.GET.get("currency", settings.DEFAULT_CURRENCY)
    if currency not in settings.CURRENCIES:
        raise Http404
    form = AmountForm(request.GET, currency=currency)
    context: dict[str, object] = {"book": listing, "form": form}
    if form.is_valid():
        context["amount"] = form.chosen
        try:
            context["net"] = quotes.author_net(edition=listing.edition, amount=form.chosen, at=clock.now())
        except NoTermsInForce:
            raise Http404 from None
    template = "pages/_author_share.html" if "HX-Request" in request.headers else "pages/author_share.html"
    return render(request, template, context)

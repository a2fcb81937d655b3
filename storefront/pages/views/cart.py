"""The cart page, and setting aside what cannot be bought now."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import VisitorRequest
from accounts.views.countries import country_of
from common import clock
from storefront.checkout.cart.selectors.carts import CartItem
from storefront.checkout.cart.services import cart_views
from storefront.checkout.cart.views.carts import save_amounts
from storefront.checkout.cart.views.request_cart import cart_of, open_cart, person_of
from storefront.pages.services import save_for_later


@never_cache
@require_GET
def cart(request: VisitorRequest) -> HttpResponse:
    """Show the items in the cart and their total, before tax that is added on top."""
    found = open_cart(request)
    person, view = person_of(request), None
    if found is not None:
        country = country_of(request, person)
        view = cart_views.cart_view(actor=person, cart=found, at=clock.now(), country=country)
    page = {
        "view": view,
        "rows": [(row, _page_of(row.item)) for row in view.rows] if view else [],
        "cart": view.page if view else None,
        "currencies": settings.CURRENCIES,
        "is_signed_in": person is not None,
    }
    return render(request, "pages/cart.html", page)


def _page_of(item: CartItem) -> str:
    name = "pages:bundle" if item.bundle else "pages:series" if item.series else "pages:book"
    return reverse(name, args=[item.slug])


@never_cache
@require_POST
def set_aside(request: VisitorRequest) -> HttpResponse:
    """Set aside what cannot be bought now, and continue to checkout."""
    found, person = cart_of(request), person_of(request)
    if found is None or ("line" in request.POST and not save_amounts(request, found)):
        return redirect("pages:cart")
    done = save_for_later.save_for_later(actor=person, cart=found, country=country_of(request, person), at=clock.now())
    if done.kept:
        messages.info(request, _("Moved to your wish list: %(titles)s") % {"titles": ", ".join(done.kept)})
    if done.taken_out:
        messages.info(request, _("Removed from your cart: %(titles)s") % {"titles": ", ".join(done.taken_out)})
    return redirect("checkout:pay")

"""Checkout."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.region_forms import CountryForm
from accounts.requests import VisitorRequest
from accounts.views.countries import country_of
from common import clock
from common.errors import DomainError
from common.limits import TooManyRequests
from payments.pay_methods import ways_to_pay
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.selectors.carts import OpenCart
from storefront.checkout.cart.services import cart_views
from storefront.checkout.cart.views.expired_sessions import recover_session
from storefront.checkout.cart.views.request_cart import open_cart, person_of
from storefront.checkout.errors import (
    AlreadyOwned,
    AlreadyPreordered,
    NotSoldIn,
    QuoteChanged,
)
from storefront.checkout.orders.forms import PayForm
from storefront.checkout.orders.views import paying, price_changes

_TAKE_OUT = _("Remove it from your cart to continue.")


@never_cache
@require_http_methods(["GET", "POST"])
@recover_session
def checkout(request: VisitorRequest) -> HttpResponse:
    """Show one page with country, email address, consent and the whole price with its parts; then go to the provider's
    page.

    Until a country is chosen, prices are shown as they are with tax included. The button then pays, or shows the price
    for the chosen country if it differs.
    """
    person, cart = person_of(request), open_cart(request)
    buyer = person or (cart_selectors.buyer_of(cart.cart) if cart is not None else None)
    form = PayForm(request.POST, is_guest=person is None) if request.method == "POST" else None
    country, had = country_of(request, person), ""
    try:
        if form is not None and form.is_valid():
            answer = paying.pay(request, form, person=person, cart=cart, buyer=buyer)
            if answer is not None:
                return answer
        quote, had = paying.quote_for(form, buyer, cart, country)
    except QuoteChanged as changed:  # changed between our check and the order
        messages.warning(request, changed.text)
        return redirect("checkout:pay")
    except (AlreadyOwned, AlreadyPreordered) as theirs:
        messages.warning(request, f"{theirs.text} {_TAKE_OUT}")
        return redirect("pages:cart")
    except NotSoldIn as barred:
        return _elsewhere(request, barred, country, cart)
    except TooManyRequests:
        raise
    except DomainError as problem:
        messages.warning(request, problem.text)
        return redirect("pages:cart")
    form = form or PayForm(
        is_guest=person is None,
        initial={
            "country": country,
            "email": buyer.mail_to if buyer is not None and not had else "",
            "needs_consent": str(quote.needs_consent),
        },
    )
    cart_id = cart.cart.public_id if cart is not None and person is None else ""
    context = {"form": form, "quote": quote, "person": person, "had": had, "cart_id": cart_id}
    context["ways"] = ways_to_pay(country=quote.country, currency=quote.total.currency)
    context["shown_prices"] = price_changes.prices_of(quote)
    return render(request, "checkout/checkout.html", context, status=422 if form.errors else 200)


def _elsewhere(request: VisitorRequest, barred: NotSoldIn, country: str, cart: OpenCart | None) -> HttpResponse:
    """Show why there is nothing to pay in that country, and the alternatives: another country, or the rest of the
    cart."""
    person, view = person_of(request), None
    if cart is not None:
        view = cart_views.cart_view(actor=person, cart=cart, at=clock.now(), country=country)
    context = {
        "form": CountryForm(initial={"country": country}),
        "barred": barred.text,
        "view": view,
        "is_signed_in": person is not None,
    }
    return render(request, "checkout/not_sold_here.html", context, status=422 if request.method == "POST" else 200)

"""Checkout."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import services as account_services
from accounts.models import User
from accounts.region_forms import CountryForm
from accounts.requests import VisitorRequest
from accounts.views.countries import country_of
from common import clock, limits, sites
from common.errors import DomainError
from common.limits import TooManyRequests
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.selectors.carts import OpenCart
from storefront.checkout.cart.services import cart_views, quotes
from storefront.checkout.cart.services.quotes import Quote
from storefront.checkout.cart.views.expired_sessions import recover_session
from storefront.checkout.cart.views.request_cart import open_cart, person_of
from storefront.checkout.errors import (
    AlreadyBought,
    AlreadyOwned,
    AlreadyPreordered,
    CartEmpty,
    NotSoldIn,
    QuoteChanged,
)
from storefront.checkout.guests.services import guests as guest_services
from storefront.checkout.guests.views.current_readers import remember_guest
from storefront.checkout.orders.forms import PayForm
from storefront.checkout.orders.services import checkout as checkout_services
from storefront.checkout.orders.views import price_changes
from storefront.checkout.orders.views.request_origin import origin_of

_TAKE_OUT = _("Remove it from your cart to continue.")
_OTHER_ADDRESS = _(
    "With a different email address, no book counts as already bought. Nothing was charged. Check the new total."
)


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
            answer = _pay(request, form, person=person, cart=cart, buyer=buyer)
            if answer is not None:
                return answer
        quote, had = _quote(form, buyer, cart, country)
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


def _typed_email(form: PayForm | None) -> str:
    """Return the email address in the form; "" if it is invalid or not asked for."""
    return form.cleaned_data.get("email", "") if form is not None else ""


def _buyer_under(email: str, buyer: User | None) -> User | None:
    """Return the buyer whose books are left out: with another email address than the guest's, someone who has none."""
    is_guest = buyer is not None and buyer.is_guest
    return guest_services.buyer_under(guest=buyer, email=email) if is_guest and email else buyer


def _quote(form: PayForm | None, buyer: User | None, cart: OpenCart | None, country: str) -> tuple[Quote, str]:
    """Return the quote; and, until a guest has entered an address, the message about a book of theirs that someone
    else may buy."""
    email, at = _typed_email(form), clock.now()
    try:
        return quotes.quote_cart(actor=_buyer_under(email, buyer), cart=cart, country=country, at=at), ""
    except (AlreadyBought, AlreadyPreordered) as had:
        if email or buyer is None or not buyer.is_guest:
            raise
        return quotes.quote_cart(actor=None, cart=cart, country=country, at=at), had.text


def _pay(
    request: VisitorRequest, form: PayForm, *, person: User | None, cart: OpenCart | None, buyer: User | None
) -> HttpResponse | None:
    """Place the order and redirect to the provider's page; return None, with a form error, if another price must be
    shown first."""
    country, digest, at = form.cleaned_data["country"], form.cleaned_data["digest"], clock.database_now()
    known, buyer = buyer, _buyer_under(_typed_email(form), buyer)
    done = checkout_services.recently_paid_order(buyer=buyer, digest=digest, at=at) if buyer is not None else None
    if done is not None:  # the first of two clicks was faster
        return redirect("pages:order", done.public_id)
    offer = quotes.quote_cart(actor=buyer, cart=cart, country=country, at=at)
    if offer.digest != digest:
        shown_country = form.cleaned_data["shown_country"]
        shown = quotes.quote_cart(actor=buyer, cart=cart, country=shown_country, at=at)
        if shown.digest != digest:
            told = price_changes.changes_since(form.cleaned_data["shown_prices"], shown)
            form.add_error(None, _OTHER_ADDRESS if known is not None and buyer is None else told)
            return None
        if shown.asked != offer.asked:
            form.add_error(
                None, _("The price including tax is different in the country you chose. Check it before you pay.")
            )
            return None
    site = sites.site_of(request)
    wish = {"country": country, "digest": offer.digest, "has_consented": form.cleaned_data["consent"], "at": at}
    wish |= {"site": site, "origin": origin_of(request)}
    if person is not None:
        limits.consume(request, "checkout")
        placed = checkout_services.place_order(actor=person, **wish)
    elif cart is None:
        raise CartEmpty
    else:
        email = account_services.normal_email(form.cleaned_data["email"])
        # Prevents filling someone else's mailbox with receipts for free books.
        limits.consume(request, "guest_order", key=email)
        placed = guest_services.place_order(cart=cart.cart, email=email, **wish)
        remember_guest(request, placed.buyer)
    url = checkout_services.payment_page(order=placed, site=site)
    # A form may not redirect to a page under another host name, but a link can lead there.
    if not url or sites.is_at_other_site(url, request):
        return redirect("pages:order", placed.public_id)
    return HttpResponseRedirect(url)

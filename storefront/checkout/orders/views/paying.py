"""From a filled-in checkout page to the provider's page: of a cart, or of a book that is bought without one."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts import services as account_services
from accounts.models import User
from accounts.requests import VisitorRequest
from common import clock, limits, sites
from storefront.checkout.cart.selectors.carts import OpenCart
from storefront.checkout.cart.services import carts as cart_services
from storefront.checkout.cart.services import quotes
from storefront.checkout.cart.services.direct_purchases import DirectPurchase
from storefront.checkout.cart.services.quotes import Quote
from storefront.checkout.cart.views.request_cart import SESSION_KEY, remember
from storefront.checkout.errors import AlreadyBought, AlreadyPreordered, CartEmpty
from storefront.checkout.guests.services import guests as guest_services
from storefront.checkout.guests.views.current_readers import remember_guest
from storefront.checkout.models import Cart, Order
from storefront.checkout.orders.forms import PayForm
from storefront.checkout.orders.services import checkout as checkout_services
from storefront.checkout.orders.views import price_changes
from storefront.checkout.orders.views.request_origin import origin_of

_OTHER_ADDRESS = _(
    "With a different email address, no book counts as already bought. Nothing was charged. Check the new total."
)


def _typed_email(form: PayForm | None) -> str:
    """Return the email address in the form; "" if it is invalid or not asked for."""
    return form.cleaned_data.get("email", "") if form is not None else ""


def _buyer_under(email: str, buyer: User | None) -> User | None:
    """Return the buyer whose books are left out: with another email address than the guest's, someone who has none."""
    is_guest = buyer is not None and buyer.is_guest
    return guest_services.buyer_under(guest=buyer, email=email) if is_guest and email else buyer


def quote_for(form: PayForm | None, buyer: User | None, cart: OpenCart | None, country: str) -> tuple[Quote, str]:
    """Return the quote; and, until a guest has entered an address, the message about a book of theirs that someone
    else may buy."""
    email, at = _typed_email(form), clock.now()
    try:
        return quotes.quote_cart(actor=_buyer_under(email, buyer), cart=cart, country=country, at=at), ""
    except (AlreadyBought, AlreadyPreordered) as had:
        if email or buyer is None or not buyer.is_guest:
            raise
        return quotes.quote_cart(actor=None, cart=cart, country=country, at=at), had.text


def pay(
    request: VisitorRequest,
    form: PayForm,
    *,
    person: User | None,
    cart: OpenCart | None,
    buyer: User | None,
    purchase: DirectPurchase | None = None,
) -> HttpResponse | None:
    """Place the order and redirect to the provider's page; return None, with a form error, if another price must be
    shown first. `cart` holds what the page offers: the visitor's cart, or the `purchase` that is made without it.
    """
    country, digest, at = form.cleaned_data["country"], form.cleaned_data["digest"], clock.database_now()
    known, buyer = buyer, _buyer_under(_typed_email(form), buyer)
    done = checkout_services.recently_paid_order(buyer=buyer, digest=digest, at=at) if buyer is not None else None
    if done is not None:  # the first of two clicks was faster
        return _after_paying(done)
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
    wish |= {"site": site, "origin": origin_of(request), "purchase": purchase}
    if person is not None:
        limits.consume(request, "checkout")
        placed = checkout_services.place_order(actor=person, **wish)
    elif cart is None:
        raise CartEmpty
    else:
        email = account_services.normal_email(form.cleaned_data["email"])
        # Prevents filling someone else's mailbox with receipts for free books.
        limits.consume(request, "guest_order", key=email)
        placed = guest_services.place_order(cart=_visitors_cart(request, cart, purchase), email=email, **wish)
        remember_guest(request, placed.buyer)
    url = checkout_services.payment_page(order=placed, site=site)
    if not url:
        return _after_paying(placed)
    # A form may not redirect to a page under another host name, but a link can lead there.
    if sites.is_at_other_site(url, request):
        return redirect("pages:order", placed.public_id)
    return HttpResponseRedirect(url)


def _after_paying(order: Order) -> HttpResponse:
    return redirect("pages:order-paid" if order.landing else "pages:order", order.public_id)


def _visitors_cart(request: VisitorRequest, cart: OpenCart, purchase: DirectPurchase | None) -> Cart:
    """Return the visitor's own cart, by which their earlier orders are known; begun now if they have none."""
    if purchase is None:
        return cart.cart
    cart_id = request.session.get(SESSION_KEY, "")
    own = cart_services.visitors_cart(cart_id=cart_id, currency=cart.page.currency, at=clock.now())
    remember(request, own)
    return own

"""Checkout, orders and giving back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts import services as account_services
from accounts.models import User
from accounts.requests import PersonRequest, VisitorRequest
from common import clock, limits, sites
from common.errors import DomainError
from common.limits import TooManyRequests
from storefront.errors import (
    AlreadyBought,
    AlreadyOwned,
    AlreadyPreordered,
    CartEmpty,
    NotSoldIn,
    QuoteChanged,
    RefundNotPossible,
)
from storefront.forms import CountryForm, PayForm
from storefront.models import RefundState
from storefront.selectors import carts as cart_selectors
from storefront.selectors import guests as guest_selectors
from storefront.selectors import library as library_selectors
from storefront.selectors import orders as order_selectors
from storefront.selectors.carts import OpenCart
from storefront.services import cart_views, quotes
from storefront.services import checkout as checkout_services
from storefront.services import gifts as gift_services
from storefront.services import guests as guest_services
from storefront.services import refunds as refund_services
from storefront.services.quotes import Quote
from storefront.views.carts import open_cart, person_of
from storefront.views.countries import country_of
from storefront.views.holders import claim_version_of, for_holders, remember_guest
from storefront.views.lost_sessions import lead_back
from storefront.views.origins import origin_of

_TAKE_OUT = _("Take it out of your cart to go on.")
_SENT = _("Your money is on its way back. We will write to you as soon as it is sent.")
_CANCELED = _("It is canceled.")
_OTHER_ADDRESS = _("Under another address nothing counts as bought before. Nothing was charged; look at the new total.")
_ASKED = _("A person looks at it within two working days, and we write to you. Until then the book stays yours.")


@never_cache
@require_http_methods(["GET", "POST"])
@lead_back
def checkout(request: VisitorRequest) -> HttpResponse:
    """One page: country, address, consent and the whole price with its parts; then the provider's page.

    Until a country is chosen the price is shown as it is where tax is inside. The button then pays, or shows the price
    of the chosen country where it is another one.
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
    except QuoteChanged as changed:  # between our look and the order
        messages.warning(request, changed.text)
        return redirect("checkout")
    except (AlreadyOwned, AlreadyPreordered) as theirs:
        messages.warning(request, f"{theirs.text} {_TAKE_OUT}")
        return redirect("cart")
    except NotSoldIn as barred:
        return _elsewhere(request, barred, country, cart)
    except TooManyRequests:
        raise
    except DomainError as problem:
        messages.warning(request, problem.text)
        return redirect("cart")
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
    return render(request, "storefront/checkout.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_GET
def orders(request: PersonRequest) -> HttpResponse:
    """The person's orders, newest first."""
    context = {
        "orders": order_selectors.orders_of(request.user),
        "waiting": guest_selectors.waiting_for(request.user),
    }
    return render(request, "storefront/orders.html", context)


@never_cache
@require_GET
@for_holders
def order(request: VisitorRequest, holders: list[User], order_id: str) -> HttpResponse:
    """One order. While it is open the provider is asked, so that nobody waits for a webhook.

    Of a guest it is the library, too: the books with their files.
    """
    found = order_selectors.order_of(buyers=holders, order_id=order_id)
    found = checkout_services.look_again(order=found)
    buyer = found.buyer
    view = order_selectors.order_view(user=buyer, order=found, at=clock.now())
    links = {line.gift.pk: gift_services.link_of(line.gift) for line in view.gifts if line.gift and line.is_waiting}
    context = {
        "view": view,
        "is_back": "back" in request.GET,
        "links": links if found.paid_at else {},
        "books": library_selectors.library_of(buyer, order=found) if buyer.is_guest else [],
        "may_claim": buyer.is_guest and _may_claim(request, buyer),
    }
    return render(request, "storefront/order.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@for_holders
def refund(request: VisitorRequest, holders: list[User], order_id: str, line_id: str) -> HttpResponse:
    """Give one book back: a page that says what follows, and one click."""
    line = order_selectors.line_of(buyers=holders, order_id=order_id, line_id=line_id)
    buyer = line.order.buyer
    if request.method == "GET":
        view = order_selectors.order_view(user=buyer, order=line.order, at=clock.now())
        shown = next(row for row in view.lines if row.line_id == line_id)
        return render(request, "storefront/refund.html", {"order": line.order, "line": shown})
    try:
        reason = " ".join(request.POST.get("reason", "").split())[:200]
        asked = refund_services.request_refund(
            actor=buyer, line=line, reason=reason, at=clock.database_now(), origin=origin_of(request)
        )
    except RefundNotPossible as problem:
        messages.warning(request, problem.text)
    else:
        text = _CANCELED if asked is None else _ASKED if asked.state == RefundState.PROPOSED else _SENT
        messages.success(request, text)
    return redirect("order", order_id)


def _may_claim(request: VisitorRequest, guest: User) -> bool:
    """Whether the person who is logged in may put the guest's order into their library from here."""
    person = person_of(request)
    if person is None:
        return False
    is_shown = claim_version_of(request, guest.public_id, at=clock.now()) is not None
    return is_shown or guest_services.may_claim(actor=person, guest=guest)


def _elsewhere(request: VisitorRequest, barred: NotSoldIn, country: str, cart: OpenCart | None) -> HttpResponse:
    """Why there is nothing to pay in that country, and the ways on: another one, or the rest of the cart."""
    person, view = person_of(request), None
    if cart is not None:
        view = cart_views.cart_view(actor=person, cart=cart, at=clock.now(), country=country)
    context = {
        "form": CountryForm(initial={"country": country}),
        "barred": barred.text,
        "view": view,
        "is_signed_in": person is not None,
    }
    return render(request, "storefront/checkout_barred.html", context, status=422 if request.method == "POST" else 200)


def _typed_email(form: PayForm | None) -> str:
    """The address in the form; "" when it is none, or not asked for."""
    return form.cleaned_data.get("email", "") if form is not None else ""


def _buyer_under(email: str, buyer: User | None) -> User | None:
    """Whose books are left out: under another address than the guest's it is somebody who has none."""
    is_guest = buyer is not None and buyer.is_guest
    return guest_services.buyer_under(guest=buyer, email=email) if is_guest and email else buyer


def _quote(form: PayForm | None, buyer: User | None, cart: OpenCart | None, country: str) -> tuple[Quote, str]:
    """The quote; and, until a guest has typed an address, what to say of a book of theirs that another one may buy."""
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
    """Order and lead to the provider's page; None, with a word in the form, when another price must be shown first."""
    country, digest, at = form.cleaned_data["country"], form.cleaned_data["digest"], clock.database_now()
    known, buyer = buyer, _buyer_under(_typed_email(form), buyer)
    done = checkout_services.paid_just_now(buyer=buyer, digest=digest, at=at) if buyer is not None else None
    if done is not None:  # the first of two clicks was quicker
        return redirect("order", done.public_id)
    offer = quotes.quote_cart(actor=buyer, cart=cart, country=country, at=at)
    if offer.digest != digest:
        shown_country = form.cleaned_data["shown_country"]
        shown = quotes.quote_cart(actor=buyer, cart=cart, country=shown_country, at=at)
        if shown.digest != digest:
            form.add_error(None, _OTHER_ADDRESS if known is not None and buyer is None else QuoteChanged().text)
            return None
        if shown.asked != offer.asked:
            form.add_error(None, _("In the country you chose the price with its tax is another one: look at it again."))
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
        # Nobody fills somebody else's mailbox with receipts of free books.
        limits.consume(request, "guest_order", key=email)
        placed = guest_services.place_order(cart=cart.cart, email=email, **wish)
        remember_guest(request, placed.buyer)
    url = checkout_services.payment_page(order=placed, site=site)
    if not url or sites.is_at_other_site(url, request):  # to a page opened by another name, a link leads, no form
        return redirect("order", placed.public_id)
    return HttpResponseRedirect(url)

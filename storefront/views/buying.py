"""Cart, checkout, orders and giving back."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.requests import PersonRequest, VisitorRequest
from common import clock
from common.errors import DomainError
from storefront.errors import AlreadyOwned, ForeignRequest, NotOnSale, QuoteChanged, RefundNotPossible
from storefront.forms import CountryForm, PayForm
from storefront.models import Cart, Order, RefundState
from storefront.selectors import carts as cart_selectors
from storefront.selectors import orders as order_selectors
from storefront.services import carts as cart_services
from storefront.services import checkout as checkout_services
from storefront.services import quotes
from storefront.services import refunds as refund_services
from storefront.views.guards import is_from_here

_SESSION_KEY = "cart"
_SENT = _("Your money is on its way back. We will write to you as soon as it is sent.")
_ASKED = _("A person looks at it within two working days, and we write to you. Until then the book stays yours.")


@csrf_exempt
@never_cache
@require_POST
def add(request: VisitorRequest) -> HttpResponse:
    """Put an edition into the cart; with `then=checkout` go straight on to paying."""
    if not is_from_here(request):
        raise ForeignRequest
    user = _person(request)
    try:
        cart = cart_services.add_edition(
            actor=user,
            cart_id=request.session.get(_SESSION_KEY, ""),
            edition_id=request.POST.get("edition", ""),
            currency=request.POST.get("currency", ""),
            at=clock.now(),
        )
    except AlreadyOwned as owned:
        messages.info(request, owned.text)
        return redirect("library")
    except NotOnSale as gone:
        messages.warning(request, gone.text)
        return redirect("cart")
    if user is None:
        request.session[_SESSION_KEY] = cart.public_id
    return redirect("checkout" if request.POST.get("then") == "checkout" else "cart")


@never_cache
@require_GET
def cart(request: VisitorRequest) -> HttpResponse:
    """What lies in the cart, and what it comes to before tax that is added on top."""
    found = _cart(request)
    page = {"cart": cart_selectors.cart_page(found) if found else None, "currencies": settings.CURRENCIES}
    return render(request, "storefront/cart.html", page)


@never_cache
@require_GET
def badge(request: VisitorRequest) -> HttpResponse:
    """How many books lie in the cart: a fragment, fetched apart so that shop pages vary on nobody."""
    number = cart_selectors.count_lines(user=_person(request), cart_id=request.session.get(_SESSION_KEY, ""))
    return render(request, "storefront/_cart_badge.html", {"number": number})


@never_cache
@require_POST
def remove(request: VisitorRequest) -> HttpResponse:
    found = _cart(request)
    if found is not None:
        cart_services.remove_edition(cart=found, edition_id=request.POST.get("edition", ""))
    return redirect("cart")


@never_cache
@require_POST
def change_currency(request: VisitorRequest) -> HttpResponse:
    found, currency = _cart(request), request.POST.get("currency", "")
    if found is not None and currency in settings.CURRENCIES:
        cart_services.set_currency(cart=found, currency=currency, at=clock.now())
    return redirect("cart")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def checkout(request: PersonRequest) -> HttpResponse:
    """First the country, then the whole price with its parts, then the provider's page."""
    country = request.POST.get("country") or request.GET.get("country") or request.user.country
    country_form = CountryForm({"country": country})
    if not country or not country_form.is_valid():
        return render(request, "storefront/checkout.html", {"country_form": CountryForm()})
    form = PayForm(request.POST) if request.method == "POST" else None
    try:
        if form is not None and form.is_valid():
            return _pay(request, form)
        quote = quotes.quote_cart(actor=request.user, cart=_cart(request), country=country, at=clock.now())
    except QuoteChanged as changed:
        messages.warning(request, changed.text)
        return redirect(f"{request.path}?country={country}")
    except DomainError as problem:
        messages.warning(request, problem.text)
        return redirect("cart")
    form = form or PayForm(initial={"country": country, "digest": quote.digest})
    return render(request, "storefront/checkout.html", {"country_form": country_form, "form": form, "quote": quote})


@login_required
@never_cache
@require_GET
def orders(request: PersonRequest) -> HttpResponse:
    """The person's orders, newest first."""
    return render(request, "storefront/orders.html", {"orders": order_selectors.orders_of(request.user)})


@login_required
@never_cache
@require_GET
def order(request: PersonRequest, order_id: str) -> HttpResponse:
    """One order. While it is open the provider is asked, so that nobody waits for a webhook."""
    found = order_selectors.order_of(user=request.user, order_id=order_id)
    found = checkout_services.look_again(order=found)
    view = order_selectors.order_view(user=request.user, order=found, at=clock.now())
    return render(request, "storefront/order.html", {"view": view, "is_back": "back" in request.GET})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def refund(request: PersonRequest, order_id: str, line_id: str) -> HttpResponse:
    """Give one book back: a page that says what follows, and one click."""
    line = order_selectors.line_of(user=request.user, order_id=order_id, line_id=line_id)
    if request.method == "GET":
        view = order_selectors.order_view(user=request.user, order=line.order, at=clock.now())
        shown = next(row for row in view.lines if row.line_id == line_id)
        return render(request, "storefront/refund.html", {"order": line.order, "line": shown})
    try:
        reason = " ".join(request.POST.get("reason", "").split())[:200]
        asked = refund_services.request_refund(actor=request.user, line=line, reason=reason, at=clock.now())
    except RefundNotPossible as problem:
        messages.warning(request, problem.text)
    else:
        messages.success(request, _ASKED if asked.state == RefundState.PROPOSED else _SENT)
    return redirect("order", order_id)


def _pay(request: PersonRequest, form: PayForm) -> HttpResponse:
    placed: Order = checkout_services.place_order(
        actor=request.user,
        country=form.cleaned_data["country"],
        digest=form.cleaned_data["digest"],
        has_consented=form.cleaned_data["consent"],
        at=clock.now(),
    )
    url = checkout_services.payment_page(order=placed)
    return HttpResponseRedirect(url) if url else redirect("order", placed.public_id)


def _person(request: VisitorRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _cart(request: VisitorRequest | PersonRequest) -> Cart | None:
    """The visitor's cart. After signing in, what was put into the session's cart comes along."""
    cart_id = request.session.get(_SESSION_KEY, "")
    if not isinstance(request.user, User):
        return cart_selectors.cart_of(user=None, cart_id=cart_id)
    if not cart_id:
        return cart_selectors.cart_of(user=request.user, cart_id="")
    adopted = cart_services.adopt_cart(actor=request.user, cart_id=cart_id, at=clock.now())
    del request.session[_SESSION_KEY]
    return adopted

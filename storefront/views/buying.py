"""Checkout, orders and giving back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts import regions
from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError
from storefront.errors import QuoteChanged, RefundNotPossible
from storefront.forms import CountryForm, PayForm
from storefront.models import Order, RefundState
from storefront.selectors import orders as order_selectors
from storefront.services import checkout as checkout_services
from storefront.services import gifts as gift_services
from storefront.services import quotes
from storefront.services import refunds as refund_services
from storefront.views.carts import cart_of

_SENT = _("Your money is on its way back. We will write to you as soon as it is sent.")
_ASKED = _("A person looks at it within two working days, and we write to you. Until then the book stays yours.")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def checkout(request: PersonRequest) -> HttpResponse:
    """First the country, then the whole price with its parts, then the provider's page."""
    told = request.POST.get("country") or request.GET.get("country")
    country = told or request.user.country or regions.current().country
    country_form = CountryForm({"country": country})
    if not country or not country_form.is_valid():
        return render(request, "storefront/checkout.html", {"country_form": CountryForm()})
    form = PayForm(request.POST) if request.method == "POST" else None
    try:
        if form is not None and form.is_valid():
            return _pay(request, form)
        quote = quotes.quote_cart(actor=request.user, cart=cart_of(request), country=country, at=clock.now())
    except QuoteChanged as changed:
        messages.warning(request, changed.text)
        return redirect(f"{request.path}?country={country}")
    except DomainError as problem:
        messages.warning(request, problem.text)
        return redirect("cart")
    form = form or PayForm(
        initial={"country": country, "digest": quote.digest, "needs_consent": str(quote.needs_consent)}
    )
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
    links = {line.gift.pk: gift_services.link_of(line.gift) for line in view.gifts if line.gift and line.is_waiting}
    context = {"view": view, "is_back": "back" in request.GET, "links": links if found.paid_at else {}}
    return render(request, "storefront/order.html", context)


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

"""An order's page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.requests import VisitorRequest
from common import clock
from storefront.checkout.cart.views.request_cart import person_of
from storefront.checkout.gifts.services import gifts as gift_services
from storefront.checkout.guests.services import guests as guest_services
from storefront.checkout.guests.views.current_readers import claim_version_of, for_holders
from storefront.checkout.orders.selectors import orders as order_selectors
from storefront.checkout.orders.services import checkout as checkout_services
from storefront.library.selectors import library as library_selectors


@never_cache
@require_GET
@for_holders
def order(request: VisitorRequest, holders: list[User], order_id: str) -> HttpResponse:
    """Show one order. While it is open, ask the payment provider, so that nobody has to wait for a webhook.

    For guests, this page is also their library: it has the books with their files.
    """
    found = order_selectors.order_of(buyers=holders, order_id=order_id)
    found = checkout_services.refresh_order(order=found)
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
    return render(request, "pages/order.html", context)


def _may_claim(request: VisitorRequest, guest: User) -> bool:
    """Return whether the logged-in user may add the guest's order to their own library from here."""
    person = person_of(request)
    if person is None:
        return False
    is_shown = claim_version_of(request, guest.public_id, at=clock.now()) is not None
    return is_shown or guest_services.may_claim(actor=person, guest=guest)

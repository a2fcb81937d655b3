"""An order's page."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.requests import VisitorRequest
from common import clock
from storefront.checkout.cart.views.request_cart import person_of
from storefront.checkout.gifts.services import gifts as gift_services
from storefront.checkout.guests.services import guests as guest_services
from storefront.checkout.guests.views.current_readers import claim_version_of, for_holders
from storefront.checkout.models import OrderState
from storefront.checkout.orders.selectors import orders as order_selectors
from storefront.checkout.orders.selectors.orders import OrderView
from storefront.checkout.orders.services import checkout as checkout_services
from storefront.library.selectors import library as library_selectors
from storefront.pages.selectors import order as order_page
from storefront.pages.selectors.order import GivenBook


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
    is_back = "back" in request.GET
    context = {
        "view": view,
        "status": order_page.order_status(view, is_back=is_back),
        "actions": _actions(view, here=request.get_full_path(), is_back=is_back),
        "gifts": _gifts(view) if found.state == OrderState.PAID else [],
        "books": library_selectors.library_of(buyer, order=found) if buyer.is_guest else [],
        "may_claim": buyer.is_guest and _may_claim(request, buyer),
    }
    return render(request, "pages/order.html", context)


class Action(NamedTuple):
    """A link that is shown as a button."""

    label: str
    href: str
    is_primary: bool = True


def _actions(view: OrderView, *, here: str, is_back: bool) -> list[Action]:
    """Return where the reader can go from the order's state: the library, the payment page, the cart."""
    order = view.order
    if order.state == OrderState.PAID:
        if view.copies is not None:
            return [Action(_("Links to hand out"), reverse("checkout:order-copies", args=[order.public_id]))]
        is_theirs = view.has_books and not order.buyer.is_guest
        return [Action(_("Go to your library"), reverse("library:books"))] if is_theirs else []
    if order.state == OrderState.OPEN:
        actions = [Action(_("Refresh"), here, is_primary=False)] if is_back else []
        if view.page_url:
            actions.append(Action(_("Go to the payment page"), view.page_url, is_primary=not is_back))
        return actions
    if order.state == OrderState.QUARANTINED or view.is_sent_back or view.is_with_bank:
        return []
    return [Action(_("Go to your cart"), reverse("pages:cart"))]


def _gifts(view: OrderView) -> list[GivenBook]:
    """Return the gifts; unopened ones with the link, which the giver can also share themselves."""
    return [
        order_page.given_book(line, line.gift, link=gift_services.link_of(line.gift) if line.is_waiting else "")
        for line in view.gifts
        if line.gift is not None
    ]


def _may_claim(request: VisitorRequest, guest: User) -> bool:
    """Return whether the logged-in user may add the guest's order to their own library from here."""
    person = person_of(request)
    if person is None:
        return False
    is_shown = claim_version_of(request, guest.public_id, at=clock.now()) is not None
    return is_shown or guest_services.may_claim(actor=person, guest=guest)

"""Where buyers of one book arrive from the payment page: in the book, or at the links of its copies."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts import regions
from accounts.models import User
from accounts.requests import VisitorRequest
from storefront.checkout.guests.views.current_readers import for_holders
from storefront.checkout.models import Landing, Order, OrderState
from storefront.checkout.orders.selectors import orders as order_selectors
from storefront.checkout.orders.services import checkout as checkout_services
from storefront.reading.selectors import books as reading_selectors
from storefront.reading.selectors import sample_end


@never_cache
@require_GET
@for_holders
def order_paid(request: VisitorRequest, holders: list[User], order_id: str) -> HttpResponse:
    """Ask the provider whether the order is paid, and open what was bought; if it is not yet, show the order, which
    asks again by itself."""
    order = order_selectors.order_of(buyers=holders, order_id=order_id)
    order = checkout_services.refresh_order(order=order)
    if order.state == OrderState.PAID and order.landing == Landing.COPIES:
        return redirect("checkout:order-copies", order_id)
    if order.state == OrderState.PAID and (page := _book_page(order)):
        return redirect(page)
    return redirect(f"{reverse('pages:order', args=[order_id])}?back=paid")


def _book_page(order: Order) -> str:
    """Return the page of the reader where the buyer reads on; "" if the order leads to no book that they may read."""
    line = order.lines.select_related("edition__work").order_by("pk").first()
    if not order.landing or line is None:
        return ""
    slug = line.edition.work.slug
    reading = reading_selectors.full_book(slug, order.buyer)
    if reading is None:
        return ""
    place = sample_end.end_of_sample(reading) if order.landing == Landing.PLAIN else None
    if place is None:  # the reader finds the place in the sample by itself, which this browser has stored
        return regions.reader_path(reverse("reading:read", args=[slug]))
    return regions.reader_path(reverse("reading:chapter", args=[slug, place.chapter_id])) + f"#b-{place.block}"

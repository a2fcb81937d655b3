"""The list of a person's orders."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.requests import PersonRequest
from storefront.checkout.guests import selectors as guest_selectors
from storefront.checkout.orders.selectors import orders as order_selectors


@login_required
@never_cache
@require_GET
def orders(request: PersonRequest) -> HttpResponse:
    """Show the person's orders, newest first."""
    context = {
        "orders": order_selectors.orders_of(request.user),
        "waiting": guest_selectors.waiting_for(request.user),
    }
    return render(request, "checkout/orders.html", context)

"""A person's saved payment method: whether there is one, and removing it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from common import clock
from storefront.checkout.saved_cards import selectors, services


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def saved_card(request: PersonRequest) -> HttpResponse:
    """Say whether the provider keeps a payment method for the person, and remove it."""
    if request.method == "POST":
        if services.remove(actor=request.user, at=clock.now()):
            messages.success(request, _("Your saved payment method is removed here and at the payment provider."))
        return redirect("checkout:saved-card")
    return render(request, "checkout/saved_card.html", {"is_saved": bool(selectors.customer_of(request.user))})

"""The visitor's menu in the page header."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts import permissions
from accounts.requests import VisitorRequest
from publishing.collaboration import selectors as collaboration_selectors
from storefront.checkout.cart.views.request_cart import count_lines
from storefront.checkout.guests.views.current_readers import holders_of
from storefront.pages import menu_hooks


@never_cache
@require_GET
def menu(request: VisitorRequest) -> HttpResponse:
    """Return the menu as a fragment, so that cached shop pages are the same for everybody."""
    facts = {
        "count": count_lines(request),
        "has_shared": collaboration_selectors.has_shared(request.user),
        "is_finance": permissions.is_finance(request.user),
        "menu": menu_hooks.menu_for(request.user),
        "people": [holder.public_id for holder in holders_of(request)],
    }
    return render(request, "pages/_menu.html", facts)

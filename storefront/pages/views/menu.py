"""The header's personal corner."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts import permissions
from accounts.requests import VisitorRequest
from storefront.checkout.cart.views.visitors import count_lines


@never_cache
@require_GET
def menu(request: VisitorRequest) -> HttpResponse:
    """Fetched apart, so that shop pages vary on nobody."""
    return render(
        request, "pages/_menu.html", {"count": count_lines(request), "is_finance": permissions.is_finance(request.user)}
    )

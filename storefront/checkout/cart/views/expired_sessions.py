"""Recovery for visitors whose session ended while a checkout page was open: the request no longer names the account
or cart that the page was made for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.requests import VisitorRequest
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.views.request_cart import SESSION_KEY

_SIGNED_OUT = _("You were logged out before the order was placed, so nothing was charged. Log in to continue.")


def recover_session[**P](
    view: Callable[Concatenate[VisitorRequest, P], HttpResponse],
) -> Callable[Concatenate[VisitorRequest, P], HttpResponse]:
    """Continue with a visitor's cart; tell readers who were logged in to log in again and bring them back to the
    page."""

    @wraps(view)
    def inner(request: VisitorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method != "POST" or isinstance(request.user, User):
            return view(request, *args, **kwargs)
        if request.POST.get("signed_in"):
            messages.warning(request, _SIGNED_OUT)
            return redirect_to_login(request.get_full_path())
        _take_up_cart(request)
        return view(request, *args, **kwargs)

    return inner


def _take_up_cart(request: VisitorRequest) -> None:
    """Restore the visitor's cart by the id in the page: the id is a secret, and a person's cart is never found by
    it."""
    cart_id = request.POST.get("cart", "")[:40]
    if not cart_id or request.session.get(SESSION_KEY):
        return
    if cart_selectors.cart_of(user=None, cart_id=cart_id) is not None:
        request.session[SESSION_KEY] = cart_id

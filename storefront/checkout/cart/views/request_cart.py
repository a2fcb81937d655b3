"""The cart that belongs to a request."""

from __future__ import annotations

from accounts.models import User
from accounts.requests import PersonRequest, VisitorRequest
from common import clock
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.selectors.carts import OpenCart
from storefront.checkout.cart.services import carts as cart_services
from storefront.checkout.cart.views import cart_messages
from storefront.checkout.models import Cart

SESSION_KEY = "cart"


def person_of(request: VisitorRequest | PersonRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def cart_of(request: VisitorRequest | PersonRequest) -> Cart | None:
    """Return the visitor's cart. After log-in, the contents of the session's cart are merged into it."""
    cart_id = request.session.get(SESSION_KEY, "")
    if not isinstance(request.user, User):
        return cart_selectors.cart_of(user=None, cart_id=cart_id)
    if not cart_id:
        return cart_selectors.cart_of(user=request.user, cart_id="")
    return _adopt(request, request.user, cart_id)


def open_cart(request: VisitorRequest | PersonRequest) -> OpenCart | None:
    """Return the visitor's cart with its contents."""
    cart_id = request.session.get(SESSION_KEY, "")
    if not isinstance(request.user, User):
        return cart_selectors.open_cart(user=None, cart_id=cart_id)
    if cart_id:
        _adopt(request, request.user, cart_id)
    return cart_selectors.open_cart(user=request.user, cart_id="")


def _adopt(request: VisitorRequest | PersonRequest, user: User, cart_id: str) -> Cart | None:
    adopted = cart_services.merge_carts(actor=user, cart_id=cart_id, at=clock.now())
    del request.session[SESSION_KEY]
    if adopted.cart is not None:
        cart_messages.ask_for_amounts(request, adopted.to_choose, adopted.cart.currency)
    return adopted.cart


def count_lines(request: VisitorRequest) -> int:
    """Return the number of lines in the visitor's cart."""
    return cart_selectors.count_lines(user=person_of(request), cart_id=request.session.get(SESSION_KEY, ""))


def remember(request: VisitorRequest, cart: Cart) -> None:
    """Store the id of the cart in the session of a visitor who is not logged in."""
    if person_of(request) is None and request.session.get(SESSION_KEY) != cart.public_id:
        request.session[SESSION_KEY] = cart.public_id

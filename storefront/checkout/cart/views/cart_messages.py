"""One-time messages on the cart's page: about an item whose price differs from the one on its page, or an amount to
choose again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.conf import settings
from django.contrib import messages
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.requests import PersonRequest, VisitorRequest
from accounts.views.countries import country_of
from common import clock
from common.money import Money
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.selectors.carts import CartItem, CartPage
from storefront.checkout.cart.services import cart_views
from storefront.checkout.errors import NotForSaleIn
from storefront.checkout.models import Cart


def show_currency_difference(
    request: VisitorRequest,
    cart: Cart,
    shown: str,
    *,
    find: Callable[[CartPage], CartItem | None],
    chosen: Money | None = None,
) -> bool:
    """Show the price of the item just added, if its page showed another currency than the cart has.

    Return whether the reader has to choose the price again because their amount was in the other currency.
    """
    if shown == cart.currency or shown not in settings.CURRENCIES:
        return False
    person = request.user if isinstance(request.user, User) else None
    view = cart_views.cart_view(actor=person, cart=cart, at=clock.now(), country=country_of(request, person))
    item = find(view.page)
    if item is None:
        return False
    if item.price is None:
        messages.warning(request, NotForSaleIn(title=item.title, currency=cart.currency).text)
        return False
    language = get_language() or "en"
    facts = {"title": item.title, "currency": cart.currency, "price": item.price.format(language)}
    if chosen is not None and item.least is not None:
        asked = _(
            "You chose to pay %(amount)s for “%(title)s”, but your cart is in %(currency)s. Enter an amount in "
            "%(currency)s. Until then, the price is %(price)s."
        )
        messages.warning(request, asked % (facts | {"amount": chosen.format(language)}))
        return True
    told = _("Your cart is in %(currency)s, so “%(title)s” costs %(price)s. You can change the currency of your cart.")
    messages.info(request, told % facts)
    return False


def show_invalid_amount(
    request: VisitorRequest, cart: Cart, problem: str, *, find: Callable[[CartPage], CartItem | None]
) -> bool:
    """Show why an amount was not accepted for the item just added, and which price applies meanwhile. Return whether
    the reader has to choose again."""
    item = find(cart_selectors.cart_page(cart)) if problem else None
    if item is None or item.price is None or item.least is None:
        return False
    facts = {"price": item.price.format(get_language() or "en")}
    messages.warning(request, f"{problem} {_('Until you choose another amount, the price is %(price)s.') % facts}")
    return True


def ask_for_amounts(request: VisitorRequest | PersonRequest, titles: Sequence[str], currency: str) -> None:
    """Ask for new amounts for these titles: amounts chosen in another currency were dropped."""
    if titles:
        facts = {"currency": currency, "titles": ", ".join(titles)}
        messages.warning(request, _("Enter in %(currency)s what you want to pay for: %(titles)s") % facts)

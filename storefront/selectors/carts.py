"""What lies in a cart, with today's prices."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from accounts.models import User
from common.money import Money
from publishing.models import Edition, Price
from storefront.models import Cart, CartLine


@dataclass(frozen=True, slots=True)
class CartItem:
    """`line_id` names the line for removal; `edition` is the one on sale now, None when the work was withdrawn.

    `price` is the list price in the cart's currency, None when there is none.
    """

    line_id: str
    work_id: int
    title: str
    slug: str
    cover: str
    edition: Edition | None
    price: Money | None

    @property
    def is_buyable(self) -> bool:
        return self.edition is not None and self.price is not None


@dataclass(frozen=True, slots=True)
class CartPage:
    currency: str
    items: tuple[CartItem, ...]
    subtotal: Money

    @property
    def is_buyable(self) -> bool:
        return bool(self.items) and all(item.is_buyable for item in self.items)


def cart_of(*, user: User | None, cart_id: str) -> Cart | None:
    """The person's cart, or the one a session names; a session never names a person's."""
    if user is not None:
        return Cart.objects.filter(user=user).first()
    return Cart.objects.filter(public_id=cart_id, user=None).first() if cart_id else None


def count_lines(*, user: User | None, cart_id: str) -> int:
    """How many works lie in the visitor's cart."""
    if user is not None:
        return CartLine.objects.filter(cart__user=user).count()
    return CartLine.objects.filter(cart__public_id=cart_id, cart__user=None).count() if cart_id else 0


def cart_page(cart: Cart) -> CartPage:
    """The cart's works in the order they were put in, each with the edition on sale now and its list price."""
    lines = list(
        cart.lines.select_related("edition__work__listing").prefetch_related(
            Prefetch("edition__work__prices", Price.objects.filter(currency=cart.currency), "cart_prices"),
            Prefetch("edition__work__editions", Edition.objects.on_sale(), "cart_editions"),
        )
    )
    items = tuple(_item(line) for line in lines)
    total = sum(item.price.amount_minor for item in items if item.price is not None)
    return CartPage(cart.currency, items, Money(total, cart.currency))


def title_of(edition_id: str) -> str:
    """The title of an edition by its public id, whatever its state; "" when there is none."""
    return Edition.objects.filter(public_id=edition_id).values_list("work__title", flat=True).first() or ""


def cover_name(work: object) -> str:
    """The public file of a small cover, "" when there is none."""
    listing = getattr(work, "listing", None)
    names = listing.cover if listing is not None else {}
    return next((str(names[target]) for target in ("160-webp", "320-webp", "320-jpeg") if names.get(target)), "")


def _item(line: CartLine) -> CartItem:
    work = line.edition.work
    prices: list[Price] = work.cart_prices  # type: ignore[attr-defined]  # from cart_page
    editions: list[Edition] = work.cart_editions  # type: ignore[attr-defined]
    price = prices[0] if prices else None
    return CartItem(
        line_id=line.edition.public_id,
        work_id=work.pk,
        title=work.title,
        slug=work.slug,
        cover=cover_name(work),
        edition=editions[0] if editions else None,
        price=Money(price.list_price_minor, price.currency) if price else None,
    )

"""The contents of a cart, with current prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from common import clock
from common.money import Money
from publishing.models import Edition, EditionState, Price, Series
from publishing.territories import WORLD, Territory
from storefront.catalogue.selectors import bundles as bundle_selectors
from storefront.catalogue.selectors.bundles import BundleOffer
from storefront.catalogue.selectors.cards import small_cover
from storefront.catalogue.selectors.price_slider import SliderScale, scale
from storefront.checkout.cart.selectors import cart_rows, series_offer
from storefront.checkout.cart.selectors.cart_rows import LineRow
from storefront.checkout.cart.selectors.series_offer import SeriesOffer
from storefront.checkout.models import Cart, CartLine


@dataclass(frozen=True, slots=True)
class GiftWish:
    """The recipient of a gift, the message, and the delivery date (none: at once); or the number of a copy that the
    buyer hands out, 0 for a gift to one person."""

    recipient: str
    message: str
    deliver_on: date | None
    copy: int = 0


@dataclass(frozen=True, slots=True)
class FixedPrice:
    """What the work costs readers in the countries whose law fixes its price: no free day there."""

    countries: tuple[str, ...]
    price: Money
    promotion: str


@dataclass(frozen=True, slots=True)
class CartItem:
    """An item in the cart. `line_id` names the line for changes; `edition` is what would be sold now, None for a bundle
    or series and for a withdrawn work.

    `price` is to be paid before any tax that is added, in the cart's currency; None if there is none. `least` is the
    list price where the reader may choose the price, `release_date` the date of a pre-ordered work; `is_late` says that
    the date has passed but the work is not out. `is_had` and `is_ordered_ahead`: the person already has the work, or
    waits for it.
    """

    line_id: str
    work_id: int
    owner_id: int
    title: str
    slug: str
    cover: str
    edition: Edition | None
    price: Money | None
    least: Money | None = None
    scale: SliderScale | None = None  # the slider's where the reader may choose
    gift: GiftWish | None = None
    release_date: date | None = None
    is_late: bool = False
    is_had: bool = False
    is_ordered_ahead: bool = False
    bundle: BundleOffer | None = None
    series: SeriesOffer | None = None
    part_of: Series | None = None  # the series that a single work belongs to
    territory: Territory = WORLD
    list_price: Money | None = None  # of a single work, before a promotion
    fixed: FixedPrice | None = None  # of a single work, if some country's law fixes it
    promotion: str = ""  # public id of the promotion that makes the price
    is_watermarked: bool = False  # of a single work

    @property
    def together(self) -> BundleOffer | SeriesOffer | None:
        """Return the bundle or series offer; None for a single work."""
        return self.bundle or self.series

    def left_out_in(self, country: str) -> list[str]:
        """Return the titles in a bundle or series that are not sold in the country."""
        parts = self.together.parts if self.together is not None else ()
        return [part.work.title for part in parts if not part.work.territory.is_sold_in(country)]

    def is_fixed_in(self, country: str) -> bool:
        """Return whether the country's law fixes the price of this single work."""
        return self.fixed is not None and country in self.fixed.countries

    def for_reader_in(self, country: str) -> CartItem:
        """Return the item at the price for readers in the country ("" while it is not known)."""
        if self.fixed is None or country not in self.fixed.countries or self.least is not None:
            return self
        return replace(self, price=self.fixed.price, promotion=self.fixed.promotion)

    def is_sold_in(self, country: str) -> bool:
        """Return whether readers in the country may buy it, or any part of it. A gift is sold where it is opened."""
        if self.together is not None:
            return len(self.left_out_in(country)) < len(self.together.parts)
        return self.gift is not None or self.territory.is_sold_in(country)

    @property
    def is_on_sale(self) -> bool:
        return self.edition is not None or (self.together is not None and self.together.is_on_sale)

    @property
    def is_theirs(self) -> bool:
        """Return whether the person already owns it or has pre-ordered it."""
        return self.is_had or self.is_ordered_ahead

    @property
    def to_pay(self) -> Money | None:
        """Return the price, or None if the item cannot be bought (again)."""
        return None if self.is_theirs else self.price

    @property
    def is_buyable(self) -> bool:
        return self.is_on_sale and self.to_pay is not None


@dataclass(frozen=True, slots=True)
class CartPage:
    currency: str
    items: tuple[CartItem, ...]
    subtotal: Money

    def for_reader_in(self, country: str) -> CartPage:
        """Return the page with the prices for readers in the country ("" while it is not known)."""
        items = tuple(item.for_reader_in(country) for item in self.items)
        return self if items == self.items else replace(self, items=items, subtotal=_subtotal(items, self.currency))


@dataclass(frozen=True, slots=True)
class OpenCart:
    """A cart and its contents, read together. `landing`: where the buyer of a book that is bought without a cart goes
    after paying, "" for a cart; such a cart is not stored."""

    cart: Cart
    page: CartPage
    landing: str = ""


def cart_of(*, user: User | None, cart_id: str) -> Cart | None:
    """Return the person's cart, or the one a session names; a session never names a person's cart.

    Visitors who bought without an account keep their cart, whose `user` is then a guest.
    """
    if user is not None:
        return Cart.objects.filter(user=user).first()
    if not cart_id:
        return None
    return Cart.objects.filter(_is_visitors(""), public_id=cart_id).select_related("user__guest").first()


def open_cart(*, user: User | None, cart_id: str) -> OpenCart | None:
    """Return the cart that `cart_of` finds, with its page."""
    if user is not None:
        found = cart_rows.of_person(user)
    else:
        found = cart_rows.of_visitor(cart_id) if cart_id else None
    if found is None:
        return None
    cart, lines = found
    return OpenCart(cart, _page(cart, lines))


def count_lines(*, user: User | None, cart_id: str) -> int:
    """Return the number of books and bundles in the visitor's cart."""
    if user is not None:
        return CartLine.objects.filter(cart__user=user).count()
    return CartLine.objects.filter(_is_visitors("cart__"), cart__public_id=cart_id).count() if cart_id else 0


def buyer_of(cart: Cart) -> User | None:
    """Return who would buy the cart's contents: its person, or the guest as whom its visitor last bought."""
    return cart.user if cart.user is not None and cart.user.is_active else None


def load_cart(cart: Cart | OpenCart) -> OpenCart:
    """Return the cart with its page, reading the page unless it came with the cart."""
    return cart if isinstance(cart, OpenCart) else OpenCart(cart, cart_page(cart))


def cart_page(cart: Cart) -> CartPage:
    """Return the cart's contents in the order they were added, each with the edition sold now and its price.

    Uses a constant number of queries; more only for pre-orders, bundles and series.
    """
    return _page(*(cart_rows.of_cart(cart) or (cart, [])))


def page_of_book(
    edition: Edition, *, currency: str, chosen_minor: int | None, landing: str, copies: int = 0
) -> OpenCart:
    """Return a cart of one book that is bought without a cart; with `copies`, of that many to hand out."""
    cart, lines = cart_rows.of_book(edition, currency=currency, chosen_minor=chosen_minor)
    page = _page(cart, lines)
    if copies:
        items = tuple(
            replace(item, gift=GiftWish("", "", None, copy=number))
            for item in page.items
            for number in range(1, copies + 1)
        )
        page = CartPage(currency, items, _subtotal(items, currency))
    return OpenCart(cart, page, landing)


def title_of(edition_id: str) -> str:
    """Return the title of an edition by its public id, whatever its state; "" if there is none."""
    return Edition.objects.filter(public_id=edition_id).values_list("work__title", flat=True).first() or ""


def item_of(page: CartPage, edition_id: str) -> CartItem | None:
    """Return the item, not a gift, that holds the work of this edition (public id)."""
    work_id = Edition.objects.filter(public_id=edition_id).values_list("work_id", flat=True).first()
    return next((item for item in page.items if item.gift is None and item.edition and item.work_id == work_id), None)


def _is_visitors(prefix: str) -> Q:
    return Q(**{f"{prefix}user": None}) | Q(**{f"{prefix}user__is_guest": True})


def _page(cart: Cart, lines: Sequence[LineRow]) -> CartPage:
    drafts = _first_drafts(lines)
    offers = bundle_selectors.offers_of([line.bundle for line in lines if line.bundle], currency=cart.currency)
    wholes = series_offer.offers_of(
        [line.series for line in lines if line.series and line.series_id], currency=cart.currency
    )
    items = tuple(
        _bundle_item(line, offers[line.bundle_id])
        if line.bundle_id
        else _series_item(line, wholes[line.series_id])
        if line.series_id
        else _item(line, drafts)
        for line in lines
    )
    return CartPage(cart.currency, items, _subtotal(items, cart.currency))


def _subtotal(items: Sequence[CartItem], currency: str) -> Money:
    return Money(sum(item.to_pay.amount_minor for item in items if item.to_pay is not None), currency)


def _item(line: LineRow, drafts: dict[int, Edition]) -> CartItem:
    price = line.price
    draft = drafts.get(line.work_id)
    is_ahead = draft is not None and draft.is_to_order  # type: ignore[attr-defined]  # from _first_drafts
    edition = draft if is_ahead else line.edition
    return CartItem(
        line_id=line.line_id,
        work_id=line.work_id,
        owner_id=line.owner_id,
        title=line.title,
        slug=line.slug,
        cover=small_cover(line.cover or {}),
        edition=edition,
        price=_price(line, price),
        least=Money(price.list_price_minor, price.currency) if price is not None and price.is_open else None,
        scale=_scale(price) if price is not None and price.is_open else None,
        gift=GiftWish(line.gift_to, line.gift_message, line.gift_on) if line.gift_to else None,
        release_date=line.release_date if is_ahead else None,
        is_late=draft is not None and not is_ahead,
        is_had=line.is_had and not line.gift_to,
        is_ordered_ahead=line.is_ordered_ahead and not line.gift_to,
        part_of=line.series,
        territory=line.territory,
        is_watermarked=line.is_watermarked,
        list_price=Money(price.usual_minor, price.currency) if price is not None else None,
        fixed=_fixed(line, price),
        promotion=price.now().promotion if price is not None else "",
    )


def _first_drafts(lines: Sequence[LineRow]) -> dict[int, Edition]:
    """Return, by work, the draft of works that were announced and have never been on sale, with `is_to_order`."""
    works = [line.work_id for line in lines if line.edition is None and line.release_date is not None]
    if not works:
        return {}
    to_order = Edition.objects.to_order(clock.now().date()).filter(pk=OuterRef("pk"))
    rows = Edition.objects.filter(work__in=works, state=EditionState.DRAFT, number=1)
    rows = rows.annotate(is_to_order=Exists(to_order))
    return {edition.work_id: edition for edition in rows}


def _price(line: LineRow, price: Price | None) -> Money | None:
    if price is None:
        return None
    if price.is_open:
        chosen = line.chosen_minor
        return Money(price.usual_minor if chosen is None else chosen, price.currency)
    return Money(price.now().minor, price.currency)


def _fixed(line: LineRow, price: Price | None) -> FixedPrice | None:
    if price is None or not line.fixed_in:
        return None
    now = price.now(is_fixed=True)
    return FixedPrice(line.fixed_in, Money(now.minor, price.currency), now.promotion)


def _scale(price: Price) -> SliderScale | None:
    least, usual = (Money(amount, price.currency) for amount in (price.list_price_minor, price.usual_minor))
    return scale(least=least, usual=usual)


def _bundle_item(line: LineRow, offer: BundleOffer) -> CartItem:
    return CartItem(
        line_id=line.line_id,
        work_id=0,
        owner_id=0,
        title=offer.bundle.title,
        slug=offer.bundle.slug,
        cover=offer.parts[0].cover if offer.parts else "",
        edition=None,
        price=offer.price,
        bundle=offer,
    )


def _series_item(line: LineRow, offer: SeriesOffer) -> CartItem:
    return CartItem(
        line_id=line.line_id,
        work_id=0,
        owner_id=0,
        title=offer.series.title,
        slug=offer.series.slug,
        cover=offer.parts[0].cover if offer.parts else "",
        edition=None,
        price=offer.price,
        series=offer,
    )

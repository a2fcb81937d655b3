"""Filling and emptying carts. A cart belongs to a person, or is named in the session of a visitor who is not logged
in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Q, QuerySet, When

from accounts.countries import country_name
from accounts.models import User
from common.errors import DomainError
from common.money import Money
from publishing.models import Edition, EditionState, Price, Work
from publishing.services.prices import MAX_PRICE_MINOR
from storefront.catalogue.errors import PriceTooHigh
from storefront.catalogue.models import Bundle, BundleState
from storefront.checkout import hooks, permissions
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.selectors import series_offer
from storefront.checkout.cart.selectors.carts import CartPage, GiftWish
from storefront.checkout.cart.services import cart_currencies
from storefront.checkout.cart.services.order_lines import owned
from storefront.checkout.coupons import selectors as coupon_selectors
from storefront.checkout.coupons.selectors import CouponablePrice
from storefront.checkout.entitlements.services.buyer_lock import lock_buyer
from storefront.checkout.errors import (
    AlreadyOwned,
    CartCurrencyChanged,
    CouponNeedsAccount,
    CouponNotAtFixedPrices,
    CouponNotForThese,
    CouponUnknown,
    GiftDateWrong,
    GiftIsFree,
    InBundleAlready,
    NothingOnSale,
    NotOnSale,
    NotPublishedYet,
    NotSoldIn,
    PartNotForSaleIn,
    PriceBelowMinimum,
)
from storefront.checkout.hooks import AddedToCart
from storefront.checkout.models import Cart, CartLine, Coupon
from storefront.checkout.orders.services import checkout

# A delivery date more than a year ahead is a typing error.
_A_DAY, _MAX_DELIVERY_DELAY = timedelta(days=1), timedelta(days=366)


class MergedCart(NamedTuple):
    """A person's cart merged with a visitor's. `to_choose` are the titles whose price the reader has to choose
    again, because it was chosen in another currency."""

    cart: Cart | None
    to_choose: tuple[str, ...] = ()


@transaction.atomic
def add_edition(
    *,
    actor: User | None,
    cart_id: str,
    edition_id: str,
    currency: str,
    at: datetime,
    chosen: Money | None = None,
    country: str = "",
    via: str = "",
) -> Cart:
    """Add the edition to the visitor's cart and return the cart. The same work added twice is one line.

    `edition_id` is the public id of any edition of the work, `currency` the requested currency of an empty cart,
    `chosen` what the reader wants to pay if the price is open; in another currency than the cart's, they have to choose
    it there. `country` is the country of the page with the button, "" if it had none; the order's country decides in
    the end. `via` is the code of the share link that led to the page, "" for none. A book that a guest already has is
    not refused: the order may be for another email address. Raises
    NotOnSale, NotSoldIn, AlreadyOwned, InBundleAlready, PriceBelowMinimum, PriceTooHigh.
    """
    edition = _to_order(edition_id, currency, at)
    if not edition.work.territory.is_sold_in(country):
        raise NotSoldIn(title=edition.work.title, country=country_name(country))
    cart = cart_selectors.cart_of(user=actor, cart_id=cart_id)
    if actor is not None and permissions.works_bought_or_made(actor, [edition.work_id]):
        raise owned(actor, edition.work.title)
    if cart is None and actor is None:  # a visitor's new cart is known to nobody else, so it is empty
        cart = _begun(None, None, cart_currencies.of_edition(edition, wish=currency), at)
        line, is_new = CartLine.objects.create(cart=cart, edition=edition, via=via, added_at=at), True
    else:
        cart = _begun(cart, actor, cart_currencies.of_edition(edition, wish=currency), at)
        line, is_new = _line_of(cart, edition, via, at)
    if is_new:
        hooks.announce_added_to_cart(AddedToCart(edition.work, actor, via, country, at))
    if chosen is not None and chosen.currency == cart.currency:
        _choose(line, edition.work, chosen.amount_minor, cart.currency)
    return cart


@transaction.atomic
def add_gift(
    *,
    actor: User | None,
    cart_id: str,
    edition_id: str,
    currency: str,
    wish: GiftWish,
    at: datetime,
    chosen: Money | None = None,
) -> Cart:
    """Add the edition to the visitor's cart as a gift. The same work for the same email address is one line, with the
    newest gift details.

    Raises NotOnSale, NotPublishedYet, GiftIsFree, GiftDateWrong, PriceBelowMinimum, PriceTooHigh.
    """
    edition = _to_order(edition_id, currency, at)
    if edition.state == EditionState.DRAFT:
        raise NotPublishedYet(title=edition.work.title)
    wish = _in_time(wish, at)
    cart = cart_selectors.cart_of(user=actor, cart_id=cart_id)
    cart = _begun(cart, actor, cart_currencies.of_edition(edition, wish=currency), at)
    line = _gift_of(cart, edition, wish, at)
    if chosen is not None and chosen.currency == cart.currency:
        _choose(line, edition.work, chosen.amount_minor, cart.currency)
    elif edition.work.prices.filter(currency=cart.currency, list_price_minor=0, suggested_minor=None).exists():
        raise GiftIsFree(title=edition.work.title)
    return cart


@transaction.atomic
def add_bundle(*, actor: User | None, cart_id: str, slug: str, currency: str, at: datetime, country: str = "") -> Cart:
    """Add the bundle to the visitor's cart, replacing single lines of its works.

    A bundle that a guest already has is not refused, as with a single book. Raises NotOnSale, NotSoldIn if nothing of
    it is sold in the country, and AlreadyOwned if the reader has all of its works.
    """
    bundle = Bundle.objects.filter(slug=slug, state=BundleState.ON_SALE).first()
    if bundle is None:
        raise NothingOnSale
    rows = [row.work for row in bundle.works.select_related("work")]
    if not any(work.territory.is_sold_in(country) for work in rows):
        raise NotSoldIn(title=bundle.title, country=country_name(country))
    works = [work.pk for work in rows]
    cart = cart_selectors.cart_of(user=actor, cart_id=cart_id)
    if actor is not None and permissions.works_bought_or_made(actor, works) == set(works):
        raise AlreadyOwned(title=bundle.title)
    if cart is None or _is_empty(cart):
        cart = _begun(cart, actor, cart_currencies.of_bundle(bundle, wish=currency), at)
    cart.lines.filter(edition__work__in=works, gift_to="").delete()
    CartLine.objects.get_or_create(cart=cart, bundle=bundle, defaults={"added_at": at})
    return cart


@transaction.atomic
def add_series(*, actor: User | None, cart_id: str, slug: str, currency: str, at: datetime, country: str = "") -> Cart:
    """Add everything the reader lacks of the series to the visitor's cart, replacing single books of it; for a guest
    who lacks nothing, add all of it, as the order may be for another email address.

    Raises NotOnSale if there is no such offer, NotSoldIn, AlreadyOwned if they have all of it, and PartNotForSaleIn if
    part of it has no price in the cart's currency.
    """
    series = series_offer.series_of(slug)
    if series is None:
        raise NothingOnSale
    cart = cart_selectors.cart_of(user=actor, cart_id=cart_id)
    buyer = actor or (cart_selectors.buyer_of(cart) if cart is not None else None)
    if cart is None or _is_empty(cart):
        currency = cart_currencies.of_series(series, wish=currency, user=buyer, country=country)
        cart = _begun(cart, actor, currency, at)
    offer = series_offer.offer_of(series, currency=cart.currency)
    if not offer.is_on_sale:
        raise NotOnSale(title=series.title)
    rest = series_offer.rest_for(offer, user=buyer, country=country)
    if not rest.parts and actor is None:
        rest = series_offer.rest_for(offer, user=None, country=country)
    if not rest.books:
        raise NotSoldIn(title=series.title, country=country_name(country))
    if not rest.parts:
        raise owned(actor, series.title)
    if rest.unpriced:
        raise PartNotForSaleIn(title=series.title, currency=cart.currency, books=", ".join(rest.unpriced))
    cart.lines.filter(edition__work__in=[part.work.pk for part in offer.parts], gift_to="").delete()
    CartLine.objects.get_or_create(cart=cart, series=series, defaults={"added_at": at})
    return cart


@transaction.atomic
def visitors_cart(*, cart_id: str, currency: str, at: datetime) -> Cart:
    """Return the cart that the session of a visitor without an account names, or a new one: who buys without a cart is
    known by it as well."""
    return cart_selectors.cart_of(user=None, cart_id=cart_id) or _new_cart(None, currency, at)


@transaction.atomic
def choose_prices(*, cart: Cart, currency: str, amounts: Mapping[str, int]) -> list[DomainError]:
    """Set these amounts, by line, as the prices of works with an open price; ignore the others.

    Return the errors for single amounts: PriceBelowMinimum, PriceTooHigh. The other amounts are kept. Raises
    CartCurrencyChanged if the cart is in another currency than the amounts.
    """
    # Another tab changes the currency either after this or before it.
    now_in = Cart.objects.select_for_update().values_list("currency", flat=True).get(pk=cart.pk)
    if now_in != currency:
        raise CartCurrencyChanged(currency=now_in)
    problems: list[DomainError] = []
    for line_id, amount_minor in amounts.items():
        line = _lines(cart, line_id).select_related("edition__work").first()
        if line is None or line.edition is None:
            continue
        try:
            _choose(line, line.edition.work, amount_minor, currency)
        except (PriceBelowMinimum, PriceTooHigh) as problem:
            problems.append(problem)
    return problems


@transaction.atomic
def remove_line(*, cart: Cart, line_id: str) -> None:
    """Remove a line from the cart. Safe to repeat."""
    _lines(cart, line_id).delete()


@transaction.atomic
def set_currency(*, cart: Cart, currency: str, at: datetime) -> list[str]:
    """Show and pay the cart in another currency. Return the titles whose price has to be chosen again: amounts chosen
    in the previous currency are dropped.

    Raises ValueError for a currency we do not sell in.
    """
    if currency not in settings.CURRENCIES:
        raise ValueError(f"no sales in {currency}")
    if Cart.objects.filter(pk=cart.pk, currency=currency).exists():
        return []
    Cart.objects.filter(pk=cart.pk).update(currency=currency, changed_at=at)
    chosen = cart.lines.exclude(chosen_minor=None)
    titles = list(chosen.values_list("edition__work__title", flat=True))
    chosen.update(chosen_minor=None)
    return titles


@transaction.atomic
def enter_code(*, actor: User | None, cart: Cart, code: str, at: datetime) -> None:
    """Apply a coupon to the cart, replacing any other. A coupon that needs an account waits until the visitor logs in.

    Raises CouponUnknown, CouponNotForThese (its subclasses say more), and the coupon's own problem.
    """
    coupon = coupon_selectors.coupon_by_code(code)
    if coupon is None:
        raise CouponUnknown(code=code.strip()[:40])
    problem = coupon_selectors.problem_of(coupon, user=actor, at=at)
    if problem is not None and not isinstance(problem, CouponNeedsAccount):
        raise problem
    page = cart_selectors.cart_page(cart)
    if not any(coupon_selectors.reductions(coupon, reducibles(page))):
        raise coupon_mismatch(coupon, page)
    Cart.objects.filter(pk=cart.pk).update(coupon=coupon, changed_at=at)


@transaction.atomic
def remove_code(*, cart: Cart, at: datetime) -> None:
    """Remove the coupon from the cart. Safe to repeat."""
    Cart.objects.filter(pk=cart.pk).update(coupon=None, changed_at=at)


@transaction.atomic
def merge_carts(*, actor: User, cart_id: str, at: datetime) -> MergedCart:
    """Make the session's cart the person's after they log in; its lines join those of an older cart."""
    found = cart_selectors.cart_of(user=None, cart_id=cart_id)
    # Lock the cart first and then its guest, as ordering as a guest does.
    session_cart = Cart.objects.select_for_update().filter(pk=found.pk).first() if found is not None else None
    # If two pages were opened at once, the second has waited, and its data is stale: the cart may be a person's now.
    own_cart = cart_selectors.cart_of(user=actor, cart_id="")
    if session_cart is None or (session_cart.user is not None and not session_cart.user.is_guest):
        return MergedCart(own_cart)
    if session_cart.user is not None:  # no page of the same books stays open beside the one that comes now
        lock_buyer(buyer_id=session_cart.user.pk)
        checkout.cancel_open_orders(session_cart.user)
    if own_cart is None:
        session_cart.user, session_cart.changed_at = actor, at
        session_cart.save(update_fields=["user", "changed_at"])
        return MergedCart(session_cart)
    own_cart = _begun(own_cart, actor, session_cart.currency, at)
    return MergedCart(own_cart, tuple(_join(session_cart, own_cart)))


def reducibles(page: CartPage, country: str = "") -> list[CouponablePrice]:
    """Return the cart's prices as a coupon sees them for readers in the country ("" while it is not known); what has
    no price, or cannot be bought (again), counts as zero."""
    return [
        CouponablePrice(
            item.work_id,
            item.to_pay or Money(0, page.currency),
            item.together is not None or item.is_fixed_in(country),
        )
        for item in page.items
    ]


def coupon_mismatch(coupon: Coupon, page: CartPage, country: str = "") -> CouponNotForThese:
    """Return why the coupon does not reduce anything in the cart."""
    if any(coupon_selectors.reductions(coupon, reducibles(page))):  # elsewhere it would
        return CouponNotAtFixedPrices(code=coupon.code, country=country_name(country))
    together = [part.work for item in page.items if item.together is not None for part in item.together.parts]
    return coupon_selectors.why_nothing(coupon, reducibles(page, country), together=together, currency=page.currency)


def _to_order(edition_id: str, currency: str, at: datetime) -> Edition:
    """Return what can be ordered now of the edition's work: a page may stay open, or in a cache, while the next
    edition comes out."""
    editions = cart_currencies.noting_price(Edition.objects.to_order(at.date()), wish=currency)
    work = Edition.objects.filter(public_id=edition_id).values("work")
    # A draft of a work on sale cannot be ordered.
    is_draft = Case(When(state=EditionState.DRAFT, then=1), default=0)
    found = editions.select_related("work").filter(work__in=work).order_by(is_draft, "number").first()
    if found is None:
        title = cart_selectors.title_of(edition_id)
        raise NotOnSale(title=title) if title else NothingOnSale
    return found


def _line_of(cart: Cart, edition: Edition, via: str, at: datetime) -> tuple[CartLine, bool]:
    """Return the line of the edition's work, replacing the line of another edition, and whether the work is new in
    the cart. Raises InBundleAlready."""
    whole = series_offer.books().filter(pk=edition.work_id).values("series")
    same = Q(edition__work=edition.work, gift_to="") | Q(bundle__works__work=edition.work) | Q(series__in=whole)
    is_new = True
    for there in cart.lines.filter(same).select_related("bundle", "series"):
        if there.edition_id is None:
            raise InBundleAlready(title=edition.work.title, bundle=str(there.bundle or there.series))
        is_new, via = False, via or there.via
        if there.edition_id != edition.pk:
            there.delete()
    told = {"added_at": at, "via": via}
    return CartLine.objects.get_or_create(cart=cart, edition=edition, gift_to="", defaults=told)[0], is_new


def _in_time(wish: GiftWish, at: datetime) -> GiftWish:
    """Return the gift details with a future date, or none. Raises GiftDateWrong."""
    today, day = at.date(), wish.deliver_on
    if day is None:
        return wish
    if not today - _A_DAY <= day <= today + _MAX_DELIVERY_DELAY:
        raise GiftDateWrong
    # West of us it may still be yesterday: "today" there means at once.
    return replace(wish, deliver_on=None) if day < today else wish


def _gift_of(cart: Cart, edition: Edition, wish: GiftWish, at: datetime) -> CartLine:
    """Return the line of the edition's work for the email address, of whichever edition it was, with the newest gift
    details."""
    # Otherwise two clicks while a new edition comes out would add one line for each edition.
    Cart.objects.select_for_update(no_key=True).get(pk=cart.pk)
    recipient = wish.recipient.strip().lower()
    there = list(cart.lines.filter(edition__work=edition.work_id, gift_to=recipient).order_by("pk"))
    line = there[0] if there else CartLine(cart=cart, gift_to=recipient, added_at=at)
    CartLine.objects.filter(pk__in=[other.pk for other in there[1:]]).delete()
    line.edition, line.gift_message, line.gift_on = edition, wish.message.strip()[:1000], wish.deliver_on
    line.save()
    return line


def _choose(line: CartLine, work: Work, amount_minor: int, currency: str) -> None:
    price = Price.objects.filter(work=work, currency=currency, is_open=True).first()
    # Leaving the field unchanged is not a choice.
    if price is None or (line.chosen_minor is None and amount_minor == price.usual_minor):
        return
    if amount_minor < price.list_price_minor:
        raise PriceBelowMinimum(title=work.title, least=Money(price.list_price_minor, currency))
    if amount_minor > MAX_PRICE_MINOR:
        raise PriceTooHigh(most=Money(MAX_PRICE_MINOR, currency))
    line.chosen_minor = amount_minor
    line.save(update_fields=["chosen_minor"])


def _lines(cart: Cart, line_id: str) -> QuerySet[CartLine]:
    return cart.lines.filter(public_id=line_id)


def _join(session_cart: Cart, own_cart: Cart) -> list[str]:
    """Move the lines that the person's cart does not have. Return the titles whose price has to be chosen again."""
    to_choose: list[str] = []
    works = set(own_cart.lines.filter(gift_to="").values_list("edition__work_id", flat=True))
    works |= set(own_cart.lines.values_list("bundle__works__work_id", flat=True))
    gifts = set(own_cart.lines.exclude(gift_to="").values_list("edition__work_id", "gift_to"))
    bundles = set(own_cart.lines.values_list("bundle_id", flat=True))
    series = set(own_cart.lines.exclude(series=None).values_list("series_id", flat=True))
    works |= _books_of(series)
    for line in session_cart.lines.select_related("edition__work"):
        if line.series_id is not None:
            is_there = line.series_id in series
        elif line.edition is None:
            is_there = line.bundle_id in bundles
        elif line.gift_to:
            is_there = (line.edition.work_id, line.gift_to) in gifts
        else:
            is_there = line.edition.work_id in works
        if not is_there:
            line.cart = own_cart
            if line.chosen_minor is not None and session_cart.currency != own_cart.currency:
                line.chosen_minor = None
                to_choose += [line.edition.work.title] if line.edition is not None else []
            line.save(update_fields=["cart", "chosen_minor"])
        if line.series_id is not None:  # as when it is added: none of its books stays as a single line
            own_cart.lines.filter(edition__work__in=_books_of({line.series_id}), gift_to="").delete()
    if own_cart.coupon_id is None and session_cart.coupon_id is not None:
        own_cart.coupon_id = session_cart.coupon_id
        own_cart.save(update_fields=["coupon"])
    session_cart.delete()
    return to_choose


def _books_of(series: set[int]) -> set[int]:
    """Return the works that can be bought to complete these series."""
    return set(series_offer.books().filter(series__in=series).values_list("pk", flat=True)) if series else set()


def _is_empty(cart: Cart) -> bool:
    return not cart.lines.exists()


def _begun(cart: Cart | None, actor: User | None, currency: str, at: datetime) -> Cart:
    """Return the cart, or a new one. While it is empty, it takes the currency of what is added."""
    if cart is None:
        return _new_cart(actor, currency, at)
    if cart.currency != currency and _is_empty(cart):
        cart.currency, cart.changed_at = currency, at
        cart.save(update_fields=["currency", "changed_at"])
    return cart


def _new_cart(actor: User | None, currency: str, at: datetime) -> Cart:
    if actor is None:
        return Cart.objects.create(currency=currency, changed_at=at)
    # Two clicks at once get the same cart: a person has only one.
    return Cart.objects.get_or_create(user=actor, defaults={"currency": currency, "changed_at": at})[0]

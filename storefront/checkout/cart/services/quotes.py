"""What a cart costs a reader in a country, and how each line's price is divided."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User
from common.money import Money
from common.templatetags.money import money, percent
from publishing.models import Edition
from royalties.dto import LineBreakdown, QuoteLine
from royalties.entries import Deferral
from royalties.services import sales
from storefront.catalogue import vat_rates as tax_services
from storefront.catalogue.vat_rates import TaxedPrice, TaxRate
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.selectors.carts import GiftWish, OpenCart
from storefront.checkout.cart.services import order_lines
from storefront.checkout.cart.services.order_lines import OfferedLine
from storefront.checkout.coupons import selectors as coupon_selectors
from storefront.checkout.coupons.selectors import CouponablePrice
from storefront.checkout.errors import CartEmpty, GiftMadeFree, NotForSaleIn, TotalBelowMinimum
from storefront.checkout.models import Cart, Coupon, Funding


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """`paid` is what the reader pays, `breakdown` how it is divided; both are frozen on the order line.

    `list_price` is what the author asks; `full` the price before a coupon, None without one. `gift` and `release_date`
    say what is supplied later, `bundle_id` or `series_id` which price this is a part of, `together_title` the title of
    that bundle or series.
    """

    edition: Edition
    title: str
    paid: Money
    breakdown: LineBreakdown
    list_price: Money
    full: Money | None = None
    gift: GiftWish | None = None
    release_date: date | None = None
    bundle_id: int | None = None
    series_id: int | None = None
    together_title: str = ""
    promotion: str = ""  # public id of the promotion that makes the price
    is_watermarked: bool = False

    @property
    def deferral(self) -> Deferral | None:
        if self.gift is not None:
            return Deferral.GIFT
        return Deferral.PREORDER if self.release_date is not None else None

    @property
    def taken_off(self) -> Money | None:
        """Return the coupon's discount."""
        return None if self.full is None else self.full - self.paid


@dataclass(frozen=True, slots=True)
class Quote:
    """A cart's total and lines. `digest` identifies exactly this offer: a page that shows it sends it back, and any
    other offer is refused.

    `coupon` is set if it reduces something. `left` says what stays in the cart, and why.
    """

    country: str
    rate: TaxRate
    lines: tuple[QuotedLine, ...]
    total: Money
    tax: Money
    digest: str
    coupon: Coupon | None = None
    left: tuple[NotForSaleIn, ...] = ()

    @property
    def asked(self) -> list[object]:
        """Return what the reader is asked to pay for what; offers that are equal in this may still differ in the tax
        included in prices."""
        return [
            self.coupon.pk if self.coupon else None,
            *[
                [line.edition.pk, line.paid, line.full, line.bundle_id, line.series_id, line.release_date, line.gift]
                for line in self.lines
            ],
        ]

    @property
    def needs_consent(self) -> bool:
        """Return whether the reader pays for anything for themselves: recipients of gifts consent when they redeem
        them, and from what is free there is nothing to withdraw."""
        return any(line.gift is None and line.paid.amount_minor for line in self.lines)

    @property
    def tax_note(self) -> str:
        """Return how much of the total is tax; "" where there is none to pay."""
        if not self.total.amount_minor:
            return ""
        if not self.country:
            return _(
                "Prices include value added tax where that is usual. Where tax is added, you see the new price before "
                "you pay."
            )
        if not self.rate.rate_bps:
            return _("No tax is charged for your country.")
        words = _("This includes %(tax)s value added tax (%(rate)s).")
        return words % {"tax": money(self.tax), "rate": percent(self.rate.rate_bps)}

    @property
    def has_gifts(self) -> bool:
        return any(line.gift is not None for line in self.lines)


def quote_cart(*, actor: User | None, cart: Cart | OpenCart | None, country: str, at: datetime) -> Quote:
    """Price the person's cart, or the book that is bought without one, for a reader in the country. Writes nothing.

    Without an actor for a visitor who never bought anything; without a country ("") the price is before any added tax.
    Raises CartEmpty, TotalBelowMinimum, a coupon's problem, GiftMadeFree, and what `order_lines.offered` raises, each
    naming the first title concerned.
    """
    if cart is None:
        raise CartEmpty
    found = cart_selectors.load_cart(cart)
    page = found.page.for_reader_in(country)
    if not page.items:
        raise CartEmpty
    bought = order_lines.offered(actor=actor, page=page, country=country)
    lines = bought.lines
    coupon, taken_off = _reductions(actor, found.cart, lines, at)
    _check_gifts(coupon, lines, taken_off)
    rate = tax_services.rate_for(country=country, at=at.date())
    paid = [_taxed(line, line.price.amount_minor - off, rate) for line, off in zip(lines, taken_off, strict=True)]
    full = [
        _taxed(line, line.price.amount_minor, rate) if off else None for line, off in zip(lines, taken_off, strict=True)
    ]
    is_funded = coupon is not None and coupon.funded_by == Funding.PLATFORM
    breakdowns = sales.quote(
        lines=[
            QuoteLine(
                edition_id=line.edition.pk,
                paid=price.paid,
                tax=price.tax,
                full=before.paid if is_funded and before else None,
                full_tax=before.tax if is_funded and before else None,
            )
            for line, price, before in zip(lines, paid, full, strict=True)
        ],
        at=at,
    )
    quoted = tuple(_quoted(line, part, before) for line, part, before in zip(lines, breakdowns, full, strict=True))
    total = Money(sum(price.paid.amount_minor for price in paid), page.currency)
    tax = Money(sum(price.tax.amount_minor for price in paid), page.currency)
    _check_total(total)
    digest = _digest(country, rate, quoted, coupon, found.landing)
    return Quote(country, rate, quoted, total, tax, digest, coupon, tuple(bought.left))


def author_net(*, edition: Edition, amount: Money, at: datetime) -> Money:
    """Return what the work's makers get if a reader pays this amount for it alone, before tax."""
    line = QuoteLine(edition_id=edition.pk, paid=amount, tax=Money(0, amount.currency))
    return sales.quote(lines=[line], at=at)[0].royalty


def _check_total(total: Money) -> None:
    """Refuse a total below the minimum charge for cards; a total of zero is fine."""
    least = Money(settings.MINIMUM_CHARGE_MINOR.get(total.currency, 0), total.currency)
    if 0 < total.amount_minor < least.amount_minor:
        raise TotalBelowMinimum(least=least, total=total)


def _reductions(
    actor: User | None, cart: Cart, lines: list[OfferedLine], at: datetime
) -> tuple[Coupon | None, list[int]]:
    """Return the cart's coupon with its discount on each line; none if it does not apply here. Raises its problem."""
    nothing = [0] * len(lines)
    coupon = cart.coupon
    if coupon is None:
        return None, nothing
    problem = coupon_selectors.problem_of(coupon, user=actor, at=at)
    if problem is not None:
        raise problem
    taken_off = coupon_selectors.reductions(
        coupon, [CouponablePrice(line.work_id, line.price, line.is_closed_to_coupons) for line in lines]
    )
    return (coupon, taken_off) if any(taken_off) else (None, nothing)


def _check_gifts(coupon: Coupon | None, lines: list[OfferedLine], taken_off: list[int]) -> None:
    """Refuse gifts that cost nothing: each is an email to a stranger, in the giver's words. Raises GiftMadeFree."""
    for line, off in zip(lines, taken_off, strict=True):
        if coupon is not None and line.gift is not None and off >= line.price.amount_minor:
            raise GiftMadeFree(title=line.title, coupon=coupon.code)


def _taxed(line: OfferedLine, price_minor: int, rate: TaxRate) -> TaxedPrice:
    """Return the price with its tax. A gift is taxed where and when it is redeemed, within the price paid now."""
    price = Money(price_minor, line.price.currency)
    if line.gift is not None:
        return TaxedPrice(price, Money(0, price.currency))
    return tax_services.price_with_tax(list_price=price, rate=rate)


def _quoted(line: OfferedLine, part: LineBreakdown, full: TaxedPrice | None) -> QuotedLine:
    return QuotedLine(
        edition=line.edition,
        title=line.title,
        paid=part.paid,
        breakdown=part,
        full=full.paid if full is not None else None,
        list_price=line.list_price,
        gift=line.gift,
        release_date=line.release_date,
        bundle_id=line.bundle.pk if line.bundle is not None else None,
        series_id=line.series.pk if line.series is not None else None,
        together_title=str(line.bundle or line.series or ""),
        promotion=line.promotion,
        is_watermarked=line.is_watermarked,
    )


def _digest(country: str, rate: TaxRate, lines: tuple[QuotedLine, ...], coupon: Coupon | None, landing: str) -> str:
    content: list[object] = [country, rate.rate_bps, coupon.pk if coupon else None, landing]
    content += [
        [
            line.edition.public_id,
            str(line.paid),
            str(line.breakdown.tax),
            line.breakdown.terms_id,
            str(line.full),
            line.bundle_id,
            line.series_id,
            line.release_date,
            line.promotion,
            line.is_watermarked,
            [line.gift.recipient, line.gift.message, line.gift.deliver_on, line.gift.copy] if line.gift else None,
        ]
        for line in lines
    ]
    return hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()

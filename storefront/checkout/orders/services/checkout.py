"""From a cart to the provider's payment page.

The order and its payment, with the idempotency key of the call, are stored first; then the page is requested, outside
any transaction. A lost answer is asked for again with the same key, so a second click finds the same page. The key
depends on the request's parameters: if no page is known yet, a buyer who has changed region or site since gets another
page, with a payment of its own.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.countries import country_name
from accounts.errors import AccountClosed
from accounts.models import User
from common import clock, jobs
from common.money import Money
from payments import services as payment_services
from payments.gateway import CheckoutLine, GatewayRefused, GatewayUnknown
from publishing import services as publishing_services
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.services import direct_purchases, quotes
from storefront.checkout.cart.services.direct_purchases import DirectPurchase
from storefront.checkout.cart.services.quotes import Quote, QuotedLine
from storefront.checkout.coupons import services as coupons
from storefront.checkout.entitlements.selectors import payments as order_selectors
from storefront.checkout.entitlements.services.consent import WAIVER_VERSION
from storefront.checkout.errors import (
    ConsentMissing,
    NotSoldIn,
    PaymentPageRefused,
    ProviderUnavailable,
    QuoteChanged,
    TooManyGifts,
    TooManyUnpaidPages,
)
from storefront.checkout.models import (
    CartLine,
    Gift,
    Landing,
    Order,
    OrderLine,
    OrderState,
    Payment,
    PaymentState,
    Preorder,
    TaxEvidence,
)
from storefront.checkout.orders.services import buyer_traces, cancellation, settlement
from storefront.checkout.orders.services.buyer_traces import Origin
from storefront.checkout.saved_cards import selectors as card_selectors
from storefront.checkout.saved_cards import services as saved_cards

# The provider's pages are open for between 30 minutes and a day from the call.
_PAGE_LASTS = timedelta(minutes=60)
_PAGE_LASTS_AT_LEAST = timedelta(minutes=31)
# Each gift is an email, in the giver's words, to someone who may not know the giver.
_MAX_GIFTS, _GIFTS_PERIOD = 20, timedelta(days=1)
_UNPAID_PERIOD = timedelta(days=1)
# A page that is about to close is not offered again.
_PAGE_STILL_GOOD = timedelta(minutes=5)
_NO_SUCH_OBJECT = "resource_missing"  # the provider's word
# For this long, the button of an offer that was bought leads to its order.
_JUST_NOW = timedelta(minutes=10)


@transaction.atomic
def place_order(
    *,
    actor: User,
    country: str,
    digest: str,
    has_consented: bool,
    at: datetime,
    site: str = "",
    origin: Origin | None = None,
    purchase: DirectPurchase | None = None,
) -> Order:
    """Freeze the actor's cart as an order, with a payment to make unless it costs nothing.

    `site` is the one of our sites that the buyer returns to after paying, SITE_URL if it is not given; `origin` is
    where the request comes from. `purchase` is a book that is bought without the cart, which then stays as it is.

    Repeating the same offer returns the same order. Free orders are complete at once. Raises QuoteChanged if `digest`
    is not that of the current offer, ConsentMissing, AccountClosed, TooManyGifts, what `quote_cart` raises, and
    CouponUsedUp or CouponUsedByYou if others were faster, TooManyUnpaidPages.
    """
    # Two clicks at once, or two tabs, queue here; the second finds the first one's order below.
    if not User.objects.select_for_update(no_key=True).get(pk=actor.pk).is_active:  # erased a moment ago
        raise AccountClosed
    placed = _waiting_order(actor, digest, at) or recently_paid_order(buyer=actor, digest=digest, at=at)
    if placed is not None:
        return placed
    _check_unpaid_pages(actor, at)
    cart = direct_purchases.offer_of(purchase) if purchase else cart_selectors.open_cart(user=actor, cart_id="")
    quote = quotes.quote_cart(actor=actor, cart=cart, country=country, at=at)
    if quote.digest != digest:
        raise QuoteChanged
    if quote.needs_consent and not has_consented:
        raise ConsentMissing
    _check_gifts(actor, quote, at)
    _lock_territories(quote)
    cancel_open_orders(actor)
    order = _create_order(actor, quote, purchase, at)
    buyer_traces.record_origin(order=order, origin=origin, at=at)
    if quote.coupon is not None:
        coupons.claim(coupon=quote.coupon, order=order, at=at)
    if order.total_minor:
        _create_payment(order, site, at)
    else:
        coupons.consume(order=order, at=at)
        settlement.complete(order=order, at=at)
    return order


def _check_unpaid_pages(buyer: User, at: datetime) -> None:
    """Refuse buyers who open page after page without paying, as people who test stolen cards do. Raises
    TooManyUnpaidPages."""
    recent = Payment.objects.filter(order__buyer=buyer, created_at__gt=at - _UNPAID_PERIOD).order_by("-created_at")
    paid = recent.filter(state=PaymentState.SUCCEEDED).values_list("created_at", flat=True).first()
    unpaid = recent.filter(created_at__gt=paid) if paid else recent
    if unpaid.count() >= settings.MAX_UNPAID_CHECKOUTS:
        raise TooManyUnpaidPages(count=settings.MAX_UNPAID_CHECKOUTS)


def payment_page(*, order: Order, site: str = "") -> str:
    """Return the URL where the order is paid, "" if there is nothing to pay (any more). From there the buyer returns to
    `site`, as with `place_order`, in the region in which the page was requested.

    Call outside any transaction. Raises PaymentPageRefused, ProviderUnavailable.
    """
    way = _way_of(order, site)
    payment = _payment_to_ask_for(order, way)
    if payment is None:
        return ""
    if payment.page_url:
        return payment.page_url
    try:
        session = payment_services.gateway().open_checkout(
            key=payment.key,
            reference=order.public_id,
            lines=_lines_to_pay(order),
            email=way.email,
            success_url=way.success_url,
            cancel_url=way.cancel_url,
            expires_at=payment.expires_at,
            may_save=way.may_save,
            customer_id=way.customer_id,
        )
    except GatewayRefused as refused:
        if way.customer_id and refused.code == _NO_SUCH_OBJECT:
            saved_cards.forget_missing(user=order.buyer)
            return payment_page(order=order, site=site)
        _give_up(payment)
        raise PaymentPageRefused(reason=refused.code) from refused
    except GatewayUnknown as unknown:
        raise ProviderUnavailable from unknown
    Payment.objects.filter(pk=payment.pk).update(session_id=session.session_id, page_url=session.url)
    return session.url


def _lines_to_pay(order: Order) -> list[CheckoutLine]:
    """Return what the page shows: copies to hand out, which all cost the same, as one line."""
    lines = list(order.lines.order_by("pk"))
    quantity = len(lines) if order.landing == Landing.COPIES else 1
    return [
        CheckoutLine(line.title[:250], Money(line.paid_minor, order.currency), line.public_id, quantity=quantity)
        for line in lines[::quantity]
    ]


def recently_paid_order(*, buyer: User, digest: str, at: datetime) -> Order | None:
    """Return the buyer's order of this offer that was paid a moment ago, if nothing was added to the cart since: a
    second click means that order."""
    since = CartLine.objects.filter(cart__user=OuterRef("buyer"), added_at__gte=OuterRef("paid_at"))
    paid = Order.objects.filter(
        buyer=buyer, state=OrderState.PAID, quote_hash=digest, paid_at__gt=at - _JUST_NOW
    ).exclude(Exists(since))
    return paid.order_by("-pk").first()


def refresh_order(*, order: Order) -> Order:
    """Fetch the state of an open order from the provider, for its buyer who looks at it; return the updated order.

    If the provider does not answer, nothing changes: the webhook or the retry task will update it.
    """
    if order.state != OrderState.OPEN:
        return order
    waiting = order.payments.filter(state=PaymentState.PENDING).exclude(session_id="").order_by("-pk").first()
    if waiting is None:
        return order
    try:
        return settlement.settle_session(session_id=waiting.session_id)
    except (GatewayUnknown, GatewayRefused):
        return order


def close_page(*, payment_id: int) -> None:
    """Close the provider's page of a payment that is no longer wanted; a page already paid stays paid."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.state != PaymentState.PENDING or not payment.session_id:
        return
    gateway = payment_services.gateway()
    with suppress(GatewayRefused):  # it was paid or has expired: settlement finds out which
        gateway.expire_checkout(key=f"expire:{payment.session_id}", session_id=payment.session_id)
    settlement.settle_session(session_id=payment.session_id)


def cancel_open_orders(buyer: User) -> None:
    """Cancel the person's open orders and close their pages: only one may be open. Call with the buyer locked."""
    older = Order.objects.select_for_update().filter(buyer=buyer, state=OrderState.OPEN).order_by("pk")
    ids = list(older.values_list("pk", flat=True))
    cancellation.cancel_orders(ids)
    for payment in Payment.objects.filter(order__in=ids, state=PaymentState.PENDING):
        jobs.enqueue("checkout.close_page", payment_id=payment.pk)


def _waiting_order(actor: User, digest: str, at: datetime) -> Order | None:
    has_page = ~Q(page_url="") & Q(expires_at__gt=at + _PAGE_STILL_GOOD)
    may_open = Q(page_url="", expires_at__gt=at + _PAGE_LASTS_AT_LEAST)
    waiting = Payment.objects.filter(
        has_page | may_open,
        order__buyer=actor,
        order__state=OrderState.OPEN,
        order__quote_hash=digest,
        state=PaymentState.PENDING,
    )
    payment = waiting.select_related("order").order_by("-pk").first()
    return payment.order if payment else None


def _check_gifts(actor: User, quote: Quote, at: datetime) -> None:
    """Refuse too many gifts. All gifts paid for count, whatever happened to them since; the buyer is locked. Raises
    TooManyGifts."""
    asked = sum(line.gift is not None and not line.gift.copy for line in quote.lines)
    if not asked:
        return
    mailed = Gift.objects.filter(copy_number=None, line__order__buyer=actor)
    given = mailed.filter(line__order__paid_at__gt=at - _GIFTS_PERIOD).count()
    if given + asked > _MAX_GIFTS:
        raise TooManyGifts(most=_MAX_GIFTS, count=given + asked)


def _lock_territories(quote: Quote) -> None:
    """Lock the works' territories, so that an author's change at this moment counts either before the order or after
    it. Raises NotSoldIn."""
    mine = [line for line in quote.lines if line.gift is None]
    held = publishing_services.lock_territories({line.edition.work_id for line in mine})
    for line in mine:
        if not held[line.edition.work_id].is_sold_in(quote.country):
            raise NotSoldIn(title=line.title, country=country_name(quote.country))


def _create_order(actor: User, quote: Quote, purchase: DirectPurchase | None, at: datetime) -> Order:
    order = Order.objects.create(
        buyer=actor,
        currency=quote.total.currency,
        total_minor=quote.total.amount_minor,
        tax_country=quote.country,
        tax_evidence=TaxEvidence(declared=quote.country, profile=actor.country),
        waiver_text_version=WAIVER_VERSION if quote.needs_consent else "",
        waiver_at=at if quote.needs_consent else None,
        quote_hash=quote.digest,
        created_at=at,
        landing=purchase.landing if purchase else Landing.ORDER,
    )
    led_by = {} if purchase else _share_codes(actor)
    for line in quote.lines:
        via = purchase.via if purchase else led_by.get(line.edition.work_id, "")
        _create_line(order, line, quote.rate.rate_bps, via)
    return order


def _share_codes(actor: User) -> dict[int, str]:
    """Return, by work, the code of the share link that led to it before it was put into the cart."""
    return dict(CartLine.objects.filter(cart__user=actor).exclude(via="").values_list("edition__work", "via"))


def _create_line(order: Order, line: QuotedLine, rate_bps: int, via: str) -> None:
    """Freeze one line, and create its gift or pre-order."""
    part = line.breakdown
    row = OrderLine.objects.create(
        order=order,
        edition=line.edition,
        title=line.title,
        bundle_id=line.bundle_id,
        series_id=line.series_id,
        deferral=line.deferral or "",
        full_minor=line.full.amount_minor if line.full is not None else None,
        list_minor=line.list_price.amount_minor,
        promotion=line.promotion,
        paid_minor=part.paid.amount_minor,
        promotion_minor=part.promotion_minor,
        tax_minor=part.tax.amount_minor,
        tax_rate_bps=0 if line.gift is not None else rate_bps,
        processor_fee_minor=part.processor_fee.amount_minor,
        platform_fee_minor=part.platform_fee.amount_minor,
        royalty_minor=part.royalty.amount_minor,
        terms_id=part.terms_id,
        is_watermarked=line.is_watermarked,
        via=via,
    )
    if line.gift is not None:
        Gift.objects.create(
            line=row,
            recipient=line.gift.recipient,
            message=line.gift.message,
            deliver_on=line.gift.deliver_on,
            copy_number=line.gift.copy or None,
        )
    if line.release_date is not None:
        Preorder.objects.create(line=row, told_date=line.release_date)


def _create_payment(order: Order, site: str, at: datetime) -> Payment:
    key = _way_of(order, site).key
    return Payment.objects.create(order=order, key=key, created_at=at, expires_at=at + _PAGE_LASTS)


@dataclass(frozen=True, slots=True)
class _PageParameters:
    """The parameters of the payment page that may change while an order waits. The order's lines and prices do not."""

    order: Order
    email: str
    success_url: str
    cancel_url: str
    may_save: bool
    customer_id: str  # of a buyer for whom the provider keeps a payment method

    @property
    def key(self) -> str:
        """Return the idempotency key: the same for the same parameters, another for others, which the provider would
        refuse under the same key."""
        said = "\n".join((self.email, self.success_url, self.cancel_url, self.customer_id, str(self.may_save)))
        digest = hashlib.sha256(said.encode()).hexdigest()
        return f"checkout:{self.order.public_id}:{self.order.quote_hash[:24]}:{digest[:16]}"


def _way_of(order: Order, site: str) -> _PageParameters:
    site = site or settings.SITE_URL
    order_page = reverse("pages:order", args=[order.public_id])
    paid, left = f"{order_page}?back=paid", reverse("checkout:pay")
    if order.landing:
        paid, left = reverse("pages:order-paid", args=[order.public_id]), order_page
    buyer = order.buyer
    return _PageParameters(
        order=order,
        email=buyer.mail_to,
        success_url=site + paid,
        cancel_url=site + left,
        may_save=not buyer.is_guest,
        customer_id=card_selectors.customer_of(buyer),
    )


@transaction.atomic
def _payment_to_ask_for(order: Order, way: _PageParameters) -> Payment | None:
    """Return the order's payment that has a page or matches these parameters; create one if there is none.

    A page whose answer was lost stays behind with its payment: it expires, and if both are paid, one is refunded.
    Return None if there is nothing to pay any more.
    """
    state = Order.objects.select_for_update().values_list("state", flat=True).get(pk=order.pk)
    waiting = order_selectors.payment_to_pay(order)
    if state != OrderState.OPEN or waiting is None or waiting.page_url:
        return waiting if state == OrderState.OPEN else None
    fitting = order.payments.filter(state=PaymentState.PENDING, key=way.key).first()
    if fitting is not None:
        return fitting
    # Expires at the same time: `_waiting_order` returns no order that expires sooner than the provider accepts.
    return Payment.objects.create(order=order, key=way.key, created_at=clock.now(), expires_at=waiting.expires_at)


@transaction.atomic
def _give_up(payment: Payment) -> None:
    order = Order.objects.select_for_update().get(pk=payment.order_id)
    Payment.objects.filter(pk=payment.pk).update(state=PaymentState.FAILED)
    if not order.payments.exclude(page_url="").filter(state=PaymentState.PENDING).exists():  # another that can be paid
        cancellation.cancel_orders([order.pk])

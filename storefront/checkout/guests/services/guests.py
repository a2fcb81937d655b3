"""Buying without an account, and adding the purchases to an account later.

Orders, entitlements and refunds belong to a person, so a guest is one: a passive `User` that nobody can log in as, made
for one visitor and the email address they typed. The address only receives the receipt and the link: it is not compared
with accounts, so that paying under someone's address neither shows nor opens anything of theirs. A guest's purchases
move to an account when its owner claims them, by the link or by having confirmed the address.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction

from accounts import selectors as account_selectors
from accounts import services as account_services
from accounts.models import Guest, User
from common import jobs
from common.errors import NotFound
from storefront.checkout import hooks, permissions
from storefront.checkout.cart.services.direct_purchases import DirectPurchase
from storefront.checkout.entitlements.services import entitlements
from storefront.checkout.errors import CartEmpty, RefundNotPossible
from storefront.checkout.guests import selectors as guest_selectors
from storefront.checkout.guests.services import links as guest_links
from storefront.checkout.models import Cart, CouponRedemption, Entitlement, LinkRequest, Order, OrderLine, OrderState
from storefront.checkout.orders.services import checkout
from storefront.checkout.orders.services.buyer_traces import Origin
from storefront.checkout.refunds import services as refunds

# One address gets at most this many emails in this time, however many requests there are.
_MAILS, _MAILS_PERIOD = 3, timedelta(hours=1)
_REQUESTS_LAST = timedelta(days=1)
_SPENT = [OrderState.PAID, OrderState.QUARANTINED]


def buyer_under(*, guest: User | None, email: str) -> User | None:
    """Return who would buy under the address if this guest bought before: the guest, or None for someone new."""
    if guest is None or guest.guest.email == account_services.normal_email(email) or not _has_bought(guest):
        return guest
    return None


@transaction.atomic
def place_order(
    *,
    cart: Cart,
    email: str,
    country: str,
    digest: str,
    has_consented: bool,
    at: datetime,
    site: str = "",
    origin: Origin | None = None,
    purchase: DirectPurchase | None = None,
) -> Order:
    """Freeze a visitor's cart, or what they buy without it, as an order that is emailed to the address. Raises what
    `checkout.place_order` does."""
    guest = _guest_of(cart, account_services.normal_email(email), at)
    return checkout.place_order(
        actor=guest,
        country=country,
        digest=digest,
        has_consented=has_consented,
        at=at,
        site=site,
        origin=origin,
        purchase=purchase,
    )


@transaction.atomic
def claim(*, actor: User, guest_id: str, link_version: int | None, at: datetime) -> Guest:
    """Move everything that a guest bought to the actor's account, once. Safe to repeat.

    The actor proves that it is theirs by a link that was just emailed or the browser that paid (the version of the
    guest's links), or by having confirmed the guest's address. Books the actor already has are refunded where the
    refund rules allow. Raises NotFound for everything else.
    """
    found = User.objects.filter(public_id=guest_id, is_guest=True).first()
    if found is None or not permissions.may_claim(actor):
        raise NotFound
    # Lock the guest first, then the person, as `buyer_lock.lock_buyer` does: two claims queue here.
    user = User.objects.select_for_update(no_key=True).get(pk=found.pk)
    guest = Guest.objects.get(user=user)
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    if guest.claimed_by_id == actor.pk:  # a second click
        return guest
    is_shown = guest.link_version == link_version or guest.email in account_selectors.confirmed_emails(actor)
    if guest.claimed_at is not None or not is_shown:
        raise NotFound
    checkout.cancel_open_orders(user)
    twice = _had_already(actor, user)
    _move(user, actor, twice, at)
    account_services.close_guest(guest=user, claimed_by=actor, at=at)
    way = "link" if guest.link_version == link_version else "address"
    account_services.record_audit(actor=actor, verb="guest.claimed", subject=user, facts={"way": way})
    for line in twice:
        with suppress(RefundNotPossible):  # if its refund window is over, for example, it stays an order of the actor's
            refunds.request_refund(actor=actor, line=line, reason="owned_already", at=at)
    jobs.enqueue("checkout.mail_claimed", guest_id=user.pk)
    guest.refresh_from_db()
    return guest


def claim_confirmed(*, actor: User, at: datetime) -> int:
    """Move everything bought under an address that the actor has just confirmed to their account. Return the number
    of guests."""
    waiting = guest_selectors.waiting_for(actor)
    for purchase in waiting:
        with suppress(NotFound):  # someone with the link was faster
            claim(actor=actor, guest_id=purchase.guest_id, link_version=None, at=at)
    return len(waiting)


@transaction.atomic
def ask_for_links(*, email: str, at: datetime) -> None:
    """Email the links of all orders under the address to it, if there are any. Nothing reveals whether there are."""
    address = account_services.normal_email(email)
    asked = LinkRequest.objects.filter(email=address, asked_at__gt=at - _MAILS_PERIOD)
    if asked.count() < _MAILS:
        _send_links(address, at)


def may_claim(*, actor: User, guest: User) -> bool:
    """Return whether the person has confirmed the guest's email address, so that no link is needed."""
    return permissions.may_claim(actor) and guest.mail_to in account_selectors.confirmed_emails(actor)


@transaction.atomic
def ask_for_new_link(*, token: str, at: datetime) -> None:
    """Email new links to the address behind an expired one, without showing the address. Raises NotFound."""
    address = guest_links.address_behind(token)
    if address:
        ask_for_links(email=address, at=at)


@transaction.atomic
def renew_links(*, guest: User, at: datetime) -> None:
    """Invalidate every link to the guest's orders, and every browser that opened one; email new ones."""
    locked = User.objects.select_for_update(no_key=True).get(pk=guest.pk)
    account_services.renew_guest_links(guest=locked)
    account_services.record_audit(actor=locked, verb="guest.links_renewed", subject=locked)
    _send_links(Guest.objects.get(user=locked).email, at)


def delete_old_requests(*, at: datetime) -> None:
    """Delete old requests for links, and with them addresses of people who never bought anything."""
    LinkRequest.objects.filter(asked_at__lt=at - _REQUESTS_LAST).delete()


def _send_links(address: str, at: datetime) -> None:
    request = LinkRequest.objects.create(email=address, asked_at=at)
    jobs.enqueue("checkout.mail_links", request_id=request.pk)


def _guest_of(cart: Cart, address: str, at: datetime) -> User:
    """Return the passive account of this cart and address. Two clicks at once queue at the cart."""
    locked = Cart.objects.select_for_update().filter(pk=cart.pk).first()
    if locked is None:
        raise CartEmpty
    # A claim waits for this order and then moves it too, or has finished and closed the guest.
    user = User.objects.select_for_update(no_key=True).filter(cart=locked).first()
    if user is not None and not user.is_guest:
        raise CartEmpty  # its visitor has logged in meanwhile, and it is a person's cart
    if user is not None and user.is_active:
        if user.guest.email == address:
            return user
        # Another address is another person or a corrected typing error: no page of the older one stays open.
        checkout.cancel_open_orders(user)
        if not _has_bought(user):
            account_services.change_guest_email(guest=user, email=address)
            user.guest.refresh_from_db()
            return user
    user = account_services.make_guest(email=address, at=at)
    Cart.objects.filter(pk=locked.pk).update(user=user)
    return user


def _has_bought(guest: User) -> bool:
    return Order.objects.filter(buyer=guest, state__in=_SPENT).exists()


def _had_already(actor: User, guest: User) -> list[OrderLine]:
    """Return the guest's paid and active lines of works that the actor may read or has pre-ordered."""
    lines = list(
        OrderLine.objects.filter(order__buyer=guest, order__state=OrderState.PAID, deferral__in=["", "preorder"])
        .select_related("order", "edition")
        .order_by("pk")
    )
    works = [line.edition.work_id for line in lines]
    had = permissions.works_bought_or_made(actor, works) | permissions.preordered_works(actor, works)
    return [line for line in lines if line.edition.work_id in had]


def _move(guest: User, actor: User, twice: list[OrderLine], at: datetime) -> None:
    """Move everything that belongs to the guest to the actor; end the guest's right to read what both had."""
    list(Order.objects.select_for_update().filter(buyer=guest).order_by("pk").values_list("pk", flat=True))
    entitlements.end_entitlements(Entitlement.objects.filter(user=guest, line__in=twice), at=at)
    Entitlement.objects.filter(user=guest).update(user=actor)
    hooks.announce_entitlements(actor.pk)  # what they bought counts for their votes now
    Order.objects.filter(buyer=guest).update(buyer=actor)
    CouponRedemption.objects.filter(user=guest).update(user=actor)
    hooks.announce_claimed(guest, actor)

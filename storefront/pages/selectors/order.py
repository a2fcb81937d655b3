"""What an order's page says first: how the order is, and what follows for its reader."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from common.templatetags.money import day
from storefront.checkout.models import Gift, OrderState
from storefront.checkout.orders.selectors.line_view import HELD_BY_BANK, LineView
from storefront.checkout.orders.selectors.orders import OrderView


@dataclass(frozen=True, slots=True)
class OrderStatus:
    """The sentences about the order as a whole. `is_refreshing`: the page asks again by itself."""

    heading: str
    lead: str
    notes: tuple[str | Promise, ...]
    is_refreshing: bool


@dataclass(frozen=True, slots=True)
class GivenBook:
    """A gift of the order. `link` opens it; "" while it has none to show, or once it is opened."""

    title: str
    recipient: str
    state: str
    link: str


def order_status(view: OrderView, *, is_back: bool) -> OrderStatus:
    """Return what the page says; `is_back`: the reader comes from the payment page."""
    is_paid = view.order.state == OrderState.PAID
    return OrderStatus(
        heading=_("Thank you") if is_paid and is_back else _("Your order"),
        lead=_lead(view, is_back=is_back),
        notes=_notes(view) if is_paid and view.is_kept else (),
        is_refreshing=view.is_waiting and is_back,
    )


def given_book(line: LineView, gift: Gift, *, link: str) -> GivenBook:
    """Return what the page says of a gift."""
    if gift.redeemed_at is not None:
        state = _("Redeemed on %(day)s.") % {"day": day(gift.redeemed_at)}
    elif gift.mailed_at is not None:
        state = _("Delivered on %(day)s, not redeemed yet.") % {"day": day(gift.mailed_at)}
    elif gift.deliver_on is not None:
        state = _("To be delivered on %(day)s.") % {"day": day(gift.deliver_on)}
    else:
        state = _("On its way by email.")
    return GivenBook(line.title, gift.recipient, state, link)


def _lead(view: OrderView, *, is_back: bool) -> str:
    state = view.order.state
    if state == OrderState.PAID:
        return _lead_of_paid(view)
    if state == OrderState.OPEN:
        return _lead_of_open(is_back=is_back)
    if view.is_sent_back:
        return _("This order was not completed. We are refunding what you paid, to the payment method you used.")
    if view.is_with_bank:
        return _("Your bank has taken back the money for this order, so you no longer own anything in it.")
    if state == OrderState.QUARANTINED:
        return _(
            "We received a different amount from the one we asked for. We will review it within a day, and you will "
            "get either the books or your money back. You do not need to do anything."
        )
    return _(
        "This order was not paid, so you were not charged. Your books are still in your cart, unless you emptied it."
    )


def _lead_of_open(*, is_back: bool) -> str:
    if not is_back:
        return _("This order is waiting for payment.")
    return _(
        "The payment provider has not confirmed your payment yet. The books are yours as soon as it does. You can "
        "leave this page."
    )


def _lead_of_paid(view: OrderView) -> str:
    if not view.is_kept:
        if view.is_taken:
            return _("Your bank has taken back the money for this order, so you no longer own anything in it.")
        return _("This order is cancelled.") if view.was_free else _("You have returned everything in this order.")
    if view.order.buyer.is_guest:
        words = _("We are emailing the receipt to %(email)s, with a link back to this page.")
        return words % {"email": view.order.buyer.mail_to}
    if view.has_books:
        return _("Your books are in your library, ready to read and download. We are emailing you the receipt.")
    return _("Your order is paid. We are emailing you the receipt.")


def _notes(view: OrderView) -> tuple[str | Promise, ...]:
    notes: list[str | Promise] = [_awaited(line) for line in view.awaited]
    if view.is_taken:
        notes.append(
            _("Your bank has taken back the money for part of this order. You no longer own what that money paid for.")
        )
    if view.is_held:
        notes.append(HELD_BY_BANK)
    return tuple(notes)


def _awaited(line: LineView) -> str:
    """Return when a pre-ordered book comes, and how to cancel it."""
    facts = {"title": line.title, "day": day(line.release_date)}
    return (_awaited_for_free(line) if line.is_free else _awaited_and_paid(line)) % facts


def _awaited_for_free(line: LineView) -> str:
    if line.is_delayed:
        return _(
            "“%(title)s” was announced for %(day)s but is not out yet. We will add it to your library as soon as it "
            "is. You can cancel until then."
        )
    if line.release_date is not None:
        return _("We will add “%(title)s” to your library on %(day)s. You can cancel until then.")
    return _("“%(title)s” will not be published after all.")


def _awaited_and_paid(line: LineView) -> str:
    if line.is_delayed:
        return _(
            "“%(title)s” was announced for %(day)s but is not out yet. We will add it to your library as soon as it "
            "is. Until then, you can cancel for a full refund."
        )
    if line.release_date is not None:
        return _("We will add “%(title)s” to your library on %(day)s. Until then, you can cancel for a full refund.")
    return _("“%(title)s” will not be published after all. Your refund is on its way.")

"""The words of the page on which a reader returns a line."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from common.templatetags.money import money
from storefront.checkout.orders.selectors.line_view import LineView
from storefront.checkout.permissions import RefundRoute


@dataclass(frozen=True, slots=True)
class RefundPage:
    """What the page says. `effect` and `button` are shown only if the line is refundable; if not, the `lead` says
    why."""

    heading: str
    lead: str | Promise
    effect: str
    button: str
    asks_reason: bool
    needs_reason: bool


def refund_page(line: LineView) -> RefundPage:
    """Return the words for a gift, a pre-order, or a book that its buyer has."""
    lead = _lead(line) if line.is_refundable else line.why_not_refundable
    if line.gift is not None:
        return RefundPage(
            heading=_("Take a gift back"),
            lead=lead,
            effect=_("The gift link will then stop working. We do not tell the recipient."),
            button=_("Take the gift back"),
            asks_reason=False,
            needs_reason=False,
        )
    if line.is_waiting:
        return RefundPage(
            heading=_("Cancel a pre-order"),
            lead=lead,
            effect=_("The book will then not be added to your library when it comes out."),
            button=_("Cancel the pre-order"),
            asks_reason=False,
            needs_reason=False,
        )
    is_at_once = line.way == RefundRoute.AT_ONCE.value
    return RefundPage(
        heading=_("Return a book"),
        lead=lead,
        effect=_(
            "We will then remove the book from your library. Please delete any copies you have downloaded. We keep "
            "your place in the book in case you buy it again."
        ),
        button=_("Return book") if is_at_once else _("Request a refund"),
        asks_reason=True,
        needs_reason=not is_at_once,
    )


def _lead(line: LineView) -> str:
    facts = {"title": line.title, "amount": money(line.left)}
    if line.is_free:
        return _("“%(title)s” was free, so there is nothing to refund.") % facts
    if line.way == RefundRoute.AT_ONCE.value:
        return _("We will refund %(amount)s for “%(title)s” to the payment method you used.") % facts
    words = _(
        "You have read or downloaded “%(title)s”, so a refund of %(amount)s would be goodwill. This time someone on "
        "our team decides, within two working days, and we email you. Tell us what was wrong."
    )
    return words % facts

"""A line of an order as its buyer sees it, with the words for its state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from common import clock
from common.chips import Chip
from common.money import Money
from common.templatetags.money import day, money
from storefront.checkout.models import Gift, Preorder, RefundState
from storefront.checkout.permissions import RefundRoute

HELD_BY_BANK = gettext_lazy(
    "Your bank has claimed back the money for this order and is holding it until it decides. You cannot return "
    "anything until then."
)

_TOO_LATE = gettext_lazy(
    "The fourteen days are over. We confirm your declaration, but do not send money back. Contact us if something is "
    "wrong with the book."
)

_CLAIMED = {
    RefundState.PROPOSED: Chip(gettext_lazy("Under review"), "progress"),
    RefundState.RETURNED: Chip(gettext_lazy("Your bank rejected the refund; we are sending it again"), "caution"),
    RefundState.PENDING: Chip(gettext_lazy("Refund on its way"), "progress"),
    RefundState.SUCCEEDED: Chip(gettext_lazy("Refunded")),
}


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of the order's page. `state` is "" for a kept line, otherwise the state of its refund; `returned` may be
    only a part.

    `way` is at_once, by_decision, held or none: how the buyer can return what is left. `is_taken`: by their bank.

    `full` is the price before a coupon. A gift has its tax only when it is redeemed: until then `tax` is None. `gift`
    and `preorder` are set for what is supplied later, `is_waiting` until then.
    """

    line_id: str
    title: str
    slug: str
    paid: Money
    tax: Money | None
    rate_bps: int
    state: str
    returned: Money
    way: str
    full: Money | None = None
    together_title: str = ""
    gift: Gift | None = None
    preorder: Preorder | None = None
    release_date: date | None = None
    is_waiting: bool = False
    refundable_day: date | None = None
    is_taken: bool = False
    is_withdrawn: bool = False  # its buyer has withdrawn from the contract
    is_watermarked: bool = False  # as sold

    @property
    def is_copy(self) -> bool:
        """Return whether it is one of several copies to hand out."""
        return self.gift is not None and self.gift.is_copy

    @property
    def is_delayed(self) -> bool:
        """Return whether the release date has passed but the work is not out."""
        return self.is_waiting and clock.has_begun(self.release_date)

    @property
    def is_refundable(self) -> bool:
        return RefundRoute(self.way).is_open

    @property
    def is_free(self) -> bool:
        return not self.paid

    @property
    def left(self) -> Money:
        return self.paid - self.returned

    @property
    def is_canceled(self) -> bool:
        """Return whether what was to be supplied later never will be."""
        return any(one is not None and one.canceled_at is not None for one in (self.gift, self.preorder))

    @property
    def has_ended(self) -> bool:
        """Return whether a gift or pre-order ended without anyone getting the book."""
        return self.is_taken or self.is_canceled

    @property
    def is_gone(self) -> bool:
        """Return whether its buyer has nothing of it any more, or soon will not."""
        return self.is_taken or self.is_given_back

    @property
    def is_given_back(self) -> bool:
        """Return whether nothing of it is left, or will be once its refund is decided. A free line cannot be
        refunded."""
        return self.is_canceled or (bool(self.returned) and not self.left)

    @property
    def outcome(self) -> Chip | None:
        """Return what became of the line; None if it is kept, or kept after a partial refund."""
        if self.is_taken:
            return Chip(_("Taken back by your bank"))
        if self.is_canceled and self.is_free:
            return Chip(pgettext("order line", "Cancelled"))
        return None if not self.state or self.is_partly_refunded else _CLAIMED[RefundState(self.state)]

    @property
    def is_partly_refunded(self) -> bool:
        """Return whether only a part was refunded, and the rest was not taken by the bank."""
        return not self.is_taken and self.state == RefundState.SUCCEEDED and bool(self.left)

    @property
    def note(self) -> str:
        """Return what there is to say of a gift or a pre-order, otherwise ""."""
        if self.gift is not None and self.gift.is_copy:
            words = _("copy %(n)d, to hand out") % {"n": self.gift.copy_number}
        elif self.gift is not None:
            words = _("a gift for %(who)s") % {"who": self.gift.recipient}
        elif self.preorder is not None:
            words = _("pre-ordered") if self.has_ended else self._preorder_note()
        else:
            return ""
        return f"{words}, {pgettext('gift or order ahead', 'ended')}" if self.has_ended else words

    def _preorder_note(self) -> str:
        if self.is_delayed:
            return _("pre-ordered, delayed")
        if self.is_waiting and self.release_date is not None:
            return _("pre-ordered, out on %(day)s") % {"day": day(self.release_date)}
        if self.refundable_day is not None:
            return _("pre-ordered; can be returned until %(day)s") % {"day": day(self.refundable_day)}
        return _("pre-ordered")

    @property
    def when_withdrawn(self) -> str:
        """Return what happens to the line if its buyer withdraws from the contract."""
        if self.gift is not None and self.way != RefundRoute.HELD.value:
            return self._when_gift_is_withdrawn()
        match RefundRoute(self.way):
            case RefundRoute.AT_ONCE if self.is_free:
                return _("It was free. The order is cancelled.")
            case RefundRoute.AT_ONCE:
                words = _(
                    "We will refund %(amount)s to the payment method you used and remove the book from your library."
                )
                return words % {"amount": money(self.left)}
            case RefundRoute.BY_DECISION:
                words = _(
                    "You agreed to get it at once and have used it, so you no longer have a right of withdrawal by "
                    "law. Someone on our team decides on the %(amount)s within two working days."
                )
                return words % {"amount": money(self.left)}
            case RefundRoute.HELD:
                return _(
                    "Your bank has asked for the money and is holding it until it decides. We confirm your "
                    "declaration, but cannot send a refund until then."
                )
            case RefundRoute.NONE:
                return str(_TOO_LATE)

    def _when_gift_is_withdrawn(self) -> str:
        if self.is_refundable:
            words = _("We will refund %(amount)s to the payment method you used. Its link then stops working.")
            return words % {"amount": money(self.left)}
        if self.is_waiting:
            return str(_TOO_LATE)
        if self.is_copy:
            return _("Someone has opened it. We confirm your declaration, but do not send money back.")
        return _(
            "This gift has been redeemed, so it now belongs to the recipient. We confirm your declaration, but do not "
            "send money back."
        )

    @property
    def why_not_refundable(self) -> str | Promise:
        """Return why the buyer cannot return a line that is not refundable."""
        if self.state == RefundState.PROPOSED:
            return _("You have requested a refund. Someone on our team decides within two working days.")
        if self.is_taken:
            return _("Your bank has taken back the money for this book.")
        if self.way == RefundRoute.HELD.value:
            return HELD_BY_BANK
        if self.is_given_back:
            return _("This book has already been returned.")
        if self.gift is not None:
            return _("This gift has been redeemed, so it now belongs to the recipient.")
        return _("You can no longer return this book yourself. Contact us if something is wrong with it.")

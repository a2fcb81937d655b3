"""What can go wrong on the payment provider's side of the shop, for people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class CardDeclined(DomainError):
    code = "card_declined"
    message = _("The card was declined, so nothing was charged. Try another card, or leave without paying.")


class SessionClosed(DomainError):
    code = "session_closed"
    message = _("This payment page has closed, so nothing can be paid here. Go back to the shop and start again.")


class NotSimulated(DomainError):
    code = "not_simulated"
    message = _("The provider would not let that happen: {reason}")


class EventRejected(Exception):
    """A webhook request that is not what it should be. `status` answers it; `reason` is for the log."""

    def __init__(self, reason: str, status: int = 400) -> None:
        self.reason = reason
        self.status = status
        super().__init__(reason)

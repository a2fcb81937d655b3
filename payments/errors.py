"""Errors on the payment provider's side that people can see."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class CardDeclined(DomainError):
    code = "card_declined"
    message = _("The card was declined, so nothing was charged. Try another card, or leave without paying.")


class SessionClosed(DomainError):
    code = "session_closed"
    message = _("This payment page has expired, so you cannot pay here. Go back to the shop and start again.")


class SimulationRefused(DomainError):
    code = "not_simulated"
    message = _("The payment provider does not allow this: {reason}")


class EventRejected(Exception):
    """A webhook request that is not valid. `status` is the response status; `reason` is for the log."""

    def __init__(self, reason: str, status: int = 400) -> None:
        self.reason = reason
        self.status = status
        super().__init__(reason)

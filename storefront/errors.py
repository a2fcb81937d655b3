"""What can stand in the way of buying, reading and giving back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class NotOnSale(DomainError):
    code = "not_on_sale"
    message = _("“{title}” is not on sale any more. Take it out of your cart to go on; nothing was charged.")


class AlreadyOwned(DomainError):
    code = "already_owned"
    message = _("“{title}” is already in your library. You can read and download it there; there is nothing to pay.")


class NotForSaleIn(DomainError):
    code = "no_price_in_currency"
    message = _("“{title}” has no price in {currency}. Choose another currency in your cart, or take it out.")


class CartEmpty(DomainError):
    code = "cart_empty"
    message = _("Your cart is empty, so there is nothing to pay.")


class ForeignRequest(DomainError):
    code = "foreign_request"
    message = _("This request did not come from one of our pages. Open the book's page here and try again.")
    status = 403


class QuoteChanged(DomainError):
    code = "quote_changed"
    message = _("A price or your cart changed while this page was open. Nothing was charged; look at the new total.")


class ConsentMissing(DomainError):
    code = "consent_missing"
    message = _("To open the books at once we need your consent to immediate supply.")


class PaymentPageRefused(DomainError):
    code = "payment_page_refused"
    message = _("The payment provider does not take this order: {reason}. Nothing was charged.")


class ProviderSilent(DomainError):
    code = "provider_silent"
    message = _("The payment provider does not answer. Nothing was charged; please try again in a minute.")
    status = 503


class RefundNotPossible(DomainError):
    code = "refund_not_possible"
    message = _("This book cannot be given back by yourself any more. Write to us if something is wrong with it.")


class RefundTooLarge(DomainError):
    code = "refund_too_large"
    message = _("Only {left} of this line is left to give back. Nothing was sent.")


class RefundDecided(DomainError):
    code = "refund_decided"
    message = _("This refund has been decided already. Reload the page to see how it stands.")


class DisputeClosed(DomainError):
    code = "dispute_closed"
    message = _("The bank takes no answer to this dispute any more.")


class LinkExpired(DomainError):
    code = "link_expired"
    message = _("This download link was good for five minutes. Your library makes a new one.")
    status = 410

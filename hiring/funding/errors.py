"""The errors of funding: a stable code, facts, and a sentence that says what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class AlreadyPaid(DomainError):
    code = "milestone_already_paid"
    message = _("This milestone is already paid. You do not need to pay again.")


class PaymentPageRefused(DomainError):
    code = "milestone_page_refused"
    message = _("The payment provider refused this payment ({reason}). You were not charged.")


class ProviderUnavailable(DomainError):
    code = "milestone_provider_unavailable"
    message = _("The payment provider is not responding. You were not charged. Try again in a few minutes.")
    status = 503


class TooManyUnpaidPages(DomainError):
    code = "milestone_too_many_pages"
    message = _("You opened {count} payment pages today without paying. Try again tomorrow.")


class NotPaid(DomainError):
    code = "milestone_not_paid"
    message = _("There is no payment for milestone {reference} to refund.")


class DisputeAnswered(DomainError):
    code = "milestone_dispute_answered"
    message = _("The bank does not wait for an answer to this dispute: it is answered, decided or closed.")


class RefundDecided(DomainError):
    code = "milestone_refund_decided"
    message = _("This refund does not wait for a bank transfer.")

"""The errors of this app: a stable code, facts, and a sentence that says what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class ReportsNotSold(DomainError):
    code = "reports_not_sold"
    message = _("The reports are not sold in {currency}. Choose another currency on the page.")


class EarningsTooLow(DomainError):
    code = "earnings_too_low"
    message = _(
        "The reports are paid from your earnings, and less than {price} is payable to you in this currency. Nothing "
        "was charged."
    )

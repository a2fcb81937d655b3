"""The ledger's accounts, the stages from sale to payout, and months, in words; amounts with their sign."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.money import Money
from common.periods import Month
from common.templatetags.money import money

_STAGES = {
    "clearing": _("In clearing"),
    "disputed": _("In dispute"),
    "payable": _("Payable"),
    "reserve": _("In reserve"),
    "claimed": _("Held for claims"),
    "in-transit": _("In transit"),
    "paid": pgettext_lazy("payout", "Paid"),
    "owed": _("Owed by you"),
}
_ACCOUNTS = {
    "stripe_balance": _("Payment provider"),
    "milestone_held": _("Held for milestones"),
    "tax": _("Tax"),
    "withholding": _("Withholding tax"),
    "platform_fee": _("Platform fee"),
    "processor_fee_recovered": _("Card fee, as quoted"),
    "processor_fee": _("Card fee, as charged"),
    "contributor_clearing": _("In clearing"),
    "contributor_payable": _("Payable"),
    "contributor_in_transit": _("In transit"),
    "contributor_receivable": _("Owed by contributor"),
    "contributor_disputed": _("In dispute"),
    "contributor_reserve": _("In reserve"),
    "contributor_claimed": _("Held for claims"),
    "unclaimed": _("Unclaimed"),
    "dispute_in_progress": _("Disputed payments, undecided"),
    "dispute_fee": _("Dispute fees"),
    "deferred": _("Prepayment received"),
    "refund_pending": _("Owed to readers"),
    "protection_fund": _("Protection fund"),
    "plan_fee": _("Plan and report fees"),
    "payout_fee": _("Payout costs"),
    "promotion": _("Promotions"),
    "bad_debt": _("Bad debts"),
    "bank": _("Bank"),
    "fx": _("Currency conversion"),
    "rounding": _("Rounding"),
}


def account_label(kind: str) -> str:
    """{{ account.kind|account_label }}: the account in words."""
    return str(_ACCOUNTS[kind])


def stage_label(name: str) -> str:
    """{{ name|stage_label }}: a stage from sale to payout in words."""
    return str(_STAGES[name])


def month_name(period: str | Month) -> str:
    """{{ statement.period|month_name }}: "2026-11" as "November 2026"."""
    return date_format(Month.parse(str(period)).start, "YEAR_MONTH_FORMAT")


def change(amount_minor: int, currency: str) -> str:
    """{{ movement.amount_minor|change:currency }}: with its sign, "+$4.15"."""
    if amount_minor > 0:
        return f"+{money(amount_minor, currency)}"
    return minus(-amount_minor, currency)


def minus(amount_minor: int | Money, currency: str = "") -> str:
    """{{ sale.tax|minus }} or {{ s.returns_minor|minus:s.currency }}: an amount as a deduction; zero has no sign."""
    value = amount_minor if isinstance(amount_minor, Money) else Money(amount_minor, currency)
    return money(value) if not value else f"−{money(value)}"


def signed(amount_minor: int, currency: str) -> str:
    """{{ movement.amount_minor|signed:currency }}: an amount with a minus sign when it is negative."""
    return minus(-amount_minor, currency) if amount_minor < 0 else money(amount_minor, currency)

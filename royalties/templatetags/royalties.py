"""States as chips, names of accounts and entries in words, and amounts with their sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django import template
from django.db.models import TextChoices
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from common.templatetags import money as money_filters
from payments.labels import provider_label
from royalties import labels
from royalties.models import (
    BankFileState,
    CertificateState,
    EntryKind,
    ItemState,
    ManualState,
    PayoutAccountState,
    PayoutRunState,
    PayoutState,
    RateState,
    ReserveRule,
    ReserveRuleState,
    RowOutcome,
    SaleState,
    Statement,
    StatementLine,
)
from royalties.selectors import statements
from royalties.selectors.clearing_accounts import ClearingState
from royalties.selectors.milestones import HeldState
from royalties.selectors.statement_shares import LineShare
from royalties.selectors.statements import StatementPart

register = template.Library()
register.filter(labels.account_label)
register.filter(labels.stage_label)
register.filter(labels.month_name)
register.filter(labels.change)
register.filter(labels.minus)
register.filter(labels.signed)

# By value: two states with the same value have the same kind.
_KINDS: dict[TextChoices, str] = {
    SaleState.CLEARING: "progress",
    SaleState.CLEARED: "success",
    SaleState.DISPUTED: "caution",
    SaleState.REFUNDED: "danger",
    PayoutState.PENDING: "",
    PayoutState.HELD: "caution",
    PayoutState.SENT: "progress",
    PayoutState.PAID: "success",
    PayoutState.FAILED: "danger",
    PayoutState.CANCELED: "",
    PayoutState.RETURNED: "danger",
    PayoutRunState.PROPOSED: "progress",
    PayoutRunState.APPROVED: "success",
    BankFileState.MADE: "progress",
    BankFileState.RELEASED: "success",
    RowOutcome.CONFIRMED: "success",
    RowOutcome.FAILED: "danger",
    RowOutcome.RETURNED: "danger",
    RowOutcome.SWEEP: "success",
    RowOutcome.UNMATCHED: "caution",
    HeldState.DISPUTED: "caution",
    HeldState.HELD: "progress",
    HeldState.TOO_LONG: "danger",
    HeldState.OWED: "caution",
    RateState.PROPOSED: "progress",
    RateState.APPROVED: "success",
    ItemState.MATCHED: "success",
    ItemState.LATE: "",
    ItemState.DIFFERS: "caution",
    ItemState.MISSING_HERE: "danger",
    ItemState.MISSING_THERE: "danger",
    ManualState.PROPOSED: "progress",
    ManualState.APPROVED: "success",
    CertificateState.HANDED_IN: "progress",
    CertificateState.ACCEPTED: "success",
    CertificateState.REFUSED: "danger",
    ReserveRuleState.IN_FORCE: "caution",
    ClearingState.IN_ORDER: "success",
    ClearingState.OVERDUE: "caution",
    ClearingState.UNEXPLAINED: "danger",
    PayoutAccountState.READY: "success",
    PayoutAccountState.ON_HOLD: "progress",
    PayoutAccountState.NOT_FINISHED: "caution",
    PayoutAccountState.TROUBLE: "danger",
}

# The provider's kinds of balance transactions that we have met.
_MOVEMENTS = {
    "charge": _("Payment"),
    "payment": _("Payment"),
    "refund": _("Refund"),
    "payment_refund": _("Refund"),
    "refund_failure": _("Refund returned by the bank"),
    "payment_failure_refund": _("Refund returned by the bank"),
    "transfer": _("Transfer"),
    "transfer_refund": _("Transfer reversed"),
    "transfer_reversal": _("Transfer reversed"),
    "adjustment": _("Adjustment"),
    "dispute": _("Dispute"),
    "payout": _("Paid to our bank"),
    "stripe_fee": _("Provider fee"),
}


@register.inclusion_tag("components/chip.html")
def sale_chip(state: str) -> dict[str, str]:
    """{% sale_chip sale.state %}"""
    return _chip(SaleState(state))


@register.inclusion_tag("components/chip.html")
def payout_chip(state: str) -> dict[str, str]:
    """{% payout_chip payout.state %}"""
    return _chip(PayoutState(state))


@register.inclusion_tag("components/chip.html")
def run_chip(state: str) -> dict[str, str]:
    """{% run_chip run.state %}"""
    return _chip(PayoutRunState(state))


@register.inclusion_tag("components/chip.html")
def file_chip(state: str) -> dict[str, str]:
    """{% file_chip file.state %}"""
    return _chip(BankFileState(state))


@register.inclusion_tag("components/chip.html")
def row_chip(outcome: str) -> dict[str, str]:
    """{% row_chip row.outcome %}"""
    return _chip(RowOutcome(outcome))


@register.inclusion_tag("components/chip.html")
def payout_account_chip(state: str) -> dict[str, str]:
    """{% payout_account_chip page.state %}"""
    return _chip(PayoutAccountState(state))


@register.inclusion_tag("components/chip.html")
def clearing_chip(state: str) -> dict[str, str]:
    """{% clearing_chip account.state %}"""
    return _chip(ClearingState(state))


@register.inclusion_tag("components/chip.html")
def reserve_chip(rule: ReserveRule, at: datetime) -> dict[str, str]:
    """{% reserve_chip rule at %}"""
    return _chip(rule.state(at))


@register.inclusion_tag("components/chip.html")
def held_chip(state: str) -> dict[str, str]:
    """{% held_chip milestone.held_state %}"""
    return _chip(HeldState(state))


@register.inclusion_tag("components/chip.html")
def rate_chip(state: str) -> dict[str, str]:
    """{% rate_chip rate.state %}"""
    return _chip(RateState(state))


@register.inclusion_tag("components/chip.html")
def item_chip(state: str) -> dict[str, str]:
    """{% item_chip item.state %}"""
    return _chip(ItemState(state))


@register.inclusion_tag("components/chip.html")
def manual_chip(state: str) -> dict[str, str]:
    """{% manual_chip correction.state %}"""
    return _chip(ManualState(state))


@register.filter
def item_kind(kind: str) -> str:
    """{{ item.kind|item_kind }}: the kind of a provider movement, or of our own entry, in words."""
    words = _MOVEMENTS.get(kind) or (EntryKind(kind).label if kind in EntryKind else provider_label(kind))
    return str(words)[:1].upper() + str(words)[1:]


@register.inclusion_tag("components/chip.html")
def tax_form_chip(state: str) -> dict[str, str]:
    """{% tax_form_chip certificate.state %}"""
    return _chip(CertificateState(state))


_PASSING = {
    "contributor_clearing": ngettext_lazy("%d share inside its return window", "%d shares inside their return window"),
    "contributor_reserve": ngettext_lazy("%d amount in reserve", "%d amounts in reserve"),
    "contributor_disputed": ngettext_lazy("%d hold for an open dispute", "%d holds for open disputes"),
    "contributor_claimed": ngettext_lazy("%d share held for a claim", "%d shares held for claims"),
    "dispute_in_progress": ngettext_lazy("%d open dispute", "%d open disputes"),
    "contributor_in_transit": ngettext_lazy("%d unconfirmed payout", "%d unconfirmed payouts"),
    "refund_pending": ngettext_lazy("%d order or line", "%d orders or lines"),
    "deferred": ngettext_lazy("%d gift or pre-order", "%d gifts and pre-orders"),
    "milestone_held": ngettext_lazy("%d milestone", "%d milestones"),
}
# For these accounts the date is when the first amount is released; for the others it is when the oldest came in.
_AHEAD = frozenset({"contributor_clearing", "contributor_reserve"})


@register.filter
def passing_label(kind: str, things: int) -> str:
    """{{ account.kind|passing_label:account.passing.things }}: what explains the balance, in words."""
    return str(_PASSING[kind] % things) if things else gettext("Nothing")


@register.filter
def since_label(kind: str, since: datetime) -> str:
    """{{ account.kind|since_label:account.passing.since }}: when the oldest of it came in, or the first is released."""
    text = gettext("the first is released on %(day)s") if kind in _AHEAD else gettext("the oldest since %(day)s")
    return text % {"day": money_filters.day(since)}


@register.filter
def entry_label(kind: str) -> str:
    """{{ entry.kind|entry_label }}: the event in words."""
    return str(EntryKind(kind).label)


@register.filter
def parts(statement: Statement) -> list[StatementPart]:
    """{% for part in statement|parts %}: what the closing balance consists of."""
    return statements.parts_of(statement)


def _chip(state: TextChoices) -> dict[str, str]:
    return {"word": str(state.label), "kind": _KINDS.get(state, "")}


@register.filter
def of_line(shares: Mapping[int, Sequence[LineShare]], line: StatementLine) -> Sequence[LineShare]:
    """{{ content.shares|of_line:line }}: the shares at which a line of a statement was earned."""
    return shares[line.position]

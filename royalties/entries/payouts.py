"""Entries for payouts: requested, confirmed, failed, returned or reversed; their costs; and currency conversions."""

from __future__ import annotations

from datetime import datetime

from common.money import Money
from royalties import chart
from royalties.chart import AccountKind, AccountName
from royalties.entries.base import Draft, Line, build_draft, transfer_lines
from royalties.models import EntryKind


def transfer_asked(*, payout: str, owner: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """Build the entry made before the provider is called: the money is in transit, the outcome unknown."""
    lines = transfer_lines(owner, AccountKind.CONTRIBUTOR_PAYABLE, AccountKind.CONTRIBUTOR_IN_TRANSIT, amount)
    return build_draft(
        EntryKind.TRANSFER_ASKED,
        f"transfer_asked:{payout}",
        lines,
        reference=payout,
        currency=currency,
        occurred_at=occurred_at,
    )


def transfer_confirmed(
    *,
    payout: str,
    owner: str,
    currency: str,
    occurred_at: datetime,
    amount: int,
    paid_from: AccountName = chart.STRIPE_BALANCE,
) -> Draft:
    """Build the entry for money that has left our balance at the provider, or our bank account."""
    lines = [
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_IN_TRANSIT, owner), amount),
        Line(paid_from, -amount),
    ]
    return build_draft(
        EntryKind.TRANSFER_CONFIRMED,
        f"transfer_confirmed:{payout}",
        lines,
        reference=payout,
        currency=currency,
        occurred_at=occurred_at,
    )


def transfer_failed(
    *, payout: str, owner: str, currency: str, occurred_at: datetime, amount: int, asked_entry_id: int
) -> Draft:
    """Build the entry for a refused transfer: the money is payable again."""
    lines = transfer_lines(owner, AccountKind.CONTRIBUTOR_IN_TRANSIT, AccountKind.CONTRIBUTOR_PAYABLE, amount)
    return build_draft(
        EntryKind.TRANSFER_FAILED,
        f"transfer_failed:{payout}",
        lines,
        reference=payout,
        currency=currency,
        occurred_at=occurred_at,
        reverses_id=asked_entry_id,
    )


def payout_returned(
    *,
    payout: str,
    owner: str,
    currency: str,
    occurred_at: datetime,
    amount: int,
    paid_from: AccountName = chart.STRIPE_BALANCE,
) -> Draft:
    """Build the entry for a paid payout that the payee's bank sent back: the money is payable again."""
    lines = [Line(paid_from, amount), Line(chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner), -amount)]
    return build_draft(
        EntryKind.PAYOUT_RETURNED,
        f"payout_returned:{payout}",
        lines,
        reference=payout,
        currency=currency,
        occurred_at=occurred_at,
    )


def transfer_reversed(
    *, external_id: str, owner: str, currency: str, occurred_at: datetime, amount: int, to_payable: int = 0
) -> Draft:
    """Build the entry for part of an earlier transfer, taken back from the payee's account to settle their debt.

    `to_payable` is the part that was no longer owed when the answer came; it is payable to them again.
    """
    lines = [
        Line(chart.STRIPE_BALANCE, amount),
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_RECEIVABLE, owner), to_payable - amount),
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner), -to_payable),
    ]
    return build_draft(
        EntryKind.TRANSFER_REVERSED,
        f"transfer_reversed:{external_id}",
        lines,
        reference=owner,
        currency=currency,
        occurred_at=occurred_at,
    )


def payout_fee(*, payout: str, owner: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """Build the entry for the cost of a payout below the free minimum, borne by the payee, who was told before."""
    lines = [
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner), amount),
        Line(chart.PAYOUT_FEE, -amount),
    ]
    return build_draft(
        EntryKind.PAYOUT_FEE,
        f"payout_fee:{payout}",
        lines,
        reference=payout,
        currency=currency,
        occurred_at=occurred_at,
    )


def payout_cost(*, source: str, change: str, occurred_at: datetime, cost: Money) -> Draft:
    """Build the entry for the fee that the provider took for paying out, which we bear.

    `source` is what the provider's movement `change` is about.
    """
    lines = [Line(chart.PAYOUT_FEE, cost.amount_minor), Line(chart.STRIPE_BALANCE, -cost.amount_minor)]
    return build_draft(
        EntryKind.PAYOUT_FEE,
        f"payout_fee:{source}:{change}",
        lines,
        reference=source,
        currency=cost.currency,
        occurred_at=occurred_at,
    )


def payable_converted(*, external_id: str, owner: str, occurred_at: datetime, given: Money, received: Money) -> Draft:
    """Build the entry that turns money payable in one currency into the currency the payee chose."""
    payable = chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner)
    lines = [
        Line(payable, given.amount_minor, given.currency),
        Line(chart.FX, -given.amount_minor, given.currency),
        Line(chart.FX, received.amount_minor, received.currency),
        Line(payable, -received.amount_minor, received.currency),
    ]
    return build_draft(
        EntryKind.PAYABLE_CONVERTED,
        f"payable_converted:{external_id}",
        lines,
        reference=owner,
        currency=given.currency,
        occurred_at=occurred_at,
    )


def bank_sweep(*, external_id: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """Build the entry for part of our provider balance paid out to our bank account, from which the bank rail pays."""
    lines = [Line(chart.BANK, amount), Line(chart.STRIPE_BALANCE, -amount)]
    return build_draft(
        EntryKind.BANK_SWEEP,
        f"bank_sweep:{external_id}",
        lines,
        reference=external_id,
        currency=currency,
        occurred_at=occurred_at,
    )

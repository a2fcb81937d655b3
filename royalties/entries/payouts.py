"""Entries of paying out: asked for, confirmed, failed, brought back, what it cost whom, and in another currency."""

from __future__ import annotations

from datetime import datetime

from common.money import Money
from royalties import chart
from royalties.chart import AccountKind, AccountName
from royalties.entries.base import Draft, Line, draft, move
from royalties.models import EntryKind


def transfer_asked(*, payout: str, owner: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """Before the call: the money is under way, its outcome unknown."""
    lines = move(owner, AccountKind.CONTRIBUTOR_PAYABLE, AccountKind.CONTRIBUTOR_IN_TRANSIT, amount)
    return draft(
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
    """The money moved: out of our balance at the provider, or out of the bank."""
    lines = [
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_IN_TRANSIT, owner), amount),
        Line(paid_from, -amount),
    ]
    return draft(
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
    """It was refused: the money is payable again."""
    lines = move(owner, AccountKind.CONTRIBUTOR_IN_TRANSIT, AccountKind.CONTRIBUTOR_PAYABLE, amount)
    return draft(
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
    """A payout that had been paid came back: the payee's bank refused it. The money is payable again."""
    lines = [Line(paid_from, amount), Line(chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner), -amount)]
    return draft(
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
    """Part of an earlier transfer was clawed back from the payee's account, against what they owe.

    `to_payable` of it was no longer owed when the answer came; it is the payee's again.
    """
    lines = [
        Line(chart.STRIPE_BALANCE, amount),
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_RECEIVABLE, owner), to_payable - amount),
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner), -to_payable),
    ]
    return draft(
        EntryKind.TRANSFER_REVERSED,
        f"transfer_reversed:{external_id}",
        lines,
        reference=owner,
        currency=currency,
        occurred_at=occurred_at,
    )


def payout_fee(*, payout: str, owner: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """A payout below the free minimum: its cost is borne by the payee, who was told before."""
    lines = [
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner), amount),
        Line(chart.PAYOUT_FEE, -amount),
    ]
    return draft(
        EntryKind.PAYOUT_FEE,
        f"payout_fee:{payout}",
        lines,
        reference=payout,
        currency=currency,
        occurred_at=occurred_at,
    )


def payout_cost(*, source: str, change: str, occurred_at: datetime, cost: Money) -> Draft:
    """The provider took its fee for paying out: ours to bear. `source` is what its movement `change` is about."""
    lines = [Line(chart.PAYOUT_FEE, cost.amount_minor), Line(chart.STRIPE_BALANCE, -cost.amount_minor)]
    return draft(
        EntryKind.PAYOUT_FEE,
        f"payout_fee:{source}:{change}",
        lines,
        reference=source,
        currency=cost.currency,
        occurred_at=occurred_at,
    )


def payable_converted(*, external_id: str, owner: str, occurred_at: datetime, given: Money, received: Money) -> Draft:
    """What is payable in one currency becomes payable in the one the payee chose."""
    payable = chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner)
    lines = [
        Line(payable, given.amount_minor, given.currency),
        Line(chart.FX, -given.amount_minor, given.currency),
        Line(chart.FX, received.amount_minor, received.currency),
        Line(payable, -received.amount_minor, received.currency),
    ]
    return draft(
        EntryKind.PAYABLE_CONVERTED,
        f"payable_converted:{external_id}",
        lines,
        reference=owner,
        currency=given.currency,
        occurred_at=occurred_at,
    )


def bank_sweep(*, external_id: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """The provider paid part of our own balance out to our bank: the bank rail pays from there."""
    lines = [Line(chart.BANK, amount), Line(chart.STRIPE_BALANCE, -amount)]
    return draft(
        EntryKind.BANK_SWEEP,
        f"bank_sweep:{external_id}",
        lines,
        reference=external_id,
        currency=currency,
        occurred_at=occurred_at,
    )

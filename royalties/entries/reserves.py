"""Entries for reserves, the protection fund, debts, plan fees and corrections."""

from __future__ import annotations

from datetime import datetime

from royalties import chart
from royalties.chart import AccountKind, AccountName
from royalties.entries.base import Draft, Line, build_draft, transfer_lines
from royalties.models import EntryKind


def recovery(*, external_id: str, owner: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """Build the entry that pays a contributor's debt from what is payable to them."""
    lines = [
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner), amount),
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_RECEIVABLE, owner), -amount),
    ]
    return build_draft(
        EntryKind.RECOVERY,
        f"recovery:{external_id}",
        lines,
        reference=owner,
        currency=currency,
        occurred_at=occurred_at,
    )


def reserve_kept(
    *, reference: str, external_id: str, owner: str, currency: str, occurred_at: datetime, amount: int
) -> Draft:
    """Build the entry that moves part of what just cleared into a reserve against refunds."""
    lines = transfer_lines(owner, AccountKind.CONTRIBUTOR_PAYABLE, AccountKind.CONTRIBUTOR_RESERVE, amount)
    return build_draft(
        EntryKind.RESERVE_KEPT,
        f"reserve_kept:{external_id}",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def reserve_released(
    *, reference: str, external_id: str, owner: str, currency: str, occurred_at: datetime, amount: int
) -> Draft:
    """Build the entry that makes what is left of a reserve payable when its time is over."""
    lines = transfer_lines(owner, AccountKind.CONTRIBUTOR_RESERVE, AccountKind.CONTRIBUTOR_PAYABLE, amount)
    return build_draft(
        EntryKind.RESERVE_RELEASED,
        f"reserve_released:{external_id}",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def fund_fed(*, external_id: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """Build the entry that moves part of the platform's own fees into the protection fund."""
    lines = [Line(chart.PLATFORM_FEE, amount), Line(chart.PROTECTION_FUND, -amount)]
    return build_draft(
        EntryKind.FUND_FED,
        f"fund_fed:{external_id}",
        lines,
        reference="protection_fund",
        currency=currency,
        occurred_at=occurred_at,
    )


def bad_debt(*, external_id: str, owner: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """Build the entry that writes off a debt that cannot be recovered."""
    lines = [
        Line(chart.BAD_DEBT, amount),
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_RECEIVABLE, owner), -amount),
    ]
    return build_draft(
        EntryKind.BAD_DEBT,
        f"bad_debt:{external_id}",
        lines,
        reference=owner,
        currency=currency,
        occurred_at=occurred_at,
    )


def plan_fee(
    *, external_id: str, owner: str, currency: str, occurred_at: datetime, from_payable: int, owed: int
) -> Draft:
    """Build the entry for a month's plan fee: taken from what is payable, the rest becomes a debt."""
    lines = [
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner), from_payable),
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_RECEIVABLE, owner), owed),
        Line(chart.PLAN_FEE, -from_payable - owed),
    ]
    return build_draft(
        EntryKind.PLAN_FEE,
        f"plan_fee:{external_id}",
        lines,
        reference=owner,
        currency=currency,
        occurred_at=occurred_at,
    )


def adjustment(
    *, external_id: str, owner: str, currency: str, occurred_at: datetime, amount: int, against: AccountName
) -> Draft:
    """Build the entry for a correction by two people: `amount` more is payable (or less when negative)."""
    lines = [
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner), -amount),
        Line(against, amount),
    ]
    return build_draft(
        EntryKind.ADJUSTMENT,
        f"adjustment:{external_id}",
        lines,
        reference=owner,
        currency=currency,
        occurred_at=occurred_at,
    )


def balance_corrected(
    *, external_id: str, reference: str, currency: str, occurred_at: datetime, amount: int, against: AccountName
) -> Draft:
    """Build the entry for a correction by two people: the provider has `amount` more than our books said.

    Less when negative.
    """
    lines = [Line(chart.STRIPE_BALANCE, amount), Line(against, -amount)]
    return build_draft(
        EntryKind.BALANCE_CORRECTED,
        f"balance_corrected:{external_id}",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )

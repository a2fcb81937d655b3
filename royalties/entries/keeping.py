"""Entries of keeping money apart and of putting things right: reserve, fund, debts, plan fees, adjustments."""

from __future__ import annotations

from datetime import datetime

from royalties import chart
from royalties.chart import AccountKind, AccountName
from royalties.entries.base import Draft, Line, draft, move
from royalties.models import EntryKind


def recovery(*, external_id: str, owner: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """A contributor's debt is paid from what is payable to them."""
    lines = [
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner), amount),
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_RECEIVABLE, owner), -amount),
    ]
    return draft(
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
    """Part of what just cleared is kept against refunds for a while."""
    lines = move(owner, AccountKind.CONTRIBUTOR_PAYABLE, AccountKind.CONTRIBUTOR_RESERVE, amount)
    return draft(
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
    """The reserve's time is over: what is left of it is payable."""
    lines = move(owner, AccountKind.CONTRIBUTOR_RESERVE, AccountKind.CONTRIBUTOR_PAYABLE, amount)
    return draft(
        EntryKind.RESERVE_RELEASED,
        f"reserve_released:{external_id}",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def fund_fed(*, external_id: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """Part of the platform's own fees goes into the protection fund."""
    lines = [Line(chart.PLATFORM_FEE, amount), Line(chart.PROTECTION_FUND, -amount)]
    return draft(
        EntryKind.FUND_FED,
        f"fund_fed:{external_id}",
        lines,
        reference="protection_fund",
        currency=currency,
        occurred_at=occurred_at,
    )


def bad_debt(*, external_id: str, owner: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """A debt that cannot be recovered is written off."""
    lines = [
        Line(chart.BAD_DEBT, amount),
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_RECEIVABLE, owner), -amount),
    ]
    return draft(
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
    """The monthly fee of a contributor's plan, from what is payable; the rest is owed."""
    lines = [
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner), from_payable),
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_RECEIVABLE, owner), owed),
        Line(chart.PLAN_FEE, -from_payable - owed),
    ]
    return draft(
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
    """A correction by two people: payable to the contributor grows by `amount` (shrinks when negative)."""
    lines = [
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner), -amount),
        Line(against, amount),
    ]
    return draft(
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
    """The provider has `amount` more than our books said (less when negative): a correction by two people."""
    lines = [Line(chart.STRIPE_BALANCE, amount), Line(against, -amount)]
    return draft(
        EntryKind.BALANCE_CORRECTED,
        f"balance_corrected:{external_id}",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )

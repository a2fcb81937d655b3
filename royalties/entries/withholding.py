"""Entries of tax withheld from royalties: taken when they become payable, given back, and paid to the tax office."""

from __future__ import annotations

from datetime import datetime

from royalties import chart
from royalties.chart import AccountKind
from royalties.entries.base import Draft, Line, draft
from royalties.models import EntryKind


def withheld(*, reference: str, owner: str, country: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """Part of what just became payable to a contributor is owed to a tax office instead."""
    lines = [
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner), amount),
        Line(chart.withholding(country), -amount),
    ]
    return draft(
        EntryKind.WITHHELD,
        f"withheld:{reference}:{owner}",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def withholding_returned(
    *,
    reference: str,
    external_id: str,
    owner: str,
    country: str,
    currency: str,
    occurred_at: datetime,
    amount: int,
    to_debt: int,
) -> Draft:
    """Too much was withheld: `to_debt` of it makes what the contributor owes less, the rest is payable again."""
    lines = [
        Line(chart.withholding(country), amount),
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_RECEIVABLE, owner), -to_debt),
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner), to_debt - amount),
    ]
    return draft(
        EntryKind.WITHHOLDING_RETURNED,
        f"withholding_returned:{external_id}",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def withholding_remitted(*, external_id: str, country: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """What was withheld went to the country's tax office, from our bank."""
    lines = [Line(chart.withholding(country), amount), Line(chart.BANK, -amount)]
    return draft(
        EntryKind.WITHHOLDING_REMITTED,
        f"withholding_remitted:{external_id}",
        lines,
        reference=external_id,
        currency=currency,
        occurred_at=occurred_at,
    )

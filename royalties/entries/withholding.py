"""Entries for tax withheld from royalties: withheld when they become payable, given back, and remitted."""

from __future__ import annotations

from datetime import datetime

from royalties import chart
from royalties.chart import AccountKind
from royalties.entries.base import Draft, Line, build_draft
from royalties.models import EntryKind


def withheld(*, reference: str, owner: str, country: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """Build the entry that withholds part of what just became payable to a contributor, for a tax office."""
    lines = [
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner), amount),
        Line(chart.withholding(country), -amount),
    ]
    return build_draft(
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
    """Build the entry that gives back tax of which too much was withheld.

    `to_debt` of it reduces what the contributor owes; the rest is payable again.
    """
    lines = [
        Line(chart.withholding(country), amount),
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_RECEIVABLE, owner), -to_debt),
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner), to_debt - amount),
    ]
    return build_draft(
        EntryKind.WITHHOLDING_RETURNED,
        f"withholding_returned:{external_id}",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def withholding_remitted(*, external_id: str, country: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """Build the entry for withheld tax that was paid to the country's tax office from our bank account."""
    lines = [Line(chart.withholding(country), amount), Line(chart.BANK, -amount)]
    return build_draft(
        EntryKind.WITHHOLDING_REMITTED,
        f"withholding_remitted:{external_id}",
        lines,
        reference=external_id,
        currency=currency,
        occurred_at=occurred_at,
    )

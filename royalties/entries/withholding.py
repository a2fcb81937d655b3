"""Entries for tax withheld from royalties: withheld when they become payable, given back, and remitted."""

from __future__ import annotations

from datetime import datetime

from royalties import chart
from royalties.chart import AccountKind
from royalties.entries.base import Draft, Line, build_draft
from royalties.models import EntryKind


def withheld(
    *, reference: str, owner: str, country: str, currency: str, occurred_at: datetime, amount: int, claim: str = ""
) -> Draft:
    """Build the entry that withholds part of what just became payable to a contributor, for a tax office.

    `claim` names the decision that made it payable to the winner of a claim.
    """
    lines = [
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner), amount),
        Line(chart.withholding(country), -amount),
    ]
    return build_draft(
        EntryKind.WITHHELD,
        f"withheld:{reference}:{owner}:{claim}" if claim else f"withheld:{reference}:{owner}",
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
    to_claims: int = 0,
) -> Draft:
    """Build the entry that gives back tax of which too much was withheld.

    `to_debt` of it reduces what the contributor owes, `to_claims` is held for claims on the work; the rest is payable
    again.
    """
    lines = [
        Line(chart.withholding(country), amount),
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_RECEIVABLE, owner), -to_debt),
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_CLAIMED, owner), -to_claims),
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner), to_debt + to_claims - amount),
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

"""Entries for claims on a work: its earnings held apart, released, paid to the winner, and taken back with a return."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from royalties import chart
from royalties.chart import AccountKind, AccountName
from royalties.entries.base import Draft, Line, build_draft, transfer_lines
from royalties.models import EntryKind


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision does with what is held from one contributor: `won` goes to the winner, the rest is released."""

    owner: str
    won: int
    released: int


def decision_of(claim: str, reference: str) -> str:
    """Return the event name of the decision about one sale: both outcomes have it, so that there is only one."""
    return f"claim_decided:{claim}:{reference}"


def claim_kept(*, reference: str, owner: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """Build the entry that holds part of what just cleared for claims on the work."""
    lines = transfer_lines(owner, AccountKind.CONTRIBUTOR_PAYABLE, AccountKind.CONTRIBUTOR_CLAIMED, amount)
    return build_draft(
        EntryKind.CLAIM_KEPT,
        f"claim_kept:{reference}:{owner}",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def claim_released(
    *, claim: str, reference: str, currency: str, occurred_at: datetime, parts: Iterable[Decided]
) -> Draft:
    """Build the entry that makes payable to the contributors what a claim held of one sale."""
    lines = [
        line
        for part in parts
        for line in transfer_lines(
            part.owner, AccountKind.CONTRIBUTOR_CLAIMED, AccountKind.CONTRIBUTOR_PAYABLE, part.released
        )
    ]
    return build_draft(
        EntryKind.CLAIM_RELEASED,
        decision_of(claim, reference),
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def claim_decided(
    *,
    claim: str,
    reference: str,
    currency: str,
    occurred_at: datetime,
    parts: Iterable[Decided],
    payee: AccountName,
    fee: int,
) -> Draft:
    """Build the entry that pays what an upheld claim held of one sale.

    `fee` is what we earned from the winner's part: it goes to the protection fund.
    """
    lines = [Line(chart.PLATFORM_FEE, fee), Line(chart.PROTECTION_FUND, -fee)]
    for part in parts:
        lines += [
            Line(chart.of_contributor(AccountKind.CONTRIBUTOR_CLAIMED, part.owner), part.won + part.released),
            Line(payee, -part.won),
            Line(chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, part.owner), -part.released),
        ]
    return build_draft(
        EntryKind.CLAIM_DECIDED,
        decision_of(claim, reference),
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def claim_collected(
    *, claim: str, reference: str, owner: str, currency: str, occurred_at: datetime, payee: AccountName, amount: int
) -> Draft:
    """Build the entry that pays a winner what had gone to `unclaimed`, out of `owner`'s share of a sale."""
    return build_draft(
        EntryKind.CLAIM_DECIDED,
        f"claim_collected:{claim}:{reference}:{owner}",
        [Line(chart.UNCLAIMED, amount), Line(payee, -amount)],
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def claim_taken(
    *,
    reference: str,
    external_id: str,
    currency: str,
    occurred_at: datetime,
    taken: Iterable[tuple[AccountName, int]],
    given: Iterable[tuple[AccountName, int]],
    fee: int,
) -> Draft:
    """Build the entry for a sale that is returned after its claim was decided.

    The winner gives back their part (`taken`) to the contributor who gave back the whole share (`given`), and the fund
    our fee on it.
    """
    lines = [Line(chart.PROTECTION_FUND, fee), Line(chart.PLATFORM_FEE, -fee)]
    lines += [Line(account, amount) for account, amount in taken]
    lines += [Line(account, -amount) for account, amount in given]
    return build_draft(
        EntryKind.CLAIM_TAKEN,
        f"claim_taken:{external_id}",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )

"""Entries for milestones of contracts: paid in advance, settled, returned to the client or less a fee, taken, lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from royalties import chart
from royalties.chart import AccountKind
from royalties.entries.base import Draft, Line, build_draft
from royalties.entries.returns import ReturnSource
from royalties.models import EntryKind


@dataclass(frozen=True, slots=True)
class FeePart:
    """Our fee, and the VAT in it that we owe to `country`."""

    amount: int
    vat: int = 0
    country: str = ""

    def lines(self, sign: int) -> list[Line]:
        """Return its postings; `sign` is -1 when it is earned, 1 when it is given up."""
        found = [Line(chart.PLATFORM_FEE, sign * (self.amount - self.vat))]
        return [*found, Line(chart.tax(self.country), sign * self.vat)] if self.vat else found


def milestone_funded(*, milestone: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """Build the entry for a milestone that is paid in advance: we hold its money."""
    lines = [Line(chart.STRIPE_BALANCE, amount), Line(chart.milestone_held(milestone), -amount)]
    return _draft(
        EntryKind.MILESTONE_FUNDED, milestone, lines, milestone=milestone, currency=currency, occurred_at=occurred_at
    )


def milestone_settled(
    *,
    milestone: str,
    number: int,
    owner: str,
    currency: str,
    occurred_at: datetime,
    released: int,
    fee: FeePart,
    returned: int,
) -> Draft:
    """Build the entry for one decision about held money, whoever made it.

    `released` goes to the provider less our fee, `returned` is owed to the client.
    """
    lines = [
        Line(chart.milestone_held(milestone), released + returned),
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_CLEARING, owner), fee.amount - released),
        *fee.lines(-1),
        Line(chart.REFUND_PENDING, -returned),
    ]
    return _draft(
        EntryKind.MILESTONE_SETTLED,
        f"{milestone}:{number}",
        lines,
        milestone=milestone,
        currency=currency,
        occurred_at=occurred_at,
    )


def milestone_returned(
    *, milestone: str, external_id: str, currency: str, occurred_at: datetime, amount: int, beyond: int = 0
) -> Draft:
    """Build the entry for money that was sent back to the client.

    `beyond` was not owed to them any more, because their bank had taken it: our loss.
    """
    lines = [
        Line(chart.REFUND_PENDING, amount),
        Line(chart.BAD_DEBT, beyond),
        Line(chart.STRIPE_BALANCE, -amount - beyond),
    ]
    return _draft(
        EntryKind.MILESTONE_RETURNED,
        external_id,
        lines,
        milestone=milestone,
        currency=currency,
        occurred_at=occurred_at,
    )


def milestone_fee_kept(*, milestone: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """Build the entry for the card fee of a cancelled milestone that its client bears, as they were told before."""
    lines = [Line(chart.REFUND_PENDING, amount), Line(chart.PROCESSOR_FEE_RECOVERED, -amount)]
    return _draft(
        EntryKind.MILESTONE_FEE_KEPT, milestone, lines, milestone=milestone, currency=currency, occurred_at=occurred_at
    )


def milestone_taken(
    *,
    milestone: str,
    event: str,
    currency: str,
    occurred_at: datetime,
    amount: int,
    fee: FeePart,
    taken: Iterable[ReturnSource],
) -> Draft:
    """Build the entry for part of a release that goes back to the client. `taken` and the fee add up to the amount."""
    lines = [*_taken(taken), *fee.lines(1), Line(chart.REFUND_PENDING, -amount)]
    return _draft(
        EntryKind.MILESTONE_TAKEN, event, lines, milestone=milestone, currency=currency, occurred_at=occurred_at
    )


def milestone_lost(
    *,
    milestone: str,
    external_id: str,
    currency: str,
    occurred_at: datetime,
    amount: int,
    held: int,
    unsent: int,
    fee: FeePart,
    taken: Iterable[ReturnSource],
    freed: Iterable[ReturnSource],
    sent: int,
) -> Draft:
    """Build the entry for a dispute that the bank decided for the client.

    It takes what is `held`, what was owed to the client anyway (`unsent`), and what the provider got, with our fee on
    it. What the client had back already (`sent`) is our loss. `freed` was held in the dispute and is not needed.
    """
    lines = [
        Line(chart.DISPUTE_IN_PROGRESS, -amount),
        Line(chart.milestone_held(milestone), held),
        Line(chart.REFUND_PENDING, unsent),
        Line(chart.BAD_DEBT, sent),
        *fee.lines(1),
        *_taken(taken),
    ]
    for part in freed:
        lines.append(Line(chart.of_contributor(AccountKind.CONTRIBUTOR_DISPUTED, part.owner), part.amount_minor))
        lines.append(Line(chart.of_contributor(part.kind, part.owner), -part.amount_minor))
    return _draft(
        EntryKind.MILESTONE_LOST, external_id, lines, milestone=milestone, currency=currency, occurred_at=occurred_at
    )


def _taken(parts: Iterable[ReturnSource]) -> list[Line]:
    return [Line(chart.of_contributor(part.kind, part.owner), part.amount_minor) for part in parts]


def _draft(
    kind: EntryKind, event: str, lines: Iterable[Line], *, milestone: str, currency: str, occurred_at: datetime
) -> Draft:
    return build_draft(kind, f"{kind}:{event}", lines, reference=milestone, currency=currency, occurred_at=occurred_at)

"""Gifts and pre-orders in a lost dispute: paid for, not supplied, and lost with it.

Their payment is booked as `deferred`. The bank took it back, so nothing is left to be supplied: the payment's entry is
reversed, out of the dispute instead of our balance.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from royalties import entries
from royalties.chart import STRIPE_BALANCE, AccountName
from royalties.entries import Line
from royalties.models import EntryKind, JournalEntry, SaleDispute


@dataclass(frozen=True, slots=True)
class WaitingPayment:
    """One line's payment, as it was booked."""

    entry: JournalEntry
    lines: tuple[Line, ...]

    @property
    def gross_minor(self) -> int:
        return sum(line.amount_minor for line in self.lines if line.account == STRIPE_BALANCE)

    @property
    def line_reference(self) -> str:
        return self.entry.external_id.partition(":")[2]

    def accounts(self) -> Iterable[tuple[AccountName, str]]:
        """Yield every account that `lost` touches."""
        return [(line.account, line.currency) for line in self.lines]

    def lost(self, dispute: SaleDispute, at: datetime) -> entries.Draft:
        return entries.deferral_lost(
            reference=dispute.order_reference,
            external_id=f"{dispute.external_id}:{self.line_reference}",
            occurred_at=at,
            payment=self.lines,
            reverses_id=self.entry.pk,
        )


def waiting_within(dispute: SaleDispute, amount: int) -> list[WaitingPayment]:
    """Return payments of the order that wait to be supplied, oldest first, that the amount covers in full.

    A payment that the dispute covers only in part stays: it is still to be supplied, and the part is our loss.
    """
    entries_waiting = JournalEntry.objects.filter(
        kind=EntryKind.DEFERRED, reference=dispute.order_reference, deferred_sale=None, reversed_by=None
    )
    found = []
    for entry in entries_waiting.prefetch_related("postings__account").order_by("pk"):
        lines = tuple(Line(p.account.as_name(), p.amount_minor, p.currency) for p in entry.postings.all())
        payment = WaitingPayment(entry, lines)
        if payment.gross_minor <= amount and lines[0].currency == dispute.currency:
            found.append(payment)
            amount -= payment.gross_minor
    return found


def total(waiting: Iterable[WaitingPayment]) -> int:
    """Return the sum that was paid for them."""
    return sum(each.gross_minor for each in waiting)


def ended_by(dispute_id: str) -> list[str]:
    """Return the lines whose payments were reversed when the dispute was lost."""
    reversals = JournalEntry.objects.filter(external_id__startswith=f"dispute_lost:{dispute_id}:")
    return [external_id.split(":")[2] for external_id in reversals.values_list("external_id", flat=True)]

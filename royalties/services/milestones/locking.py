"""What every service of milestones begins with: the milestone's row, locked, and what may move."""

from __future__ import annotations

from common.money import Money
from royalties.errors import MilestoneFrozen, MilestoneRefused, MilestoneTooLittle, MilestoneUnknown
from royalties.models import DisputeState, MilestoneDispute, MilestoneRecord, MilestoneSettlement


def lock(reference: str) -> MilestoneRecord:
    """Lock the milestone: an acceptance, a clock and a refund wait here for each other. Raises MilestoneUnknown."""
    found = (
        MilestoneRecord.objects.select_for_update(of=("self",))
        .filter(reference=reference)
        .select_related("payee")
        .first()
    )
    if found is None:
        raise MilestoneUnknown(reference=reference)
    return found


def refuse_while_disputed(milestone: MilestoneRecord) -> None:
    """Raise MilestoneFrozen while the bank decides about the milestone's payment."""
    if MilestoneDispute.objects.filter(milestone=milestone, state=DisputeState.OPEN).exists():
        raise MilestoneFrozen(reference=milestone.reference)


def in_currency(milestone: MilestoneRecord, *amounts: Money) -> list[int]:
    """Return the amounts in minor units. Raises MilestoneRefused for another currency or a negative amount."""
    if any(amount.currency != milestone.currency for amount in amounts):
        raise MilestoneRefused(reference=milestone.reference, reason="the amount has another currency")
    if any(amount.amount_minor < 0 for amount in amounts):
        raise MilestoneRefused(reference=milestone.reference, reason="an amount is negative")
    return [amount.amount_minor for amount in amounts]


def refuse_beyond(milestone: MilestoneRecord, wanted: int, left: int) -> None:
    """Raise MilestoneTooLittle when there is not that much."""
    if wanted > left:
        raise MilestoneTooLittle(reference=milestone.reference, left=Money(left, milestone.currency))


def settlement_of(milestone: MilestoneRecord, number: int) -> MilestoneSettlement:
    """Return one settlement of a locked milestone. Raises MilestoneRefused when there is none of that number."""
    found = MilestoneSettlement.objects.filter(milestone=milestone, number=number).first()
    if found is None:
        raise MilestoneRefused(reference=milestone.reference, reason=f"it has no settlement {number}")
    found.milestone = milestone
    return found

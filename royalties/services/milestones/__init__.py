"""Milestones in the ledger: paid in advance, held, settled in parts, returned, taken back, disputed.

They are facts about payments between two people (`royalties.dto`); contracts stay above. Every function locks the
milestone's row first, so that an acceptance, a clock and a refund at the same moment are decided one after another.
"""

from royalties.services.milestones.clearing import clear_due, hold_clearing, release_clearing
from royalties.services.milestones.disputes import cover, dispute_lost, dispute_opened, dispute_won
from royalties.services.milestones.funding import fund
from royalties.services.milestones.returning import (
    confirm_return,
    keep_card_fee,
    return_failed,
    return_resent,
    take_back,
)
from royalties.services.milestones.settling import settle

__all__ = [
    "clear_due",
    "confirm_return",
    "cover",
    "dispute_lost",
    "dispute_opened",
    "dispute_won",
    "fund",
    "hold_clearing",
    "keep_card_fee",
    "release_clearing",
    "return_failed",
    "return_resent",
    "settle",
    "take_back",
]

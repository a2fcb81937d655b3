"""Which movement of a statement a posting on a contributor's account belongs to: exactly one.

The kind of the entry decides. The movement's amount is the effect of the entry on all of one contributor's accounts
together: a lost dispute that takes from `contributor_disputed` and releases the rest of it is one loss. Where that
effect is zero, the entry only moves money between the parts of what is owed, and the amount is what was moved.
"""

from __future__ import annotations

from royalties import chart
from royalties.chart import AccountKind
from royalties.models import EntryKind, MovementKind

_MOVEMENT_OF = {
    EntryKind.SALE: MovementKind.ROYALTIES,
    EntryKind.REFUND: MovementKind.RETURNS,
    EntryKind.DISPUTE_LOST: MovementKind.LOST_DISPUTES,
    EntryKind.MILESTONE_SETTLED: MovementKind.CONTRACT_PAY,
    EntryKind.MILESTONE_TAKEN: MovementKind.CONTRACT_PAY_TAKEN,
    EntryKind.MILESTONE_LOST: MovementKind.CONTRACT_PAY_TAKEN,
    EntryKind.DISPUTE_COVERED: MovementKind.FUND_COVER,
    EntryKind.APPEAL_WON: MovementKind.WON_ON_APPEAL,
    EntryKind.CLAIM_DECIDED: MovementKind.CLAIMS_UPHELD,
    EntryKind.CLAIM_TAKEN: MovementKind.CLAIMS_TAKEN,
    EntryKind.ADJUSTMENT: MovementKind.ADJUSTMENTS,
    EntryKind.PLAN_FEE: MovementKind.PLAN_FEES,
    EntryKind.PAYOUT_FEE: MovementKind.PAYOUT_COSTS,
    EntryKind.PAYABLE_CONVERTED: MovementKind.CONVERTED,
    EntryKind.BAD_DEBT: MovementKind.WRITTEN_OFF,
    EntryKind.WITHHELD: MovementKind.WITHHELD,
    EntryKind.WITHHOLDING_RETURNED: MovementKind.WITHHOLDING_RETURNED,
    EntryKind.TRANSFER_CONFIRMED: MovementKind.PAID_OUT,
    EntryKind.PAYOUT_RETURNED: MovementKind.PAYOUTS_RETURNED,
    EntryKind.TRANSFER_REVERSED: MovementKind.TRANSFERS_REVERSED,
    EntryKind.CLEARING: MovementKind.CLEARED,
    EntryKind.RESERVE_KEPT: MovementKind.RESERVE_KEPT,
    EntryKind.RESERVE_RELEASED: MovementKind.RESERVE_RELEASED,
    EntryKind.CLAIM_KEPT: MovementKind.CLAIM_KEPT,
    EntryKind.CLAIM_RELEASED: MovementKind.CLAIM_RELEASED,
    EntryKind.DISPUTE_OPENED: MovementKind.HELD_IN_DISPUTE,
    EntryKind.DISPUTE_WON: MovementKind.BACK_FROM_DISPUTE,
    EntryKind.RECOVERY: MovementKind.DEBT_RECOVERED,
    EntryKind.TRANSFER_ASKED: MovementKind.PAYOUT_ASKED,
    EntryKind.TRANSFER_FAILED: MovementKind.PAYOUT_FAILED,
}

# Entries about readers, the provider or the platform itself.
NEVER_ON_CONTRIBUTORS = frozenset(
    {
        EntryKind.PROCESSOR_FEE,
        EntryKind.DEFERRED,
        EntryKind.CONVERSION,
        EntryKind.REFUND_FAILED,
        EntryKind.REFUND_RESENT,
        EntryKind.NEEDLESS_PAYMENT,
        EntryKind.NEEDLESS_RETURNED,
        EntryKind.FUND_FED,
        EntryKind.BANK_SWEEP,
        EntryKind.BALANCE_CORRECTED,
        EntryKind.WITHHOLDING_REMITTED,
        EntryKind.MILESTONE_FUNDED,
        EntryKind.MILESTONE_RETURNED,
        EntryKind.MILESTONE_FEE_KEPT,
    }
)

# These change the total owed; all others only move money between its parts.
CHANGING = (
    MovementKind.ROYALTIES,
    MovementKind.RETURNS,
    MovementKind.LOST_DISPUTES,
    MovementKind.CONTRACT_PAY,
    MovementKind.CONTRACT_PAY_TAKEN,
    MovementKind.FUND_COVER,
    MovementKind.WON_ON_APPEAL,
    MovementKind.CLAIMS_UPHELD,
    MovementKind.CLAIMS_TAKEN,
    MovementKind.ADJUSTMENTS,
    MovementKind.PLAN_FEES,
    MovementKind.PAYOUT_COSTS,
    MovementKind.CONVERTED,
    MovementKind.WRITTEN_OFF,
    MovementKind.WITHHELD,
    MovementKind.WITHHOLDING_RETURNED,
    MovementKind.PAID_OUT,
    MovementKind.PAYOUTS_RETURNED,
    MovementKind.TRANSFERS_REVERSED,
)
# The royalties of these are the sum of the statement's lines; the pay of those of its contract lines.
EARNING = (MovementKind.ROYALTIES, MovementKind.RETURNS, MovementKind.LOST_DISPUTES)
PAYING = (MovementKind.CONTRACT_PAY, MovementKind.CONTRACT_PAY_TAKEN)


def classify(entry_kind: EntryKind, account_kind: AccountKind) -> MovementKind:
    """Return the movement of a posting of such an entry on a contributor's account of that kind.

    Raises ValueError for an account that belongs to no contributor, and for an entry that never touches one.
    """
    if account_kind not in chart.CONTRIBUTOR_KINDS:
        raise ValueError(f"{account_kind} belongs to no contributor")
    if entry_kind not in _MOVEMENT_OF:
        raise ValueError(f"{entry_kind} touches no contributor's account")
    return _MOVEMENT_OF[entry_kind]


def changes_what_is_owed(kind: MovementKind) -> bool:
    """Return whether it changes the total owed; others only move money between clearing, payable, reserve and so on."""
    return kind in CHANGING


def entry_kinds_of(kind: MovementKind) -> list[EntryKind]:
    """Return the kinds of entries that make up a movement."""
    return [entry_kind for entry_kind, movement in _MOVEMENT_OF.items() if movement == kind]

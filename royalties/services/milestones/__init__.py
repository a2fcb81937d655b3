"""Milestones in the ledger: paid in advance, held, settled in parts, returned, taken back, disputed.

They are facts about payments between two people (`royalties.dto`); contracts stay above. Every function locks the
milestone's row first, so that an acceptance, a clock and a refund at the same moment are decided one after another.
"""

from __future__ import annotations

from datetime import datetime

from common.money import Money
from royalties.dto import MilestoneDisputeFacts, MilestoneFunding, Settlement, SettlementReason


def fund(*, funding: MilestoneFunding, at: datetime) -> int:
    """Book that a milestone is paid; return the entry's id. The same milestone twice gives one entry.

    `at` is when it was paid. Raises EntryDiffers, MilestoneRefused.
    """
    raise NotImplementedError


def settle(
    *,
    reference: str,
    released: Money,
    returned: Money,
    reason: SettlementReason,
    at: datetime,
    by_silence: bool = False,
    number: int | None = None,
) -> Settlement:
    """Release held money to the provider, return held money to the client, or both at once.

    What is released is payable at the next clearing run, after five days if `by_silence`. What is returned is owed to
    the client until `confirm_return`. `number` counts a milestone's settlements from 1: given twice with the same
    amounts it is one settlement; None takes the next. Raises MilestoneUnknown, MilestoneFrozen while the bank decides,
    MilestoneTooLittle when less is held, EntryDiffers.
    """
    raise NotImplementedError


def hold_clearing(*, reference: str, number: int, at: datetime) -> None:
    """Keep what a settlement released in clearing, because a case was opened. Raises MilestoneRefused once payable."""
    raise NotImplementedError


def release_clearing(*, reference: str, number: int, at: datetime) -> None:
    """End `hold_clearing`: what is left of the settlement is payable at the next clearing run."""
    raise NotImplementedError


def take_back(*, reference: str, number: int, amount: Money, at: datetime, key: str) -> Money:
    """Take back part of what a settlement released; it is owed to the client until `confirm_return`.

    Return our fee's part of it. `amount` is what the client gets, that fee included. The rest comes from clearing, the
    reserve, what is payable, and then becomes the provider's debt. `key` names the decision: twice is once. Raises
    MilestoneTooLittle, MilestoneFrozen.
    """
    raise NotImplementedError


def confirm_return(*, reference: str, refund_reference: str, amount: Money, at: datetime) -> int:
    """Book that money owed to the client has left our balance (`refund_reference`: "re_…"). Return the entry's id.

    What was not owed any more, because the bank has taken it, is our loss.
    """
    raise NotImplementedError


def return_failed(*, reference: str, refund_reference: str, amount: Money, at: datetime) -> int:
    """Book that a confirmed return came back from the client's bank: it is owed to them again."""
    raise NotImplementedError


def return_resent(*, reference: str, refund_reference: str, amount: Money, at: datetime) -> int:
    """Book that a failed return was sent by bank transfer."""
    raise NotImplementedError


def dispute_opened(*, facts: MilestoneDisputeFacts) -> None:
    """Book that the bank pulled money back. Until it decides nothing of the milestone moves. Twice is once."""
    raise NotImplementedError


def dispute_won(*, external_id: str, at: datetime) -> None:
    """Book that the bank decided for us: everything is where it was. Raises DisputeUnknown."""
    raise NotImplementedError


def dispute_lost(*, external_id: str, at: datetime) -> None:
    """Book that the bank decided for the client. Raises DisputeUnknown.

    The money comes out of what is held, then what is owed to the client anyway, then what the provider got with our fee
    on it; what was returned to the client before is our loss.
    """
    raise NotImplementedError


def cover(*, external_id: str, at: datetime) -> int:
    """Restore what a lost dispute took from the provider out of the protection fund, to its cap; return how much.

    The caller decides whether delivery was proved.
    """
    raise NotImplementedError

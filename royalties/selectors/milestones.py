"""Where the money of milestones is, and what our fee on them will be."""

from __future__ import annotations

from datetime import datetime

from common.money import Money
from royalties.dto import FeeRates, MilestonePosition


def position(reference: str) -> MilestonePosition | None:
    """Return where the money of a milestone is; None when it was never paid."""
    raise NotImplementedError


def fee_rates(*, payer_id: int, payee_id: int, currency: str, at: datetime) -> FeeRates:
    """Return the rates in force for this pair, to be frozen with a milestone.

    Raises NoTermsInForce for a currency without rates.
    """
    raise NotImplementedError


def fee_of(*, released: Money, rates: FeeRates) -> Money:
    """Return our fee when that much of a milestone has been released in all. The ledger takes exactly this."""
    raise NotImplementedError


def smallest_milestone(*, currency: str, at: datetime) -> Money:
    """Return the smallest amount that a milestone may have. Raises NoTermsInForce."""
    raise NotImplementedError

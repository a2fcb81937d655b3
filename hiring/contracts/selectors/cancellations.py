"""Cancellations by a client: after so many within so many days, the next one bears its payment's card fee.

A milestone is cancelled by whoever ends it before anything was delivered, so that all of its money goes back
(`process.cancels`). The fee is quoted before each payment and frozen with it. Two that are cancelled at the same moment
may both count as the second: no lock is worth one card fee.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from common.money import Money
from hiring.contracts.models import Milestone
from hiring.contracts.process import Actor
from royalties.selectors import milestones as ledger


@dataclass(frozen=True, slots=True)
class CardFeeRule:
    """What a client is told before they pay, and before they cancel."""

    free: int
    days: int
    canceled: int  # by this client, within those days
    fee: Money

    @property
    def is_borne(self) -> bool:
        """Whether the client bears the fee if they cancel now."""
        return self.canceled >= self.free


def rule_of(milestone: Milestone, at: datetime, *, fee: Money | None = None) -> CardFeeRule | None:
    """Return the rule that holds for a milestone; None under earlier terms, or where there is no fee.

    `fee` is what was frozen with the payment; by default what it would be now.
    """
    days = milestone.contract.days
    fee = card_fee_of(milestone, at) if fee is None else fee
    if days.free_cancellations is None or not fee:
        return None
    since = at - timedelta(days=days.cancellations_count_for)
    others = Milestone.objects.filter(contract__client=milestone.contract.client_id, canceled_by=Actor.CLIENT)
    canceled = others.filter(closed_at__gt=since).exclude(pk=milestone.pk).count()
    return CardFeeRule(days.free_cancellations, days.cancellations_count_for, canceled, fee)


def card_fee_of(milestone: Milestone, at: datetime) -> Money:
    """Return the card fee that is quoted for a milestone before it is paid; 0 under terms that know none."""
    if milestone.contract.days.free_cancellations is None or not milestone.amount_minor:
        return Money(0, milestone.currency)
    return ledger.card_fee(milestone.amount, at=at)


def fee_to_keep(milestone: Milestone, at: datetime) -> int:
    """Return what a client who cancels bears of what was told before they paid; 0 while it is free."""
    rule = rule_of(milestone, at, fee=milestone.card_fee)
    return rule.fee.amount_minor if rule is not None and rule.is_borne else 0

"""Statements of reasons for holds: written where a hold is placed, closed where it ends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from common import jobs
from royalties.models import (
    HoldKind,
    HoldNotice,
    HoldRule,
    MilestoneDispute,
    Payout,
    PersonHold,
    ReserveRule,
    SaleDispute,
)


def of_person(hold: PersonHold, *, rule: HoldRule) -> HoldNotice:
    """Write the notice of a stop on all payouts to somebody."""
    return _place(
        HoldNotice(
            user=hold.user,
            kind=HoldKind.PAYOUTS,
            rule=rule,
            facts=hold.reason,
            person_hold=hold,
            placed_by=hold.imposed_by,
            placed_at=hold.begins_at,
            until=hold.ends_at,
        )
    )


def of_payout(payout: Payout, *, rule: HoldRule, facts: str, actor: User, at: datetime) -> HoldNotice:
    """Write the notice of one payout that finance holds."""
    return _place(
        HoldNotice(
            user_id=payout.user_id,
            kind=HoldKind.PAYOUT,
            rule=rule,
            facts=facts,
            payout=payout,
            placed_by=actor,
            placed_at=at,
        )
    )


def of_reserve(rule: ReserveRule) -> HoldNotice:
    """Write the notice of a rule that reserves part of what clears."""
    return _place(
        HoldNotice(
            user_id=rule.user_id,
            kind=HoldKind.RESERVE,
            rule=HoldRule.RISK,
            facts=rule.reason,
            reserve_rule=rule,
            placed_by=rule.imposed_by,
            placed_at=rule.begins_at,
            until=rule.ends_at,
        )
    )


def of_dispute(dispute: SaleDispute, *, user_ids: Iterable[int]) -> None:
    """Write the notices to everybody of whom something is held while a bank decides about a sale."""
    for user_id in sorted(set(user_ids)):
        _place(_by_bank(HoldKind.DISPUTE, user_id, dispute.opened_at, dispute=dispute))


def of_milestone(dispute: MilestoneDispute, *, user_ids: Iterable[int]) -> None:
    """Write the notice to a provider of whom something is held while a bank decides about a milestone."""
    for user_id in sorted(set(user_ids)):
        _place(_by_bank(HoldKind.MILESTONE, user_id, dispute.opened_at, milestone_dispute=dispute))


def end(*, at: datetime, **about: Any) -> None:
    """Note that the holds on this payout, or of this rule or dispute, have ended."""
    HoldNotice.objects.filter(ended_at=None, **about).update(ended_at=at)


def _by_bank(kind: HoldKind, user_id: int, at: datetime, **about: Any) -> HoldNotice:
    return HoldNotice(user_id=user_id, kind=kind, rule=HoldRule.BANK, placed_at=at, **about)


def _place(notice: HoldNotice) -> HoldNotice:
    with transaction.atomic():
        notice.save()
        jobs.enqueue("royalties.tell_hold", hold_notice_id=notice.pk)
    return notice

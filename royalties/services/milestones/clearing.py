"""Releases become payable, in the same run as royalties; a case keeps them in clearing."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from common.money import apply_bps
from royalties import entries
from royalties.entries import ContributorShare
from royalties.errors import MilestoneRefused
from royalties.models import MilestoneRecord, MilestoneSettlement, Reserve, ReserveRule
from royalties.services import ledger, reserves
from royalties.services.milestones import locking

_BATCH = 500


@transaction.atomic
def hold_clearing(*, reference: str, number: int, at: datetime) -> None:
    """Keep what a settlement released in clearing, because a case was opened. Raises MilestoneRefused once payable."""
    settlement = locking.settlement_of(locking.lock(reference), number)
    if settlement.cleared_at is not None or settlement.clears_at is None:
        raise MilestoneRefused(reference=reference, reason="what was released is payable already")
    if settlement.held_at is None:
        settlement.held_at = at
        settlement.save(update_fields=["held_at"])


@transaction.atomic
def release_clearing(*, reference: str, number: int, at: datetime) -> None:
    """End `hold_clearing`: what is left of the settlement is payable at the next clearing run."""
    settlement = locking.settlement_of(locking.lock(reference), number)
    if settlement.held_at is not None:
        settlement.held_at = None
        if settlement.clears_at is not None:
            settlement.clears_at = max(settlement.clears_at, at)
        settlement.save(update_fields=["held_at", "clears_at"])


def clear_due(*, at: datetime) -> int:
    """Make payable what providers were released by `at`, in batches of one transaction each. Return how many."""
    cleared = 0
    while batch := _clear_batch(at):
        cleared += batch
    return cleared


@transaction.atomic
def _clear_batch(at: datetime) -> int:
    due = MilestoneSettlement.objects.due(at).order_by("milestone_id", "pk").values_list("pk", "milestone_id")[:_BATCH]
    waiting = dict(due)
    # A milestone that somebody else has locked is decided about at this moment: it is due again at the next run.
    locked = MilestoneRecord.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk__in=waiting.values())
    milestones = {each.pk: each for each in locked.order_by("pk")}
    settlements = list(
        MilestoneSettlement.objects.due(at)
        .filter(pk__in=waiting, milestone__in=milestones)
        .order_by("milestone_id", "pk")
        .select_related("user", "milestone")
    )
    rules = reserves.rules_for((each.user_id for each in settlements), at)
    kept = [(each, rules[each.user_id]) for each in settlements if each.user_id in rules]
    kept = [(each, rule) for each, rule in kept if apply_bps(each.left_minor, rule.rate_bps)]
    drafts = [_cleared(each) for each in settlements] + [_reserved(each, rule) for each, rule in kept]
    ledger.post([draft for draft in drafts if not draft.is_empty])
    Reserve.objects.bulk_create(_reserve(each, rule, at) for each, rule in kept)
    MilestoneSettlement.objects.filter(pk__in=[each.pk for each in settlements]).update(cleared_at=at)
    return len(settlements)


def _cleared(settlement: MilestoneSettlement) -> entries.Draft:
    return entries.clearing(
        reference=settlement.event,
        about=settlement.milestone.reference,
        currency=settlement.currency,
        occurred_at=_due(settlement),
        shares=[ContributorShare(settlement.user.public_id, settlement.left_minor)],
    )


def _reserved(settlement: MilestoneSettlement, rule: ReserveRule) -> entries.Draft:
    return entries.reserve_kept(
        reference=settlement.milestone.reference,
        external_id=f"{settlement.event}:{settlement.user.public_id}",
        owner=settlement.user.public_id,
        currency=settlement.currency,
        occurred_at=_due(settlement),
        amount=apply_bps(settlement.left_minor, rule.rate_bps),
    )


def _reserve(settlement: MilestoneSettlement, rule: ReserveRule, at: datetime) -> Reserve:
    amount = apply_bps(settlement.left_minor, rule.rate_bps)
    return Reserve(
        rule=rule,
        settlement=settlement,
        user_id=settlement.user_id,
        currency=settlement.currency,
        kept_minor=amount,
        left_minor=amount,
        release_at=at + timedelta(days=rule.days),
    )


def _due(settlement: MilestoneSettlement) -> datetime:
    if settlement.clears_at is None:
        raise ValueError("nothing was released")
    return settlement.clears_at

"""Reserves: a part of a risky contributor's earnings is held back for a while, with a reason and an end.

The shop's rules or finance impose them, never silently: the contributor is sent a statement of reasons, and sees the
day of each amount.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts import services as account_services
from accounts.models import User
from common.errors import NotAllowed
from common.money import BPS, apply_bps
from royalties import entries, permissions, reserve_rules
from royalties.errors import ReserveRefused
from royalties.models import MilestoneRecord, Reserve, ReserveRule, SaleRecord, SaleShare
from royalties.services import hold_notices, ledger

_MAX_PERIOD = timedelta(days=366)
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """What is reserved from one share that clears: the row to write and its entry."""

    reserve: Reserve
    draft: entries.Draft


def rules_for(user_ids: Iterable[int], at: datetime) -> dict[int, ReserveRule]:
    """Return the rule of each person who has one; the one with the highest rate if there are several."""
    rules = ReserveRule.objects.in_force(at).filter(user__in=set(user_ids)).order_by("rate_bps")
    return {rule.user_id: rule for rule in rules}


def to_keep(
    sales: Sequence[SaleRecord], rules: Mapping[int, ReserveRule], at: datetime, *, apart: Mapping[int, int]
) -> list[Kept]:
    """Return what the rules reserve from sales that clear now. Nothing is written.

    `sales` come with their shares and users; `apart` is what tax and claims take of each share, by its key.
    """
    found = [
        _kept(sale, share, rules[share.user_id], share.kept_minor - apart.get(share.pk, 0), at)
        for sale in sales
        for share in sale.shares.all()
        if share.user_id in rules
    ]
    return [kept for kept in found if kept.reserve.kept_minor]


def release_due(*, at: datetime) -> int:
    """Make payable what is left of every reserve whose time is over. Return how many."""
    released = 0
    while batch := _release_batch(Q(release_at__lte=at), at):
        released += batch
    return released


@transaction.atomic
def impose(
    *, actor: User, user: User, rate_bps: int, days: int, reason: str, until: datetime, at: datetime
) -> ReserveRule:
    """Reserve a part of what clears for this person from now on, by finance. Raises NotAllowed, ReserveRefused."""
    if not permissions.may_hold_payouts(actor):
        raise NotAllowed
    if not reason.strip() or not 0 < rate_bps <= BPS // 2 or not 0 < days <= 180 or not at < until <= at + _MAX_PERIOD:
        raise ReserveRefused
    rule = ReserveRule.objects.create(
        user=user, rate_bps=rate_bps, days=days, reason=reason.strip(), begins_at=at, ends_at=until, imposed_by=actor
    )
    hold_notices.of_reserve(rule)
    account_services.record_audit(actor=actor, verb="reserve.imposed", subject=rule, facts={"rate_bps": rate_bps})
    return rule


@transaction.atomic
def lift(*, actor: User, rule: ReserveRule, at: datetime) -> ReserveRule:
    """End a rule early; everything it reserved is payable at once. Raises NotAllowed."""
    if not permissions.may_hold_payouts(actor):
        raise NotAllowed
    rule = ReserveRule.objects.select_for_update().get(pk=rule.pk)
    if rule.lifted_at is None:
        rule.lifted_at = at
        rule.save(update_fields=["lifted_at"])
        hold_notices.end(at=at, reserve_rule=rule)
        account_services.record_audit(actor=actor, verb="reserve.lifted", subject=rule)
    while _release_batch(Q(rule=rule), at):
        pass
    return rule


def assess(*, at: datetime) -> list[ReserveRule]:
    """Impose a rule on people who have far more disputes or returns than others. Return the new rules.

    Looks at the sales of the last 90 days, and only at people with at least 20 of them. Nobody has two such rules.
    """
    since = at - reserve_rules.LOOK_BACK
    under_rule = ReserveRule.objects.in_force(at).values("user")
    rows = (
        SaleShare.objects.filter(sale__sold_at__gte=since, sale__entry__isnull=False)
        .exclude(user__in=under_rule)
        .order_by()
        .values_list("user")
        .annotate(
            sales=Count("sale", distinct=True),
            disputed=Count("sale", distinct=True, filter=Q(sale__disputes__isnull=False)),
            returned=Count("sale", distinct=True, filter=Q(sale__refunds__by_dispute=False)),
        )
        .filter(sales__gte=reserve_rules.MIN_SALES)
    )
    return [
        _measured(user_id, reason, at)
        for user_id, sales, disputed, returned in rows
        if (reason := _reason(sales, disputed, returned))
    ]


def _reason(sales: int, disputed: int, returned: int) -> str:
    if disputed * BPS > sales * reserve_rules.DISPUTED_BPS and disputed > 1:
        return _("%(count)s of your %(sales)s sales in 90 days were disputed with the bank.") % {
            "count": disputed,
            "sales": sales,
        }
    if returned * BPS > sales * reserve_rules.RETURNED_BPS:
        return _("%(count)s of your %(sales)s sales in 90 days were returned.") % {"count": returned, "sales": sales}
    return ""


@transaction.atomic
def _measured(user_id: int, reason: str, at: datetime) -> ReserveRule:
    rule = ReserveRule.objects.create(
        user_id=user_id,
        rate_bps=reserve_rules.RATE_BPS,
        days=reserve_rules.DAYS,
        reason=reason,
        begins_at=at,
        ends_at=at + reserve_rules.LASTS,
    )
    hold_notices.of_reserve(rule)
    account_services.record_audit(actor=None, verb="reserve.measured", subject=rule)
    return rule


def _kept(sale: SaleRecord, share: SaleShare, rule: ReserveRule, free: int, at: datetime) -> Kept:
    amount = min(apply_bps(share.kept_minor, rule.rate_bps), free)
    owner = share.user.public_id
    draft = entries.reserve_kept(
        reference=sale.reference,
        external_id=f"{sale.reference}:{owner}",
        owner=owner,
        currency=sale.currency,
        occurred_at=sale.clears_at,
        amount=amount,
    )
    reserve = Reserve(
        rule=rule,
        sale=sale,
        user_id=share.user_id,
        currency=sale.currency,
        kept_minor=amount,
        left_minor=amount,
        release_at=at + timedelta(days=rule.days),
    )
    return Kept(reserve, draft)


@transaction.atomic
def _release_batch(which: Q, at: datetime) -> int:
    # Lock sales and milestones first, as refunds and disputes do; then what is left of the reserve cannot change.
    waiting = Reserve.objects.filter(which, released_at=None).order_by("pk")
    rows = list(waiting.values_list("pk", "sale_id", "settlement__milestone_id")[:_BATCH])
    ids = [pk for pk, _, _ in rows]
    list(SaleRecord.objects.select_for_update().filter(pk__in={sale for _, sale, _ in rows}).order_by("pk"))
    list(MilestoneRecord.objects.select_for_update().filter(pk__in={each for _, _, each in rows}).order_by("pk"))
    reserves = list(
        Reserve.objects.select_for_update(of=("self",))
        .filter(pk__in=ids, released_at=None)
        .order_by("pk")
        .select_related("user", "sale", "settlement__milestone")
    )
    drafts = [
        entries.reserve_released(
            reference=reserve.reference,
            external_id=reserve.event,
            owner=reserve.user.public_id,
            currency=reserve.currency,
            occurred_at=min(reserve.release_at, at),
            amount=reserve.left_minor,
        )
        for reserve in reserves
    ]
    ledger.post([draft for draft in drafts if not draft.is_empty])
    Reserve.objects.filter(pk__in=[reserve.pk for reserve in reserves]).update(released_at=at, left_minor=0)
    return len(ids)

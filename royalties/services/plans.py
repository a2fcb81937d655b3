"""Contributors' fee plans: chosen from the next month on, charged once a month."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common.money import Money
from common.periods import Month
from royalties import chart, entries
from royalties.chart import AccountKind
from royalties.errors import PlanUnknown
from royalties.models import FeePlan, JournalEntry, PlanMembership, PlanPrice
from royalties.services import ledger


@transaction.atomic
def choose_plan(*, actor: User, code: str, currency: str, at: datetime) -> PlanMembership:
    """Choose a plan for the person's works from the next month on. Raises PlanUnknown.

    A choice that has not begun yet is replaced; the current plan stays as it is until then.
    """
    plan = FeePlan.objects.filter(code=code, is_offered=True).first()
    if plan is None:
        raise PlanUnknown
    User.objects.select_for_update().get(pk=actor.pk)  # races with the same choice made twice
    starts_at = Month.of(at).end
    PlanMembership.objects.filter(user=actor, starts_at__gte=starts_at).delete()
    PlanMembership.objects.filter(user=actor, ends_at=None).update(ends_at=starts_at)
    # A plan that was to end when the replaced choice began now ends with the new one, at the same moment.
    membership = PlanMembership.objects.create(
        user=actor,
        plan=plan,
        currency=currency,
        chosen_at=at,
        starts_at=starts_at,
    )
    account_services.record_audit(
        actor=actor, verb="plan.chosen", subject=membership, facts={"plan": code, "currency": currency}
    )
    return membership


def charge_due(*, at: datetime) -> int:
    """Charge every member's fee for this month once its day has come, each once. Return how many were charged.

    A member's day is the day of the month on which the membership began, or the last day of shorter months. All begin
    on a first.
    """
    prices = PlanPrice.objects.in_force(at=Month.of(at).start)
    charged = 0
    for membership in PlanMembership.objects.in_force(at).select_related("user", "plan").order_by("pk"):
        price = prices.get((membership.plan_id, membership.currency))
        if price is not None and price.monthly_minor:
            fee, event = Money(price.monthly_minor, membership.currency), f"{membership.public_id}:{Month.of(at)}"
            charged += _charge(membership.user, fee, event, at, may_owe=True) or 0
    return charged


def charge_from_payable(*, owner: User, amount: Money, event: str, at: datetime) -> bool:
    """Charge a fee for another service, once for each event, if as much is payable. Return whether it is paid."""
    return _charge(owner, amount, event, at, may_owe=False) is not None


@transaction.atomic
def _charge(owner: User, fee: Money, event: str, at: datetime, *, may_owe: bool) -> int | None:
    """Take the fee from what is payable; what is missing becomes a debt, or nothing is taken.

    Return how often it was charged now: once, not again, or None because too little is payable.
    """
    kinds = (AccountKind.CONTRIBUTOR_PAYABLE, AccountKind.CONTRIBUTOR_RECEIVABLE)
    names = [(chart.of_contributor(kind, owner.public_id), fee.currency) for kind in kinds]
    payable = ledger.lock_balances(names)[names[0]]
    # Checked under the lock: a second task would divide the fee by another balance and contradict the first.
    if JournalEntry.objects.filter(external_id=f"plan_fee:{event}").exists():
        return 0
    from_payable = min(payable, fee.amount_minor)
    if from_payable < fee.amount_minor and not may_owe:
        return None
    draft = entries.plan_fee(
        external_id=event,
        owner=owner.public_id,
        currency=fee.currency,
        occurred_at=at,
        from_payable=from_payable,
        owed=fee.amount_minor - from_payable,
    )
    ledger.post_one(draft)
    return 1

"""Who decides about warnings, suspensions and the end of accounts, and who appeals."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from accounts.permissions import Visitor
from storefront.community import standing_rules
from storefront.community.models import Report, ReviewCase
from storefront.community.permissions import may_moderate
from storefront.suspensions.models import AccountEnding, Suspension, Unfounded
from storefront.suspensions.models.suspension import Appealed


def may_judge(user: Visitor, person: User) -> bool:
    """Return whether the user may decide about the person: any moderator but themselves."""
    return isinstance(user, User) and may_moderate(user) and user.pk != person.pk


def may_suspend(user: Visitor, person: User, cases: list[ReviewCase]) -> bool:
    """Return whether the user may warn or suspend the person on these grounds: nobody who reported one of them."""
    if not isinstance(user, User) or not may_judge(user, person):
        return False
    return not Report.objects.filter(case__in=cases, user=user).exists()


def may_call_unfounded(user: Visitor, person: User, case: ReviewCase) -> bool:
    """Return whether the user may call a report or an appeal manifestly unfounded: nobody whom the case is about."""
    return may_judge(user, person) and user.pk != case.writer_id


def may_decide_appeal(user: Visitor, decision: Suspension | AccountEnding) -> bool:
    """Return whether the user may decide the appeal: someone who made no part of the decision."""
    if not decision.awaits_appeal or not may_judge(user, decision.person):
        return False
    if isinstance(decision, Suspension):
        return (
            user.pk != decision.decided_by_id
            and not Unfounded.objects.filter(pk__in=decision.unfounded.values("pk"), made_by_id=user.pk).exists()
        )
    return user.pk not in {decision.proposed_by_id, decision.confirmed_by_id}


def may_lift(user: Visitor, decision: Suspension | AccountEnding, at: datetime) -> bool:
    """Return whether the user may end it early."""
    if decision.lifted_at is not None or not may_judge(user, decision.person):
        return False
    return decision.is_active(at.date()) if isinstance(decision, Suspension) else True


def may_confirm(user: Visitor, ending: AccountEnding) -> bool:
    """Return whether the user may be the second person who ends the account."""
    is_open = ending.confirmed_at is None and ending.lifted_at is None
    return is_open and may_judge(user, ending.person) and user.pk != ending.proposed_by_id


def may_appeal(user: Visitor, decision: Appealed, person: User, at: datetime) -> bool:
    """Return whether the person may appeal: once, within six months of being told. A suspension of complaints does not
    take this from them."""
    return (
        isinstance(user, User)
        and user.is_active
        and user.pk == person.pk
        and decision.appealed_at is None
        and decision.lifted_at is None
        and at < appeal_until(decision, at)
    )


def appeal_until(decision: Appealed, at: datetime) -> datetime:
    """Return until when the person may appeal; counted from today while the email is on its way."""
    return (decision.told_at or at) + standing_rules.APPEAL_PERIOD

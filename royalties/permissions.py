"""Pure yes/no questions about who may see and move royalties."""

from __future__ import annotations

from django.db.models import Q

from accounts import permissions as account_permissions
from accounts.models import User
from accounts.permissions import Visitor
from publishing.models import Work
from royalties.models import PayoutRun


def may_read_finance(user: Visitor) -> bool:
    """Finance staff and operators; for everybody else these pages do not exist."""
    return account_permissions.may_read_finance(user)


def may_propose_payouts(user: Visitor) -> bool:
    return account_permissions.is_finance(user)


def may_approve_payouts(user: Visitor) -> bool:
    """Whether the person may approve runs at all; never one of their own (`may_approve`)."""
    return account_permissions.is_finance(user) or account_permissions.is_operator(user)


def may_approve(user: Visitor, run: PayoutRun) -> bool:
    return may_approve_payouts(user) and run.proposed_by_id != user.pk


def may_hold_payouts(user: Visitor) -> bool:
    return account_permissions.is_finance(user)


def may_enter_rates(user: Visitor) -> bool:
    """Enter and approve rates of exchange; never approve one's own."""
    return account_permissions.is_finance(user)


def may_check_tax_forms(user: Visitor) -> bool:
    """Accept or refuse tax forms; never one's own."""
    return account_permissions.is_finance(user)


def may_close_periods(user: Visitor) -> bool:
    return account_permissions.is_finance(user)


def may_explain_items(user: Visitor) -> bool:
    """Explain what does not agree with the provider, and propose what to do about it."""
    return account_permissions.is_finance(user)


def may_decide_items(user: Visitor) -> bool:
    """Approve what somebody else proposed for such an item; never one's own."""
    return account_permissions.is_finance(user) or account_permissions.is_operator(user)


def may_have_earnings(user: Visitor) -> bool:
    """Authors, and people credited on somebody's work, now or before; nobody else has an earnings page."""
    if not isinstance(user, User):
        return False
    return account_permissions.is_author(user) or user.contributions.exists() or user.credits_left.exists()


def may_see_earnings_of(user: User, work_public_id: str) -> bool:
    """The work's owner, and people credited on it."""
    works = Work.objects.filter(public_id=work_public_id)
    return works.filter(Q(owner=user) | Q(contributors__user=user) | Q(contributors__left=user)).exists()

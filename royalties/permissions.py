"""Pure yes/no questions about who may see and move royalties."""

from __future__ import annotations

from accounts import permissions as account_permissions
from accounts.permissions import Visitor
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


def may_close_periods(user: Visitor) -> bool:
    return account_permissions.is_finance(user)

"""Who may read and answer requests."""

from __future__ import annotations

from accounts import permissions as account_permissions
from accounts.permissions import Visitor
from common.errors import NotAllowed


def may_answer(user: Visitor) -> bool:
    """Finance and operators may: they can also open the order that a request is about."""
    return account_permissions.may_read_finance(user)


def require_answer(user: Visitor) -> None:
    if not may_answer(user):
        raise NotAllowed

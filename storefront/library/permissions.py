"""Who may find out whose copy a file is."""

from __future__ import annotations

from accounts import permissions as account_permissions
from accounts.permissions import Visitor
from common.errors import NotAllowed


def may_find_copies(user: Visitor) -> bool:
    """Only operators: what is found names a person and what they bought."""
    return account_permissions.may_open_people(user)


def require_find_copies(user: Visitor) -> None:
    """Require permission to find copies. Raises NotAllowed."""
    if not may_find_copies(user):
        raise NotAllowed

"""Whose visits count, and who makes share links."""

from __future__ import annotations

from accounts.models import User
from accounts.permissions import Visitor
from publishing import permissions as publishing_permissions
from publishing.models import Work


def counts(visitor: User | None, work: Work) -> bool:
    """Whether a visit counts: not one's own, nor that of the shop's staff."""
    if visitor is None:
        return True
    return not visitor.is_staff_member and not publishing_permissions.may_read_text(visitor, work)


def may_share(visitor: Visitor, work: Work) -> bool:
    """Whether the user may make share links of the work: its owner."""
    return publishing_permissions.may_publish(visitor, work)

"""Pure yes/no questions about a person's roles."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from accounts.models import User

type Visitor = User | AnonymousUser


def is_author(user: Visitor) -> bool:
    return isinstance(user, User) and user.is_active and user.is_author


def is_finance(user: Visitor) -> bool:
    return isinstance(user, User) and user.is_active and user.is_finance


def is_moderator(user: Visitor) -> bool:
    return isinstance(user, User) and user.is_active and user.is_moderator


def is_operator(user: Visitor) -> bool:
    return isinstance(user, User) and user.is_active and user.is_operator


def may_read_finance(user: Visitor) -> bool:
    """Finance staff and operators see the books; both reads are logged."""
    return is_finance(user) or is_operator(user)


def may_read_audit_log(user: Visitor) -> bool:
    """Operators read all of it, finance the part on money, moderators what they did themselves."""
    return is_operator(user) or is_finance(user) or is_moderator(user)

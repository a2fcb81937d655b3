"""Who may read and write where."""

from __future__ import annotations

from accounts.models import User
from accounts.permissions import Visitor
from common.errors import NotAllowed, NotFound
from hiring.conversations import hooks
from hiring.conversations.errors import Apart, NotReachable
from hiring.conversations.models import Block, Conversation, Membership


def is_member(user: Visitor, conversation: Conversation) -> bool:
    return (
        isinstance(user, User)
        and user.is_active
        and Membership.objects.filter(conversation=conversation, user=user).exists()
    )


def require_member(user: Visitor, conversation: Conversation) -> None:
    """Raises NotFound: nobody else learns of it."""
    if not is_member(user, conversation):
        raise NotFound


def require_read(user: Visitor, conversation: Conversation) -> None:
    """Require a member, or a person who decides about its subject. Raises NotFound."""
    if is_member(user, conversation):
        return
    if not (isinstance(user, User) and user.is_active and hooks.may_read(user, conversation.subject)):
        raise NotFound


def are_apart(one: User, other: User) -> bool:
    """Return whether one of the two has blocked the other."""
    return Block.objects.filter(blocker__in=[one, other], blocked__in=[one, other]).exists()


def may_write_in(user: Visitor, conversation: Conversation) -> bool:
    """Return whether the person may write there: a member, as long as somebody reads it and nobody is apart."""
    if not isinstance(user, User) or not is_member(user, conversation):
        return False
    others = User.objects.filter(pk__in=conversation.memberships.values("user")).exclude(pk=user.pk)
    if not any(other.is_active for other in others):
        return False
    return conversation.is_bound or not any(are_apart(user, other) for other in others)


def require_write_in(user: User, conversation: Conversation) -> None:
    """Raises NotFound for those who are not members, and Apart."""
    require_member(user, conversation)
    if not may_write_in(user, conversation):
        raise Apart


def may_write_to(user: Visitor, other: User) -> bool:
    """Return whether the person may begin a conversation with another one."""
    if not isinstance(user, User) or not user.is_active or user.is_guest or user.pk == other.pk:
        return False
    if not other.is_active or other.is_guest or are_apart(user, other):
        return False
    return hooks.is_reachable(other) or know_each_other(user, other)


def require_write_to(user: User, other: User) -> None:
    """Raises NotReachable, Apart."""
    if not may_write_to(user, other):
        raise Apart if are_apart(user, other) else NotReachable


def know_each_other(one: User, other: User) -> bool:
    """Return whether both have written in one conversation."""
    theirs = Conversation.objects.filter(messages__author=other).values("pk")
    return Conversation.objects.filter(pk__in=theirs, messages__author=one).exists()


def may_block(user: Visitor, other: User) -> bool:
    """Return whether the person may block another one: anybody but staff, who must be able to write."""
    return isinstance(user, User) and user.is_active and user.pk != other.pk and not other.is_staff_member


def require_block(user: User, other: User) -> None:
    """Raises NotAllowed."""
    if not may_block(user, other):
        raise NotAllowed

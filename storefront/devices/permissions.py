"""Who may have app passwords, and revoke one: members their own. Guests have no account that a device could use."""

from __future__ import annotations

from accounts.models import User
from accounts.permissions import Visitor
from common.errors import NotAllowed, NotFound
from storefront.devices.models import AppPassword, SyncedPlace


def require_member(user: Visitor) -> None:
    """Require an account that somebody can log in to. Raises NotAllowed."""
    if not isinstance(user, User) or not user.is_active or user.is_guest:
        raise NotAllowed


def require_own(user: Visitor, password: AppPassword) -> None:
    """Require the owner: to all others it does not exist. Raises NotFound."""
    if not isinstance(user, User) or not user.is_active or password.user_id != user.pk:
        raise NotFound


def require_own_place(user: Visitor, place: SyncedPlace) -> None:
    """Require the reader whose place it is: to all others it does not exist. Raises NotFound."""
    if not isinstance(user, User) or not user.is_active or place.user_id != user.pk:
        raise NotFound

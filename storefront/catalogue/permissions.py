"""Permission checks for bundles."""

from __future__ import annotations

from accounts.models import User
from accounts.permissions import Visitor
from storefront.catalogue.models import Bundle


def may_edit_bundle(user: Visitor, bundle: Bundle) -> bool:
    """Return whether the user may edit the bundle: only its owner may."""
    return isinstance(user, User) and user.is_active and bundle.owner_id == user.pk

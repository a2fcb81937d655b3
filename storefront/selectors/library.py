"""What a person owns and may read."""

from __future__ import annotations

from accounts.models import User
from accounts.permissions import Visitor
from publishing.models import Edition, EditionState, Work
from storefront.models import Entitlement


def entitlement_for(user: Visitor, work: Work) -> Entitlement | None:
    """The right to read this work that the person holds now, or None."""
    if not isinstance(user, User) or not user.is_active:
        return None
    return Entitlement.objects.filter(user=user, work=work, ended_at=None).first()


def edition_to_read(work: Work) -> Edition | None:
    """The newest edition that was ever on sale: whoever bought an earlier one reads it too, also after withdrawal."""
    return work.editions.exclude(state=EditionState.DRAFT).order_by("-number").first()

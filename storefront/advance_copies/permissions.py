"""Who may give advance copies, ask for one and answer.

| | gives, extends, withdraws | sees who has one | asks | answers an invitation | reads |
|---|---|---|---|---|---|
| owner, co-author who may publish | yes | yes | | | |
| other makers, collaborators, people hired for the work | | | | | |
| member | | their own | while the author takes requests | with the link | until the last day |
| guest, visitor | | | | declines with the link | |

What readers do with a copy (the reader, files, notes, reviews) is decided where it is decided for bought books:
`storefront.checkout.permissions` and `storefront.community.permissions` ask `storefront.checkout.given_copies`.
"""

from __future__ import annotations

from django.db.models import Q

from accounts.models import User
from accounts.permissions import Visitor
from common.errors import NotAllowed, NotFound
from publishing import permissions as publishing_permissions
from publishing.models import Work
from storefront.advance_copies.models import Copy, Offer


def require_give(user: Visitor, work: Work) -> None:
    """Require permission to give copies of the work. Raises NotFound, NotAllowed."""
    publishing_permissions.require_release(user, work)


def may_have(user: Visitor) -> bool:
    """Return whether the person may have copies at all: members. A guest account has no log-in."""
    return isinstance(user, User) and user.is_active and not user.is_guest


def require_member(user: Visitor) -> None:
    """Raises NotAllowed."""
    if not may_have(user):
        raise NotAllowed


def may_report(user: Visitor, public_id: str) -> bool:
    """Return whether the person may report what is offered: members who have or had a copy or asked for one, and while
    anybody may ask, all members."""
    if not may_have(user):
        return False
    offers = Offer.objects.filter(public_id=public_id, is_hidden=False)
    return offers.filter(Q(takes_requests=True, is_closed=False) | Q(copies__reader=user)).exists()


def require_own(user: Visitor, copy: Copy) -> None:
    """Require the reader of the copy: to all others it does not exist. Raises NotFound."""
    if not isinstance(user, User) or not user.is_active or copy.reader_id != user.pk:
        raise NotFound

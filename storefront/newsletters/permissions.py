"""Who may have a newsletter, change an issue and subscribe.

| | does |
|---|---|
| author with a book on sale | opens and closes the newsletter, writes and sends issues; sees how many get it |
| member | subscribes to newsletters of others, reports an issue that was sent to them |
| guest, visitor | nothing before they log in; a link in an email unsubscribes without it |
"""

from __future__ import annotations

from accounts.models import User
from accounts.permissions import Visitor, is_author
from common.errors import NotAllowed, NotFound
from storefront.newsletters.models import Delivery, Issue


def require_author(user: Visitor) -> None:
    """Require an author. Raises NotAllowed."""
    if not is_author(user):
        raise NotAllowed


def require_own(user: Visitor, issue: Issue) -> None:
    """Require the author of the issue: to all others it does not exist. Raises NotFound."""
    if not isinstance(user, User) or not user.is_active or issue.newsletter_id != user.pk:
        raise NotFound


def may_subscribe(user: Visitor) -> bool:
    return isinstance(user, User) and user.is_active and not user.is_guest


def may_report(user: Visitor, public_id: str) -> bool:
    """Return whether the issue was sent to the person."""
    return isinstance(user, User) and Delivery.objects.filter(issue__public_id=public_id, reader=user).exists()

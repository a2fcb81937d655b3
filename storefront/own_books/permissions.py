"""Who may do what with an own book.

| | does |
|---|---|
| its owner | everything |
| everybody else, staff too | nothing: it does not exist for them |
"""

from __future__ import annotations

from accounts.models import User
from common.errors import NotFound
from publishing import selectors as publishing_selectors
from storefront.own_books.errors import AddressUnconfirmed
from storefront.own_books.models import OwnBook


def require_own(user: User, work_id: str) -> OwnBook:
    """Return the person's book with its work and job. Raises NotFound."""
    rows = OwnBook.objects.filter(owner=user, edition__work__public_id=work_id)
    book = rows.select_related("edition__work", "edition__job", "edition__manuscript").first()
    if book is None:
        raise NotFound
    return book


def require_may_add(user: User) -> None:
    """Require an account with a confirmed address. Raises NotFound for guests, AddressUnconfirmed."""
    if user.is_guest:
        raise NotFound
    if not publishing_selectors.has_confirmed_address(user):
        raise AddressUnconfirmed

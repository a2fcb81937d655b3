"""Who may send what.

| | does |
|---|---|
| member | adds and removes own devices, sends books that they may download, also to an e-reader that shows a code |
| guest, visitor | nothing before they log in; an e-reader's browser shows a code, and fetches what a member gave it |
"""

from __future__ import annotations

from accounts.models import User
from accounts.permissions import Visitor
from common.errors import NotAllowed, NotFound
from publishing.models import Work
from storefront.checkout.permissions import may_download


def require_member(user: Visitor) -> None:
    """Require an account. Raises NotAllowed."""
    if not isinstance(user, User) or not user.is_active or user.is_guest:
        raise NotAllowed


def require_download(user: Visitor, work: Work) -> None:
    """Require that the person may have the book's files. Raises NotFound, as for a book that does not exist."""
    if not may_download(user, work):
        raise NotFound

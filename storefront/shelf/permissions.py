"""Who has a shelf, and what stands on it.

| | does |
|---|---|
| member | sees the books that they bought, brought or have an advance copy of, and decides about them |
| everybody else | nothing: another person's books do not exist for them |
"""

from __future__ import annotations

from accounts.models import User
from common.errors import NotFound
from publishing.models import Work
from storefront.checkout import given_copies
from storefront.checkout.models import Entitlement


def require_readable(user: User, work_id: str) -> Work:
    """Return a book of the person's library: bought, of their own, or an advance copy that lasts. Raises NotFound."""
    work = Work.with_personal.filter(public_id=work_id).first()
    if work is None:
        raise NotFound
    is_bought = Entitlement.objects.readable().filter(user=user, work=work).exists()
    if not is_bought and given_copies.copy_of(user, work) is None:
        raise NotFound
    return work

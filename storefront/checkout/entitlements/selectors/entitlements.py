"""The works that readers have bought and kept."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import User
from publishing.models import Work
from storefront.checkout.models import Entitlement


def entitled_works(holders: Iterable[User], work_ids: Iterable[int]) -> set[int]:
    """Return which of the works one of the holders has, in a library or through an order without an account."""
    rows = Entitlement.objects.filter(user__in=list(holders), work__in=list(work_ids), ended_at=None)
    return set(rows.values_list("work", flat=True))


def order_that_bought(user: User, work: Work) -> str:
    """Return the public id of the order by which the person may read the work; "" without one."""
    rows = Entitlement.objects.filter(user=user, work=work, ended_at=None, line__isnull=False)
    return rows.values_list("line__order__public_id", flat=True).first() or ""

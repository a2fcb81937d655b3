"""Reserves and corrections, as finance and the contributor see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from accounts.models import User
from royalties.models import ManualEntry, ManualState, Reserve, ReserveRule


@dataclass(frozen=True, slots=True)
class Release:
    """Reserved money that becomes payable on one day."""

    day: date
    currency: str
    amount_minor: int
    sales: int


def rules() -> QuerySet[ReserveRule]:
    """Return reserve rules, newest first, with what is still reserved under each."""
    kept = Sum("reserves__left_minor", filter=Q(reserves__released_at=None), default=0)
    return ReserveRule.objects.select_related("user", "imposed_by").annotate(left=kept)


def rules_of(user: User, at: datetime) -> Sequence[ReserveRule]:
    """Return the rules in force for one person, with their reasons."""
    return list(ReserveRule.objects.in_force(at).filter(user=user))


def releases_ahead(user: User) -> list[Release]:
    """Return what is reserved of the person's earnings, by the day on which it becomes payable."""
    rows = (
        Reserve.objects.filter(user=user, released_at=None, left_minor__gt=0)
        .order_by()
        .annotate(day=TruncDate("release_at"))
        .values_list("day", "currency")
        .annotate(total=Sum("left_minor"), sales=Count("pk"))
        .order_by("day", "currency")
    )
    return [Release(*row) for row in rows]


def kept_by_currency() -> list[tuple[str, int]]:
    """Return what is in reserve now, by currency."""
    rows = Reserve.objects.filter(released_at=None).order_by("currency").values_list("currency")
    return list(rows.annotate(total=Sum("left_minor")))


def corrections() -> QuerySet[ManualEntry]:
    """Return corrections, newest first."""
    return ManualEntry.objects.select_related("user", "item", "proposed_by", "decided_by")


def waiting_corrections() -> Sequence[ManualEntry]:
    """Return the corrections that wait for a second person."""
    return list(corrections().filter(state=ManualState.PROPOSED))


def person(text: str) -> User | None:
    """Return the person with this public id or email address, or None."""
    return User.objects.filter(Q(public_id=text) | Q(email__iexact=text)).first()

"""Pre-orders: who waits for which work, and whom to notify."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from publishing.models import Edition, EditionState, Work
from storefront.checkout.models import OrderState, Preorder, RefundState


def open_preorders() -> QuerySet[Preorder]:
    """Return pre-orders that are paid, not supplied and not canceled."""
    return Preorder.objects.filter(released_at=None, canceled_at=None, line__order__state=OrderState.PAID)


def waiting_for(work_id: int) -> list[int]:
    """Return the open pre-orders of a work by primary key, oldest first."""
    rows = open_preorders().filter(line__edition__work=work_id)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def count_waiting(work: Work) -> int:
    """Return how many readers wait for the work, for its makers."""
    return _staying().filter(line__edition__work=work).count()


def due() -> QuerySet[Preorder]:
    """Return pre-orders whose work came out or was called off."""
    out = Edition.objects.exclude(state=EditionState.DRAFT).filter(work=OuterRef("line__edition__work"))
    return _staying().filter(Exists(out) | Q(line__edition__work__release_date=None)).order_by("pk")


def to_notify() -> QuerySet[Preorder]:
    """Return pre-orders whose release date differs from the one the buyer was told."""
    moved = ~Q(told_date=F("line__edition__work__release_date"))
    out = Edition.objects.exclude(state=EditionState.DRAFT).filter(work=OuterRef("line__edition__work"))
    waiting = _staying().filter(~Exists(out), line__edition__work__release_date__isnull=False)
    return waiting.filter(moved).order_by("pk")


def to_tell_of_delay(*, day: date) -> QuerySet[Preorder]:
    """Return pre-orders whose work should have been out before the day but is not, and whose buyer was not told."""
    out = Edition.objects.exclude(state=EditionState.DRAFT).filter(work=OuterRef("line__edition__work"))
    late = _staying().filter(~Exists(out), line__edition__work__release_date__lt=day)
    told = Q(late_date__isnull=False, late_date=F("line__edition__work__release_date"))
    return late.exclude(told).order_by("pk")


def _staying() -> QuerySet[Preorder]:
    """Return open pre-orders that are not being refunded."""
    return open_preorders().exclude(line__refunds__state__in=[RefundState.PENDING, RefundState.SUCCEEDED])

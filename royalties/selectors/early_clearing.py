"""What became payable too early (I10).

Two moments are checked: the one the worker acted by, and the one the database wrote into the entry. The second counts
wherever the shop's clock cannot be moved, so that a worker whose clock is fast is found out.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Concat

from royalties.models import EntryKind, JournalEntry, Reserve, SaleRecord, SaleState
from royalties.selectors.check_scope import Scope

type Found = tuple[str, str]


def violations(scope: Scope) -> list[Found]:
    """Return row and detail of each violation among the sales made or cleared in the scope."""
    return [*_of_sales(_made_or_cleared(scope)), *_of_reserves(scope)]


def _of_sales(in_scope: QuerySet[SaleRecord]) -> Iterator[Found]:
    cleared = JournalEntry.objects.filter(kind=EntryKind.CLEARING, reference=OuterRef("reference"))
    sales = in_scope.annotate(
        recorded_at=Subquery(cleared.values("recorded_at")[:1]),
        clearing_at=Subquery(cleared.values("occurred_at")[:1]),
        royalty_kept=Sum(F("shares__amount_minor") - F("shares__returned_minor"), default=0),
    )
    for sale in sales.filter(_before("cleared_at", "clears_at")):
        yield f"sale {sale.reference}", "cleared before its window ended"
    differing = sales.filter(
        Q(clearing_at__lt=F("clears_at"))
        | Q(state=SaleState.CLEARING, clearing_at__isnull=False)
        | Q(state=SaleState.CLEARED, clearing_at__isnull=True, royalty_kept__gt=0)
    )
    for sale in differing:
        yield f"sale {sale.reference}", "and its clearing entry disagree"


def _of_reserves(scope: Scope) -> Iterator[Found]:
    """Yield reserves released early, except where a person lifted their rule."""
    parts = (Value("reserve_released:"), OuterRef("sale__reference"), Value(":"), OuterRef("user__public_id"))
    event = Concat(*parts, output_field=CharField())
    entries = JournalEntry.objects.filter(external_id=event)
    reserves = Reserve.objects.filter(Q(rule__lifted_at=None) | Q(rule__lifted_at__gt=F("released_at")))
    if not scope.is_whole:
        released = JournalEntry.objects.filter(scope.entries(), kind=EntryKind.RESERVE_RELEASED).order_by()
        reserves = reserves.filter(sale__reference__in=released.values("reference"))
    reserves = reserves.annotate(recorded_at=Subquery(entries.values("recorded_at")[:1])).select_related("sale")
    for reserve in reserves.filter(_before("released_at", "release_at")):
        yield f"reserve of {reserve.sale.reference}", "was released before its day"


def _before(moment: str, due: str) -> Q:
    found = Q(**{f"{moment}__lt": F(due)})
    return found if settings.ALLOW_TIME_TRAVEL else found | Q(recorded_at__lt=F(due))


def _made_or_cleared(scope: Scope) -> QuerySet[SaleRecord]:
    if scope.is_whole:
        return SaleRecord.objects.all()
    cleared = JournalEntry.objects.filter(scope.entries(), kind=EntryKind.CLEARING).order_by().values("reference")
    references = scope.sales().order_by().values("reference").union(cleared)
    return SaleRecord.objects.filter(reference__in=references)

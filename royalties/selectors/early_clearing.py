"""What became payable too early (I10).

Two moments are checked: the one the worker acted by, and the one the database wrote into the entry. The second counts
wherever the shop's clock cannot be moved, so that a worker whose clock is fast is found out.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Concat

from royalties.models import EntryKind, JournalEntry, MilestoneSettlement, Reserve, SaleRecord, SaleState
from royalties.selectors.check_scope import Scope

type Found = tuple[str, str]

_TEXT = CharField()


def violations(scope: Scope) -> list[Found]:
    """Return row and detail of each violation among the sales made or cleared in the scope."""
    return [*_of_sales(_made_or_cleared(scope)), *_of_milestones(scope), *_of_reserves(scope)]


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


def _of_milestones(scope: Scope) -> Iterator[Found]:
    """Yield releases that became payable before their time, or while a case kept them in clearing."""
    event = Concat(
        Value("clearing:"), OuterRef("milestone__reference"), Value(":"), OuterRef("number"), output_field=_TEXT
    )
    cleared = JournalEntry.objects.filter(external_id=event)
    releases = MilestoneSettlement.objects.filter(cleared_at__isnull=False)
    if not scope.is_whole:
        in_scope = JournalEntry.objects.filter(scope.entries(), kind=EntryKind.CLEARING).order_by()
        releases = releases.filter(milestone__reference__in=in_scope.values("reference"))
    releases = releases.annotate(recorded_at=Subquery(cleared.values("recorded_at")[:1])).select_related("milestone")
    for release in releases.filter(_before("cleared_at", "clears_at") | Q(held_at__isnull=False)):
        yield f"release {release.event}", "became payable before its time"


def _of_reserves(scope: Scope) -> Iterator[Found]:
    """Yield reserves released early, except where a person lifted their rule."""
    of_sale = Concat(
        Value("reserve_released:"),
        OuterRef("sale__reference"),
        Value(":"),
        OuterRef("user__public_id"),
        output_field=_TEXT,
    )
    of_milestone = Concat(
        Value("reserve_released:"),
        OuterRef("settlement__milestone__reference"),
        Value(":"),
        OuterRef("settlement__number"),
        Value(":"),
        OuterRef("user__public_id"),
        output_field=_TEXT,
    )
    entries = JournalEntry.objects.filter(Q(external_id=of_sale) | Q(external_id=of_milestone))
    reserves = Reserve.objects.filter(Q(rule__lifted_at=None) | Q(rule__lifted_at__gt=F("released_at")))
    if not scope.is_whole:
        released = JournalEntry.objects.filter(scope.entries(), kind=EntryKind.RESERVE_RELEASED).order_by()
        moved = released.values("reference")
        reserves = reserves.filter(Q(sale__reference__in=moved) | Q(settlement__milestone__reference__in=moved))
    reserves = reserves.annotate(recorded_at=Subquery(entries.values("recorded_at")[:1]))
    early = reserves.filter(_before("released_at", "release_at")).select_related("sale", "settlement__milestone")
    for reserve in early:
        yield f"reserve of {reserve.reference}", "was released before its day"


def _before(moment: str, due: str) -> Q:
    found = Q(**{f"{moment}__lt": F(due)})
    return found if settings.ALLOW_TIME_TRAVEL else found | Q(recorded_at__lt=F(due))


def _made_or_cleared(scope: Scope) -> QuerySet[SaleRecord]:
    if scope.is_whole:
        return SaleRecord.objects.all()
    cleared = JournalEntry.objects.filter(scope.entries(), kind=EntryKind.CLEARING).order_by().values("reference")
    references = scope.sales().order_by().values("reference").union(cleared)
    return SaleRecord.objects.filter(reference__in=references)

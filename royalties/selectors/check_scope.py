"""Which part of the books a check of the rules covers: everything, or what was chained after a trusted position."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Sum

from royalties.models import (
    ChainMark,
    ClosedPeriod,
    ClosedTally,
    JournalEntry,
    MonthTally,
    Posting,
    SaleRecord,
    SaleRefund,
)


@dataclass(frozen=True, slots=True)
class Scope:
    """`since` is a position of the chain; 0 for everything, including what is not chained yet."""

    since: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether it covers everything."""
        return self.since == 0

    def entries(self, path: str = "") -> Q:
        """Return a filter for rows whose entry, at `path`, is in scope."""
        return Q() if self.is_whole else Q(**{f"{path}link__position__gt": self.since})

    def sales(self) -> QuerySet[SaleRecord]:
        """Return the sales that were made or returned in scope."""
        if self.is_whole:
            return SaleRecord.objects.all()
        made = SaleRecord.objects.filter(self.entries("entry__")).order_by().values("pk")
        returned = SaleRefund.objects.filter(self.entries("entry__")).order_by().values("sale")
        return SaleRecord.objects.filter(pk__in=made.union(returned))


WHOLE = Scope()


@dataclass(frozen=True, slots=True)
class Sums:
    """The total effect of entries of one kind on one account, over all time."""

    account_id: int
    name: str
    kind: str
    side: int
    currency: str
    owner_id: int | None
    entry_kind: str
    amount_minor: int


_COLUMNS = ("account", "account__name", "account__kind", "account__side", "account__currency", "account__owner")


def sums(scope: Scope, *, kinds: Iterable[str] | None = None) -> list[Sums]:
    """Return every account's sums by kind of entry: counted from postings, or in a partial scope from the tallies.

    `kinds` are those of the accounts.
    """
    of = Q() if kinds is None else Q(account__kind__in=list(kinds))
    if scope.is_whole:
        return _summed(Posting.objects.filter(of), "entry__kind")
    mark = ChainMark.objects.first()
    # Only a few: a partial check chains everything first. Filtered by their ids, so that the query planner does not
    # scan the others.
    waiting = JournalEntry.objects.filter(link=None, pk__gt=mark.settled_entry if mark else 0).order_by()
    last = ClosedPeriod.objects.order_by("-period").values_list("period", flat=True).first() or ""
    return [
        *_summed(ClosedTally.objects.filter(of), "entry_kind"),
        *_summed(MonthTally.objects.filter(of, period__gt=last), "entry_kind"),
        *_summed(Posting.objects.filter(of, entry__in=list(waiting.values_list("pk", flat=True))), "entry__kind"),
    ]


def _summed(rows: QuerySet[Any], entry_kind: str) -> list[Sums]:
    found = rows.order_by().values_list(*_COLUMNS, entry_kind).annotate(total=Sum("amount_minor"))
    return [Sums(*row) for row in found]


def latest_closed() -> ClosedPeriod | None:
    """Return the month that was closed last."""
    return ClosedPeriod.objects.order_by("-period").first()

"""Which part of the books a check of the rules covers: everything, or what was chained after a trusted position."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from royalties.models import (
    AccountBalance,
    ChainMark,
    ClosedPeriod,
    ClosedTally,
    JournalEntry,
    LedgerAccount,
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
    last = ClosedPeriod.objects.order_by("-period").values_list("period", flat=True).first() or ""
    return [
        *_summed(ClosedTally.objects.filter(of), "entry_kind"),
        *_summed(MonthTally.objects.filter(of, period__gt=last), "entry_kind"),
        *_summed(Posting.objects.filter(of, entry__in=_waiting()), "entry__kind"),
    ]


def totals(scope: Scope) -> dict[str, int]:
    """Return the total of all accounts by currency, added up inside the database."""
    found: dict[str, int] = {}
    for rows in _parts(scope):
        for currency, total in rows.order_by().values_list("account__currency").annotate(n=Sum("amount_minor")):
            found[currency] = found.get(currency, 0) + total
    return found


def differing_balances(scope: Scope) -> list[tuple[LedgerAccount, int, int]]:
    """Return the accounts whose balance row is not the sum of their postings, with both; compared inside the database.

    There is one for each milestone ever paid, so they are not read one by one.
    """
    posted: Combinable = Value(0)
    for rows in _parts(scope):
        summed = rows.filter(account=OuterRef("account")).order_by().values("account").annotate(n=Sum("amount_minor"))
        posted += Coalesce(Subquery(summed.values("n"), output_field=BigIntegerField()), 0)
    rows = AccountBalance.objects.annotate(posted=ExpressionWrapper(posted, output_field=BigIntegerField()))
    differing = rows.exclude(balance_minor=F("posted")).select_related("account")
    return [(row.account, row.balance_minor, row.posted) for row in differing]


def _parts(scope: Scope) -> list[QuerySet[Any]]:
    """Return what an account's sums are made of: postings, or in a partial scope tallies and what is not chained."""
    if scope.is_whole:
        return [Posting.objects.all()]
    last = ClosedPeriod.objects.order_by("-period").values_list("period", flat=True).first() or ""
    waiting = Posting.objects.filter(entry__in=_waiting())
    return [ClosedTally.objects.all(), MonthTally.objects.filter(period__gt=last), waiting]


def _waiting() -> list[int]:
    """Return entries that are not chained yet: only a few, since a partial check chains everything first.

    By their ids, so that the query planner does not scan the others.
    """
    mark = ChainMark.objects.first()
    waiting = JournalEntry.objects.filter(link=None, pk__gt=mark.settled_entry if mark else 0).order_by()
    return list(waiting.values_list("pk", flat=True))


def _summed(rows: QuerySet[Any], entry_kind: str) -> list[Sums]:
    found = rows.order_by().values_list(*_COLUMNS, entry_kind).annotate(total=Sum("amount_minor"))
    return [Sums(*row) for row in found]


def latest_closed() -> ClosedPeriod | None:
    """Return the month that was closed last."""
    return ClosedPeriod.objects.order_by("-period").first()

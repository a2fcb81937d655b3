"""Which part of each work's royalty a statement's lines give to its contributor, and at which percentage.

A line sums up what was sold under one agreement with the reader. If the split among contributors changed meanwhile, it
has several shares. They are read from the shares frozen with each sale and return, so that a statement always says the
same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum

from royalties.models import SaleRefundShare, SaleShare, Statement

_KEY = ("work_id", "country", "unit_price_minor", "terms_id")


@dataclass(frozen=True, slots=True)
class LineShare:
    """What the ledger gave for one percentage: `royalty_minor` for `share_bps` of `work_royalty_minor`, net of returns.

    Each sale divides its royalty separately, so the sum may differ from the percentage by a cent for each sale.
    """

    share_bps: int
    work_royalty_minor: int
    royalty_minor: int


def shares_of(statement: Statement) -> Mapping[int, Sequence[LineShare]]:
    """Return the shares by the position of each line, the largest percentage first."""
    sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
    of_month = {"user": statement.user_id, "currency": statement.currency, "period": statement.period}
    sold = SaleShare.objects.filter(**of_month)
    at_sale = SaleShare.objects.filter(sale=OuterRef("refund__sale"), user=OuterRef("user"))
    returned = SaleRefundShare.objects.filter(**of_month).annotate(share_bps=Subquery(at_sale.values("share_bps")[:1]))
    for rows, sign in ((_summed(sold), 1), (_summed(returned), -1)):
        for *key, work_royalty, royalty in rows:
            found = sums[tuple(key)]
            found[0] += sign * work_royalty
            found[1] += sign * royalty
    by_line: dict[tuple[Any, ...], list[LineShare]] = defaultdict(list)
    for (*line_key, share_bps), (work_royalty, royalty) in sums.items():
        by_line[tuple(line_key)].append(LineShare(share_bps, work_royalty, royalty))
    return {
        line.position: sorted(by_line[tuple(getattr(line, name) for name in _KEY)], key=lambda share: -share.share_bps)
        for line in statement.lines.all()
    }


def _summed(rows: QuerySet[Any]) -> Iterable[tuple[Any, ...]]:
    """Return the key, the percentage, the royalty of the works and the contributor's part of it."""
    of_work = F("net_minor") - F("processor_fee_minor") - F("platform_fee_minor")
    grouped = rows.order_by().values(*_KEY, "share_bps")
    summed = grouped.annotate(work_royalty=Sum(of_work), royalty=Sum("amount_minor"))
    return list(summed.values_list(*_KEY, "share_bps", "work_royalty", "royalty"))

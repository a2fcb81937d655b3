"""What a contributor sold and what came back, by work, country and format, in one grouped query each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from accounts.countries import country_name
from common.money import BPS, divide_half_up
from royalties.models import SaleRefund, SaleShare, SaleState


@dataclass(frozen=True, slots=True)
class Row:
    """One work, country or format in one currency.

    `net_minor` is the whole price without tax and `royalty_minor` the person's share of it, both less what was
    returned; `returned` counts units returned in full.
    """

    key: str
    label: str
    currency: str
    sold: int
    returned: int
    net_minor: int
    royalty_minor: int

    @property
    def return_bps(self) -> int:
        """The share of the units that came back."""
        return divide_half_up(self.returned * BPS, self.sold)


def by_work(shares: QuerySet[SaleShare]) -> list[Row]:
    """Return the rows by title; the key is the work's public id."""
    return [Row(*row) for row in _grouped(shares, "sale__work__public_id", "sale__work__title")]


def by_country(shares: QuerySet[SaleShare]) -> list[Row]:
    """Return the rows by the reader's country, most royalty first; the key is its code, "" where none was needed."""
    rows = [Row(row[0], country_name(row[0]), *row[1:]) for row in _grouped(shares, "sale__tax_country")]
    return sorted(rows, key=lambda row: (row.currency, -row.royalty_minor, row.key))


def by_format(shares: QuerySet[SaleShare]) -> list[Row]:
    """Return the rows by currency: every edition is an e-book, one format in several files."""
    return [Row("ebook", gettext("E-book"), *row) for row in _grouped(shares)]


def _grouped(shares: QuerySet[SaleShare], *keys: str) -> list[tuple[Any, ...]]:
    # Refunds are summed in a subquery for each sale: a join would count a sale once for each of its refunds.
    given_back = (
        SaleRefund.objects.filter(sale=OuterRef("sale"))
        .order_by()
        .values("sale")
        .annotate(net=Sum(F("paid_minor") - F("tax_minor")))
        .values("net")
    )
    columns = (*keys, "sale__currency")
    return list(
        shares.order_by()
        .annotate(net_returned=Coalesce(Subquery(given_back), 0))
        .values_list(*columns)
        .annotate(
            sold=Count("pk"),
            returned=Count("pk", filter=Q(sale__state=SaleState.REFUNDED)),
            net=Sum(F("sale__paid_minor") - F("sale__tax_minor") - F("net_returned")),
            royalty=Sum(F("amount_minor") - F("returned_minor")),
        )
        .order_by(*reversed(keys), "sale__currency")
    )

"""Making the report of a quarter: the only place where sales become figures that other authors read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median_low

from django.db import transaction
from django.db.models import Count, QuerySet, Sum

from common.periods import Quarter
from insight.market.selectors.copies import bought_by_others
from insight.market_reports import disclosure
from insight.market_reports.disclosure import SoldCopy
from insight.market_reports.models import MarketReport, ReportCell, ReportWord
from insight.searches.models import GapCell, WordCell
from royalties.models import SaleRefund
from storefront.catalogue.facets import base_language
from storefront.catalogue.models import Listing

# By then all weeks of the quarter are published, and its books can no longer be returned without a reason.
WAIT = timedelta(days=15)

type CellKey = tuple[str, str]  # subject, language


@dataclass(slots=True)
class _Wanted:
    weeks: int = 0
    searchers: int = 0
    found_little: int = 0


@dataclass(slots=True)
class _Offered:
    works: int = 0
    new_works: int = 0
    prices: list[int] = field(default_factory=list)


def make_due(*, at: datetime) -> MarketReport | None:
    """Make the report of the last quarter, once. Safe to repeat.

    Earlier quarters are not made up for, because nobody knows any more what was on sale in them.
    """
    quarter = Quarter.of(Quarter.of(at).start - timedelta(days=1))
    if at < quarter.end + WAIT or MarketReport.objects.filter(first_day=quarter.start.date()).exists():
        return None
    if not Listing.objects.on_sale().exists():
        return None
    return make_report(quarter=quarter, at=at)


@transaction.atomic
def make_report(*, quarter: Quarter, at: datetime) -> MarketReport:
    """Publish a quarter's report by the rules of both modules `disclosure`. There is one report and no second."""
    wanted, offered, sold = _wanted(quarter), _offered(quarter), _sold(quarter, at)
    weeks = _published(GapCell.objects.all(), quarter).values("sheet").distinct().count()
    report = MarketReport.objects.create(
        first_day=quarter.start.date(), weeks=weeks, works=Listing.objects.on_sale().count(), made_at=at
    )
    cells = wanted.keys() | sold.keys() | {key for key in offered if len(key[0]) == 2}
    ReportCell.objects.bulk_create(
        _cell(report, key, wanted[key], offered[key], sold.get(key, [])) for key in sorted(cells)
    )
    ReportWord.objects.bulk_create(_words(report))
    return report


def _cell(report: MarketReport, key: CellKey, wanted: _Wanted, offered: _Offered, sold: list[SoldCopy]) -> ReportCell:
    return ReportCell(
        report=report,
        subject=key[0],
        language=key[1],
        weeks_seen=wanted.weeks,
        searchers=wanted.searchers,
        found_little=wanted.found_little,
        works=offered.works,
        new_works=offered.new_works,
        price_minor=median_low(offered.prices) if offered.prices else None,
        copies=disclosure.copies(sold),
    )


def _published[Row: (GapCell, WordCell)](rows: QuerySet[Row], quarter: Quarter) -> QuerySet[Row]:
    """Select what was published of the weeks whose Monday is in the quarter."""
    return rows.filter(sheet__week__gte=quarter.start.date(), sheet__week__lt=quarter.end.date())


def _wanted(quarter: Quarter) -> dict[CellKey, _Wanted]:
    """Add up published weeks. What a week did not tell is in no sum."""
    rows = _published(GapCell.objects.filter(service=""), quarter).order_by().values_list("subject", "language")
    counted = rows.annotate(weeks=Count("pk"), searchers=Sum("people"), little=Sum("found_little"))
    found = {(subject, language): _Wanted(*counts) for subject, language, *counts in counted}
    return defaultdict(_Wanted, found)


def _words(report: MarketReport) -> list[ReportWord]:
    rows = _published(WordCell.objects.all(), report.quarter).order_by().values_list("words")
    counted = rows.annotate(weeks=Count("pk"), searchers=Sum("people"), little=Sum("found_little"))
    return [
        ReportWord(report=report, words=words, weeks_seen=weeks, searchers=searchers, found_little=little)
        for words, weeks, searchers, little in counted
    ]


def _offered(quarter: Quarter) -> dict[CellKey, _Offered]:
    """Count what anybody can see in the shop: a section counts what is in its subjects, and an empty subject all."""
    found: dict[CellKey, _Offered] = defaultdict(_Offered)
    rows = Listing.objects.on_sale().order_by()
    for section, subject, tag, price, since in rows.values_list(
        "section", "subject", "language", "price_minor", "published_at"
    ):
        for code in {section, subject, ""}:
            cell = found[code, base_language(tag).lower()]
            cell.works += 1
            cell.new_works += quarter.start <= since < quarter.end
            if price:
                cell.prices.append(price)
    return found


def _sold(quarter: Quarter, at: datetime) -> dict[CellKey, list[SoldCopy]]:
    """Return the copies of the quarter that were kept until now, by cells that do not overlap."""
    returned = SaleRefund.objects.filter(is_last=True, refunded_at__lt=at).values("sale__reference")
    lines = bought_by_others(since=quarter.start, until=quarter.end).exclude(public_id__in=returned)
    rows = lines.values_list(
        "edition__work__subject", "edition__work__language", "edition__work__owner", "order__buyer"
    )
    found: dict[CellKey, list[SoldCopy]] = defaultdict(list)
    for subject, language, seller, buyer in rows:
        found[subject[:2], base_language(language).lower()].append(SoldCopy(seller, buyer))
    return found

"""What a report says, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from common.money import Money
from insight.market_reports.models import MarketReport, ReportCell, ReportWord
from publishing import thema
from publishing.languages import language_name

_CSV_HEAD = (
    *("subject_code", "subject", "language", "weeks_seen", "searchers", "found_few", "books_on_sale", "new_books"),
    *("median_price", "currency", "copies_sold"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One cell of a report; `width` is its bar's, out of 100."""

    cell: ReportCell
    width: int

    @property
    def label(self) -> str:
        """Return "Crime and mystery, German"."""
        subject = str(thema.label(self.cell.subject) or _("Any subject"))
        return f"{subject}, {language_name(self.cell.language)}" if self.cell.language else subject

    @property
    def price(self) -> Money | None:
        price = self.cell.price_minor
        return None if price is None else Money(price, settings.DEFAULT_CURRENCY)

    @property
    def address(self) -> str:
        """Return the shop's list of these books."""
        query = {"subject": self.cell.subject, "language": self.cell.language}
        return f"{reverse('catalogue:books')}?{urlencode({name: value for name, value in query.items() if value})}"


def most_missed(report: MarketReport, limit: int) -> Sequence[Line]:
    """Return where most people found little, most first."""
    cells = list(report.cells.filter(found_little__gt=0).order_by("-found_little", "subject", "language")[:limit])
    return _lines(cells, [cell.found_little for cell in cells])


def most_sold(report: MarketReport, limit: int) -> Sequence[Line]:
    """Return where most copies were sold, of the cells that may tell it."""
    cells = list(report.cells.filter(copies__gt=0).order_by("-copies", "subject", "language")[:limit])
    return _lines(cells, [cell.copies or 0 for cell in cells])


def most_crowded(report: MarketReport, limit: int) -> Sequence[Line]:
    """Return where most books came newly."""
    cells = list(report.cells.filter(~Q(subject=""), new_works__gt=0).order_by("-new_works", "subject", "language"))
    cells = [cell for cell in cells if len(cell.subject) == 2][:limit]
    return _lines(cells, [cell.new_works for cell in cells])


def words(report: MarketReport, limit: int) -> Sequence[ReportWord]:
    return list(report.words.all()[:limit])


def csv_rows(report: MarketReport) -> Iterator[Sequence[object]]:
    """Yield the whole report as rows: cells, then words. Empty where nothing may be said."""
    yield _CSV_HEAD
    for line in _lines(report.cells.all(), ()):
        cell, price = line.cell, line.price
        yield (
            *(cell.subject, thema.label(cell.subject), cell.language, cell.weeks_seen),
            *(cell.searchers, cell.found_little, cell.works, cell.new_works),
            *((price.decimal, price.currency) if price else ("", "")),
            "" if cell.copies is None else cell.copies,
        )
    yield ()
    yield ("words", "weeks_seen", "searchers", "found_few")
    for word in report.words.all():
        yield (word.words, word.weeks_seen, word.searchers, word.found_little)


def _lines(cells: Iterable[ReportCell], sizes: Sequence[int]) -> list[Line]:
    most = max(sizes, default=0)
    widths = [round(100 * size / most) if most else 0 for size in sizes]
    rows = list(cells)
    return [Line(cell, width) for cell, width in zip(rows, widths or [0] * len(rows), strict=True)]

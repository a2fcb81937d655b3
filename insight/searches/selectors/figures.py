"""What the sheets say: gaps, and how often people found something. Everything here may be shown to anybody.

Totals are sums of the cells of a sheet and never of anything else (`insight.searches.disclosure`, rule 4).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from common.numerals import localized
from hiring.service_kinds import ServiceKind
from insight.searches.models import GapCell, WeekSheet, WordCell
from publishing import thema
from publishing.languages import language_name


@dataclass(frozen=True, slots=True)
class Gap:
    """What at least five people looked for. `service` is empty for books.

    `times` says how many times as often it is looked for as it is there: its share of the people of all cells, divided
    by its share of what there is, which is half a work or offer at least.
    """

    service: str
    subject: str
    language: str
    people: int
    found_little: int
    supply: int
    times: float

    @property
    def subject_label(self) -> str | Promise:
        return thema.label(self.subject) or _("Any subject")

    @property
    def language_label(self) -> str:
        return language_name(self.language) if self.language else ""

    @property
    def label(self) -> str:
        """Return "Crime and mystery, German", or "Translation, Polish"."""
        subject = "" if self.service and not self.subject else str(self.subject_label)
        return ", ".join(part for part in (self.service_label, subject, self.language_label) if part)

    @property
    def times_label(self) -> str:
        """Return `times` with a decimal below ten: "0.4×", "12×"."""
        times = Decimal(self.times).quantize(Decimal("0.1") if self.times < 10 else Decimal(1))
        return f"{localized(times)}×"

    @property
    def address(self) -> str:
        """Return the page that lists what there is."""
        if not self.service:
            query = {"subject": self.subject, "language": self.language}
        elif self.service == ServiceKind.TRANSLATION:
            query = {"kind": self.service, "target": self.language, "genre": self.subject}
        else:
            query = {"kind": self.service, "language": self.language, "genre": self.subject}
        page = reverse("offers:search" if self.service else "catalogue:books")
        return f"{page}?{urlencode({name: value for name, value in query.items() if value})}"

    @property
    def service_label(self) -> str:
        return str(ServiceKind(self.service).label) if self.service in ServiceKind.values else self.service


@dataclass(frozen=True, slots=True)
class FillRate:
    """Of how many searches for books a book was looked at within half an hour."""

    searches: int
    opened: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.opened / self.searches) if self.searches else None

    @property
    def percent_bps(self) -> int | None:
        """Return the whole percentage in basis points, as templates write shares."""
        return None if self.percent is None else self.percent * 100


@dataclass(frozen=True, slots=True)
class LittleRate:
    """How many of those who searched found fewer than five. Who searched in two cells is counted in both."""

    people: int
    found_little: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.found_little / self.people) if self.people else None

    @property
    def percent_bps(self) -> int | None:
        """Return the whole percentage in basis points, as templates write shares."""
        return None if self.percent is None else self.percent * 100


def weeks_with_sheets() -> list[date]:
    """Return the Mondays of all published weeks, newest first."""
    return list(WeekSheet.objects.order_by("-week").values_list("week", flat=True))


def demand(week: date, *, services: bool = False) -> list[Gap]:
    """Return all that enough people looked for in the week that began on this Monday, most people first."""
    sheet = WeekSheet.objects.filter(week=week).first()
    if sheet is None:
        return []
    cells = _cells(week, services=services)
    everybody = sum(cell.people for cell in cells)
    there = sheet.offers if services else sheet.works
    found = [_gap(cell, everybody, there) for cell in cells]
    return sorted(found, key=lambda gap: (-gap.people, gap.service, gap.subject, gap.language))


def gaps(week: date, *, services: bool = False) -> list[Gap]:
    """Return where at least five people found fewer than five, by these people: of books, or of services to hire."""
    missed = [gap for gap in demand(week, services=services) if gap.found_little]
    return sorted(missed, key=lambda gap: (-gap.found_little, -gap.times))


def search_fill(week: date) -> FillRate:
    """Return how many searches for books led to one, in the cells of the week's sheet."""
    cells = _cells(week, services=False)
    return FillRate(sum(cell.searches for cell in cells), sum(cell.opened for cell in cells))


def found_little(week: date, *, services: bool = False) -> LittleRate:
    """Return how many found fewer than five, in the cells of the week's sheet."""
    cells = _cells(week, services=services)
    return LittleRate(sum(cell.people for cell in cells), sum(cell.found_little for cell in cells))


def words(week: date) -> list[WordCell]:
    """Return the words that were searched for, most people first."""
    return list(WordCell.objects.filter(sheet__week=week).order_by("-people", "words"))


def _cells(week: date, *, services: bool) -> list[GapCell]:
    rows: Iterable[GapCell] = GapCell.objects.filter(sheet__week=week)
    return [cell for cell in rows if bool(cell.service) == services]


def _gap(cell: GapCell, everybody: int, there: int) -> Gap:
    wanted = cell.people / everybody
    offered = max(cell.supply, 0.5) / there if there else 1.0
    return Gap(
        service=cell.service,
        subject=cell.subject,
        language=cell.language,
        people=cell.people,
        found_little=cell.found_little,
        supply=cell.supply,
        times=wanted / offered,
    )

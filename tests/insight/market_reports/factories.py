"""Weeks as they are published, copies sold in a quarter, and reports."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.utils import timezone

from accounts.models import User
from common import clock
from common.periods import Quarter
from insight.market_reports.models import MarketReport
from insight.market_reports.services import making
from insight.searches.models import GapCell, WeekSheet, WordCell
from publishing.models import Edition
from tests.factories.accounts import make_author, make_reader
from tests.factories.publishing import make_published_edition
from tests.insight.market.factories import make_copies

QUARTER = Quarter(2026, 3)
IN_QUARTER = datetime(2026, 8, 20, tzinfo=UTC)
DUE = datetime(2026, 10, 16, 4, 5, tzinfo=UTC)


def published_week(week: date, **cells: tuple[int, int]) -> WeekSheet:
    """A week's sheet with these people and how many of them found little, by "FF_de"."""
    sheet = WeekSheet.objects.create(week=week, works=10, offers=0, made_at=timezone.now())
    for name, (people, little) in cells.items():
        subject, _, language = name.partition("_")
        GapCell.objects.create(
            sheet=sheet, subject=subject, language=language, people=people, found_little=little,
            searches=people, opened=0, supply=1,
        )  # fmt: skip
    return sheet


def published_words(sheet: WeekSheet, words: str, people: int, little: int = 0) -> None:
    WordCell.objects.create(sheet=sheet, words=words, people=people, found_little=little)


def sold(*copies: int, buyers: int | None = None, sold_at: datetime = IN_QUARTER) -> list[Edition]:
    """One new book of each author, German crime, with so many copies, bought by people of their own or by so many."""
    editions = []
    people: list[User] = [make_reader() for _ in range(buyers or 0)]
    turn = 0
    for count in copies:
        edition = make_published_edition(owner=make_author(), subject="FF", language="de")
        editions.append(edition)
        for _ in range(count):
            buyer = people[turn % len(people)] if people else make_reader()
            turn += 1
            make_copies(buyer, edition, days_ago=(clock.now() - sold_at).days)
    return editions


def made(quarter: Quarter = QUARTER) -> MarketReport:
    return making.make_report(quarter=quarter, at=DUE)

"""Making the sheet of a week: the only place where searches become figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Count, Q, QuerySet

from insight.searches import disclosure, weeks
from insight.searches.disclosure import LITTLE, part, rounded
from insight.searches.models import GapCell, SearchEvent, WeekSheet, WordCell
from insight.searches.selectors import recount
from insight.searches.selectors.supply import Supply, supply
from storefront.search.spelling import known_words

logger = structlog.stdlib.get_logger(__name__)

# A week is closed an hour after it ended: until then, a book may still be looked at after its last searches.
GRACE = timedelta(hours=1)
_MAX_WORDS = 200  # lines of a sheet
MAX_SEARCHES_A_DAY = 60  # no reader searches more

_LITTLE = Q(results__lt=LITTLE)
_PEOPLE = Count("searcher", distinct=True)
_WITH_LITTLE = Count("searcher", distinct=True, filter=_LITTLE)


def close_weeks(*, at: datetime) -> None:
    """Make the sheets of all weeks that have ended and have none, and count them a second time. Safe to repeat."""
    first = SearchEvent.objects.order_by("day").values_list("day", flat=True).first()
    if first is None:
        return
    this_week = weeks.week_of(weeks.today(at - GRACE))
    week = weeks.week_of(first)
    while week < this_week:
        _close(week, at)
        week = weeks.next_week(week)


def _close(week: date, at: datetime) -> None:
    if WeekSheet.objects.filter(week=week).exists() or not _counted(week).exists():
        return
    make_sheet(week=week, at=at)
    found = recount.differences(week)
    if found:
        logger.error("searches.differ", week=str(week), count=len(found), first=str(found[0]))


@transaction.atomic
def make_sheet(*, week: date, at: datetime) -> WeekSheet:
    """Publish a week's figures by the rules of `disclosure`. There is one sheet of a week and no second."""
    there = supply()
    sheet = WeekSheet.objects.create(week=week, made_at=at, works=there.works, offers=there.offers)
    rows = _counted(week)
    GapCell.objects.bulk_create(_cells(sheet, rows, there))
    WordCell.objects.bulk_create(_words(sheet, rows))
    return sheet


def _counted(week: date) -> QuerySet[SearchEvent]:
    """Select the week's searches that count: by somebody who may be told apart, and who searches like a person."""
    rows = SearchEvent.objects.filter(day__range=(week, weeks.last_day(week)), searcher__isnull=False)
    busy = rows.values("searcher", "day").annotate(n=Count("pk")).filter(n__gt=MAX_SEARCHES_A_DAY)
    return rows.exclude(searcher__in=busy.values("searcher"))


def _cells(sheet: WeekSheet, rows: QuerySet[SearchEvent], there: Supply) -> Iterator[GapCell]:
    counted = rows.values("service", "subject", "language").annotate(
        people=_PEOPLE,
        with_little=_WITH_LITTLE,
        searches=Count("pk"),
        opened=Count("pk", filter=Q(is_opened=True)),
        openers=Count("searcher", distinct=True, filter=Q(is_opened=True)),
        others=Count("searcher", distinct=True, filter=Q(is_opened=False)),
    )
    for row in counted.order_by("service", "subject", "language"):
        key = (row["service"], row["subject"], row["language"])
        if disclosure.is_shown(row["people"]):
            yield GapCell(
                sheet=sheet,
                service=key[0],
                subject=key[1],
                language=key[2],
                people=rounded(row["people"]),
                found_little=_little(row["with_little"], of=row["people"]),
                searches=rounded(row["searches"]),
                opened=part(row["opened"], of=row["searches"], people=row["openers"], others=row["others"]),
                supply=there.by_cell[key],
            )


def _words(sheet: WeekSheet, rows: QuerySet[SearchEvent]) -> list[WordCell]:
    counted = rows.filter(service="").exclude(words="").values("words")
    counted = counted.annotate(people=_PEOPLE, with_little=_WITH_LITTLE).filter(people__gte=disclosure.FEWEST)
    found = list(counted.order_by("-people", "words").values_list("words", "people", "with_little"))
    known = known_words({word for words, _people, _little in found for word in words.split()})
    shown = [
        WordCell(sheet=sheet, words=words, people=rounded(people), found_little=_little(little, of=people))
        for words, people, little in found
        if people >= disclosure.FEWEST_UNKNOWN_WORDS or known.issuperset(words.split())
    ]
    return shown[:_MAX_WORDS]


def _little(people: int, *, of: int) -> int:
    return part(people, of=of, people=people, others=of - people)

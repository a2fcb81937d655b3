"""A quarter of searches in the demonstration, so that authors see what readers look for, and a market report."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from common.periods import Quarter
from insight.market_reports.services import making
from insight.searches import weeks
from insight.searches.asked import normalized
from insight.searches.models import SearchEvent
from insight.searches.selectors.supply import supply
from insight.searches.services import forgetting, sheets
from storefront.catalogue.models import Listing

_SEED = 20260902
_WEEKS = 13
_PEOPLE = 420
_SEARCHES = 900  # a week


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is looked for, and how often."""

    weight: float
    words: str = ""
    subject: str = ""
    language: str = ""
    service: str = ""


_WISHES = (
    _Wish(9, "krimi", "FF", "de"),
    _Wish(7, "", "FF", "en"),
    _Wish(6, "science fiction", "FL", "en"),
    _Wish(5, "", "FM", "en"),
    _Wish(5, "", "FR", "fr"),
    _Wish(4, "historical novel", "FV", "en"),
    _Wish(4, "", "DC", "de"),
    _Wish(3, "cookbook", "WB", "en"),
    _Wish(3, "", "YB", "es"),
    _Wish(1, "", "FK", "it"),
    _Wish(3, language="de", service="translation"),
    _Wish(2, language="en", service="copy_editing"),
    _Wish(2, service="cover_design"),
    _Wish(1, language="pl", service="proofreading"),
)
_TITLES = 5.0  # a title’s weight is this divided by its place
_OPENED = 0.45


def seed_searches(*, now: datetime) -> None:
    """Make up searches of the last weeks, publish those that have ended, and the last quarter."""
    chance = random.Random(_SEED)  # noqa: S311 # plausible, not secret
    there = supply().by_cell
    titles = Listing.objects.order_by("-sales_count", "pk").values_list("title", "language")[:40]
    wishes = [
        *_WISHES,
        *(
            _Wish(_TITLES / (place + 4), normalized(title), "", language[:2])
            for place, (title, language) in enumerate(titles)
        ),
    ]
    people = [chance.randbytes(8) for _ in range(_PEOPLE)]
    today = weeks.today(now)
    first = weeks.week_of(today) - timedelta(weeks=_WEEKS)
    rows = []
    for wish in chance.choices(wishes, [one.weight for one in wishes], k=_SEARCHES * _WEEKS):
        is_title = not (wish.subject or wish.service)
        results = chance.randrange(1, 12) if is_title else there[wish.service, wish.subject, wish.language]
        rows.append(
            SearchEvent(
                day=first + timedelta(days=chance.randrange((today - first).days + 1)),
                service=wish.service,
                words=wish.words,
                subject=wish.subject,
                language=wish.language,
                results=results,
                searcher=chance.choice(people),
                is_opened=not wish.service and results > 0 and chance.random() < _OPENED,
            )
        )
    SearchEvent.objects.bulk_create(rows, batch_size=2000)
    sheets.close_weeks(at=now)
    forgetting.forget(at=now)
    ended = Quarter.of(now - making.WAIT).start - timedelta(days=1)
    making.make_report(quarter=Quarter.of(ended), at=now)

"""What people of the simulated market search for in its last two whole weeks, and the sheets published of it."""

from __future__ import annotations

import random
from datetime import timedelta

from bench.market.books import CELLS, GAP, WEIGHTS
from bench.market.people import NOW, Size
from insight.searches.models import SearchEvent
from insight.searches.services import sheets

_WANT_THE_GAP = 0.012
_MONDAY = NOW.date() - timedelta(days=NOW.weekday())


def search(size: Size, luck: random.Random) -> None:
    """Write searches and publish their weeks. Most find plenty; here and there somebody finds little."""
    searchers = [luck.randbytes(8) for _ in range(max(size.searches // 2, 1))]
    events = []
    for _number in range(size.searches):
        is_of_gap = luck.random() < _WANT_THE_GAP
        subject, language = GAP if is_of_gap else luck.choices(CELLS, WEIGHTS)[0]
        is_rare = is_of_gap or luck.random() < 0.03
        events.append(
            SearchEvent(
                day=_MONDAY - timedelta(days=luck.randrange(1, 15)),
                subject=subject,
                language=language,
                results=luck.randrange(2 if is_of_gap else 5) if is_rare else luck.randrange(5, 400),
                searcher=luck.choice(searchers),
                is_opened=not is_rare and luck.random() < 0.4,
            )
        )
    SearchEvent.objects.bulk_create(events, 2000)
    sheets.close_weeks(at=NOW)

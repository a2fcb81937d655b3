"""Counts once a week how far the readers of each work got.

So that no figure tells of one person: none is of fewer than five readers, all are rounded to five, and a work's figures
stay as they are until five readers have read on, agreed or changed their mind since.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db.models import Count, Q

from insight.completion.models import ChapterCount, Completion
from insight.completion.selectors import stopped
from insight.completion.selectors.stopped import Where
from publishing.models import Edition, Work
from storefront.reading.models import FurthestPlace

logger = structlog.stdlib.get_logger(__name__)

FEWEST = 5
# Whoever has not read on for so long has stopped.
STOPPED_AFTER = timedelta(days=28)


def count_all(*, at: datetime) -> None:
    """Count every work that enough readers have begun; figures of the others go."""
    counts = stopped.counted_places().values_list("work").annotate(readers=Count("pk")).filter(readers__gte=FEWEST)
    enough = list(counts.values_list("work", flat=True))
    Completion.objects.exclude(work__in=enough).delete()
    for work in Work.objects.filter(pk__in=enough).iterator():
        count(work=work, at=at)


def count(*, work: Work, at: datetime) -> None:
    """Count one work in its newest edition, if enough has changed since it was counted. Safe to repeat."""
    edition = Edition.objects.on_sale().filter(work=work).first()
    known = Completion.objects.filter(work=work).first()
    places = stopped.counted_places().filter(work=work)
    if edition is None or (known is not None and _changed(places, since=known.counted_at) < FEWEST):
        return
    read = list(places.select_related("edition").order_by("pk"))
    if len(read) < FEWEST:
        return
    try:
        titles, where = stopped.where_they_are(read, edition)
    except (OSError, KeyError, zipfile.BadZipFile):
        logger.exception("completion.not_counted", work=work.public_id)
        return
    if not titles:  # an edition without text for the reader
        return
    figures = _figures(read, where, titles, at=at)
    Completion.objects.update_or_create(work=work, defaults={"edition": edition, "counted_at": at, **figures})


def rounded(count: int) -> int:
    """Return the number of readers to the nearest five; 0 for fewer than five."""
    return 0 if count < FEWEST else (count + FEWEST // 2) // FEWEST * FEWEST


def _changed(places: Any, *, since: datetime) -> int:
    return int(places.filter(Q(at__gt=since) | Q(user__completion_consent__decided_at__gt=since)).count())


def _figures(
    places: Sequence[FurthestPlace], where: Sequence[Where], titles: Sequence[str], *, at: datetime
) -> dict[str, Any]:
    reading, finished, reached, stops = 0, 0, Counter[int](), Counter[int]()
    for place, one in zip(places, where, strict=True):
        reached.update(range(len(titles) if one.has_finished else one.chapter + 1))
        if one.has_finished:
            finished += 1
        elif place.at > at - STOPPED_AFTER:
            reading += 1
        else:
            stops[one.chapter] += 1
    return {
        "readers": rounded(len(places)),
        "finished": rounded(finished),
        "reading": rounded(reading),
        "chapters": tuple(
            ChapterCount(title, rounded(reached[index]), rounded(stops[index])) for index, title in enumerate(titles)
        ),
    }

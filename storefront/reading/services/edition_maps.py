"""Makes the maps between editions: when one is published, and when an older one turns out to need one.

Each map goes straight from the edition of a place or note to the one that is read, never over another: errors would add
up. A request only writes a row; a worker aligns the two texts.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from lxml import etree

from common import clock, jobs
from conversion.engine.api import align
from publishing.models import Edition, EditionState
from storefront.catalogue.selectors.edition_texts import text_of
from storefront.reading.models import EditionMap, FurthestPlace, LastPlace, Note, TypoReport
from storefront.reading.models.edition_map import MAX_ATTEMPTS

logger = structlog.stdlib.get_logger(__name__)

_TASK = "reading.make_map"
_HEAD_START = timedelta(minutes=5)  # for the message that was sent when the map was asked for
_BATCH = 100


def edition_listed(edition: Edition) -> None:
    """Ask for maps from the older editions that people have places or notes in."""
    if edition.label != "1" and edition.state == EditionState.PUBLISHED:
        older = _in_use(Edition.objects.before(edition))
        ask(older.values_list("pk", flat=True), edition.pk, at=clock.now())


def ask(from_editions: Iterable[int], to_edition: int, *, at: datetime) -> None:
    """Have a worker make the maps to an edition that there are not yet. Safe to repeat, and cheap if all are there."""
    wanted = set(from_editions) - {to_edition}
    if not wanted:
        return
    rows = EditionMap.objects.filter(to_edition=to_edition, from_edition__in=wanted)
    missing = wanted - set(rows.values_list("from_edition", flat=True))
    if not missing:
        return
    made = [EditionMap(from_edition_id=pk, to_edition_id=to_edition, asked_at=at) for pk in sorted(missing)]
    EditionMap.objects.bulk_create(made, ignore_conflicts=True)
    for pk in rows.filter(from_edition__in=missing).values_list("pk", flat=True):
        jobs.enqueue(_TASK, map_id=pk)


def make(*, map_id: int) -> None:
    """Align the two editions, unless this version of the aligner has done it. May take half a minute for a long book
    in which every line was touched."""
    row = EditionMap.objects.select_related("from_edition", "to_edition").defer("data").filter(pk=map_id).first()
    if row is None or row.version == align.VERSION:
        return
    EditionMap.objects.filter(pk=map_id).update(attempts=F("attempts") + 1)
    try:
        old, new = text_of(row.from_edition), text_of(row.to_edition)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, etree.XMLSyntaxError):
        logger.exception("reading.map_failed", map=map_id)
        return
    made = align.align(old.blocks, new.blocks)
    data = made.to_bytes()
    EditionMap.objects.filter(pk=map_id).update(data=data, version=made.version, attempts=0)
    logger.info("reading.map_made", map=map_id, bytes=len(data))


def retry_stuck() -> None:
    """Enqueue maps again whose message was lost, and those of another version of the aligner."""
    at = clock.database_now()
    rows = EditionMap.objects.exclude(version=align.VERSION).filter(attempts__lt=MAX_ATTEMPTS)
    waiting = rows.filter(Q(version=0, asked_at__lte=at - _HEAD_START) | Q(version__gt=0))
    for pk in waiting.order_by("?").values_list("pk", flat=True)[:_BATCH]:
        jobs.enqueue(_TASK, map_id=pk)


def ask_missing() -> None:
    """Ask for the maps that no request asked for: from older editions in use to the one on sale."""
    newest = Edition.objects.on_sale().filter(work=OuterRef("work")).values("pk")[:1]
    older = _in_use(Edition.objects.filter(state__in=[EditionState.SUPERSEDED, EditionState.WITHDRAWN]))
    older = older.annotate(newest=Subquery(newest)).filter(newest__isnull=False)
    there = EditionMap.objects.filter(from_edition=OuterRef("pk"), to_edition=OuterRef("newest"))
    for pk, newest_pk in older.exclude(Exists(there)).values_list("pk", "newest")[:_BATCH]:
        ask([pk], newest_pk, at=clock.now())


def _in_use(editions: QuerySet[Edition]) -> QuerySet[Edition]:
    """Select the editions that somebody has a place or a note in, or reported a typo of."""
    tables = (Note, LastPlace, FurthestPlace, TypoReport)
    used = [Exists(table._default_manager.filter(edition=OuterRef("pk"))) for table in tables]
    return editions.filter(used[0] | used[1] | used[2] | used[3])

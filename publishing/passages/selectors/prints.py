"""Prints of texts, the texts themselves, and editions that have no prints yet.

The table of prints is large, so it is asked for lists of hashes by its primary key, and joined with nothing: SQLite
walks the whole table for a join, in a second at 10,000 books instead of in milliseconds.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import F, QuerySet

from common import storage
from conversion import job_texts
from conversion.engine.api import passages
from conversion.models import JobState
from publishing.models import Edition, EditionState
from publishing.passages.models import PassagePrint, PrintedText

MAX_ATTEMPTS = 3
_CHUNK = 400


def chunks(hashes: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield the hashes in lists that every database takes."""
    return (hashes[at : at + _CHUNK] for at in range(0, len(hashes), _CHUNK))


def dates_in_work(text: PrintedText) -> dict[int, datetime]:
    """Return since when the work of a text has had its prints, those of all its current texts."""
    if text.edition is None:
        return {}
    siblings = PrintedText.objects.filter(edition__work=text.edition.work_id).values_list("pk", flat=True)
    found: dict[int, datetime] = {}
    for one, since in PassagePrint.objects.filter(text__in=list(siblings)).values_list("hash", "since"):
        found[one] = min(since, found.get(one, since))
    return found


def editions_to_print() -> QuerySet[Edition]:
    """Select editions whose text was not compared with the others yet, but for those where that failed too often."""
    of_its_job = PrintedText.objects.filter(edition__job=F("job"))
    done = of_its_job.filter(version=passages.VERSION) | of_its_job.filter(attempts__gte=MAX_ATTEMPTS)
    texts = Edition.objects.exclude(state=EditionState.SUPERSEDED).filter(job__state=JobState.DONE)
    return texts.exclude(pk__in=done.values("edition")).order_by("pk")


def body_of(text: PrintedText) -> passages.Body | None:
    """Return the body of a text; None while it has none. Raises FileNotFoundError if its file is gone."""
    if text.edition is not None:
        return job_texts.body_of(text.edition.job)
    with storage.private().open(text.file) as file:
        return passages.body_of_text(zlib.decompress(file.read()).decode(), text.title)

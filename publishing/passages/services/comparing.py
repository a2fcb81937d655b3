"""Compares the text of an edition with all others, in a worker: prints first, then the exact step.

Prints are committed before others' are looked for, so of two copies that are uploaded at once at least the second
comparison finds the first. What is found replaces what was found before, so a second run changes nothing.
"""

from __future__ import annotations

import zipfile
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from lxml import etree

from common import clock, jobs
from conversion.engine.api import passages
from conversion.models import JobState
from publishing.models import Edition, EditionState
from publishing.passages.models import Match, Passage, PrintedText
from publishing.passages.selectors import prints
from publishing.passages.selectors.holders import holders_of, may_anybody_publish
from publishing.passages.selectors.listing import listed
from publishing.passages.services import texts

logger = structlog.stdlib.get_logger(__name__)

_TASK = "passages.compare"
_HEAD_START = timedelta(minutes=2)  # for the message that was sent when the files were ready
_BATCH = 100
_UNREADABLE = (OSError, KeyError, ValueError, zipfile.BadZipFile, etree.XMLSyntaxError)


def ask_after(job_id: int) -> None:
    """Have the text of an edition compared whose files were made."""
    for edition_id in Edition.objects.filter(job=job_id).values_list("pk", flat=True):
        jobs.enqueue(_TASK, edition_id=edition_id)


def enqueue_stuck() -> None:
    """Enqueue texts whose message was lost, and those with prints of an older version."""
    before = clock.database_now() - _HEAD_START
    for pk in prints.editions_to_print().filter(job__finished_at__lte=before).values_list("pk", flat=True)[:_BATCH]:
        jobs.enqueue(_TASK, edition_id=pk)


def compare_edition(*, edition_id: int, at: datetime) -> bool:
    """Record the prints of an edition's text and find what it shares with others. Safe to run twice.

    Return whether that was done: not while the files are being made, nor for a text that cannot be read.
    """
    edition = Edition.objects.select_related("work__owner", "job").filter(pk=edition_id).first()
    if edition is None or edition.state == EditionState.SUPERSEDED or edition.job.state != JobState.DONE:
        return False
    text = texts.begin(edition, at)
    body = _body(text)
    if body is None:
        return False
    texts.record_prints(text, body)
    _compare_with_all(text, body, at)
    texts.end(text)
    if edition.state == EditionState.PUBLISHED:
        texts.drop_superseded(edition)
    return True


def _body(text: PrintedText) -> passages.Body | None:
    try:
        return prints.body_of(text)
    except _UNREADABLE:
        logger.exception("passages.unreadable", text=text.pk)
        return None


def _compare_with_all(text: PrintedText, body: passages.Body, at: datetime) -> None:
    holders = holders_of(text, at)
    free = {one.pk: read for one in holders.free if (read := _body(one)) is not None}
    kept = []
    for other in holders.to_compare:
        is_later = holders.had_first(other, text)
        earlier = other if is_later else text
        other_body = None if may_anybody_publish(earlier) else _body(other)
        if other_body is None:
            continue
        later_body, earlier_body = (body, other_body) if is_later else (other_body, body)
        takes_away = [free[one.pk].words for one in holders.free_for(earlier) if one.pk in free]
        found = passages.compare(
            later_body.words,
            earlier_body.words,
            free=passages.windows_within(later_body.words, takes_away),
            common=holders.common,
        )
        if found.words:
            passages_found = listed(found, later_body, earlier_body)
            kept.append(_store(text if is_later else other, earlier, found, passages_found, at))
    _drop_others(text, kept)


@transaction.atomic
def _store(
    later: PrintedText, earlier: PrintedText, found: passages.Comparison, longest: tuple[Passage, ...], at: datetime
) -> int:
    """Store what two texts share; an answer about the same two works stays. Return the row's key."""
    values = {
        "words": found.words,
        "other_words": found.there_words,
        "passages": longest,
        "unlisted": len(found.pieces) - len(longest),
    }
    match, is_new = Match.objects.update_or_create(
        text=later, other=earlier, defaults=values, create_defaults={**values, "found_at": at}
    )
    if is_new and later.edition is not None and earlier.edition is not None:
        _take_answer(match, later.edition, earlier.edition)
    return match.pk


def _take_answer(match: Match, later: Edition, earlier: Edition) -> None:
    """Take over the newest answer that was given about other editions of the two works."""
    rows = Match.objects.filter(text__edition__work=later.work_id, other__edition__work=earlier.work_id)
    before = rows.exclude(pk=match.pk).exclude(answer="").order_by("-answered_at").first()
    if before is None:
        return
    for name in ("answer", "explanation", "answered_words", "answered_by_id", "answered_at"):
        setattr(match, name, getattr(before, name))
    match.save(update_fields=["answer", "explanation", "answered_words", "answered_by", "answered_at"])


def _drop_others(text: PrintedText, kept: list[int]) -> None:
    """Delete matches of the text that were not found again."""
    Match.objects.filter(text=text).exclude(pk__in=kept).delete()
    Match.objects.filter(other=text).exclude(pk__in=kept).delete()

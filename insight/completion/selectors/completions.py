"""How far the readers of a work got, as its makers see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from insight.completion.models import Completion
from publishing.models import Work

_WIDTH = 100


@dataclass(frozen=True, slots=True)
class ChapterReached:
    """How many readers reached a chapter, and stopped in it; 0 is fewer than five. `width` is out of 100."""

    title: str
    reached: int
    stopped: int
    width: int


@dataclass(frozen=True, slots=True)
class WorkCompletion:
    """The figures of a week, rounded to five; 0 is fewer than five."""

    counted_at: datetime
    readers: int
    finished: int
    reading: int
    finished_share: int  # in percent
    chapters: list[ChapterReached]


def of_work(work: Work) -> WorkCompletion | None:
    """Return how far the readers of a work got; None as long as fewer than five are counted."""
    row = Completion.objects.filter(work=work).first()
    if row is None:
        return None
    chapters = [
        ChapterReached(one.title, one.reached, one.stopped, min(_WIDTH * one.reached // row.readers, _WIDTH))
        for one in row.chapters
    ]
    share = min(_WIDTH * row.finished // row.readers, _WIDTH)
    return WorkCompletion(row.counted_at, row.readers, row.finished, row.reading, share, chapters)

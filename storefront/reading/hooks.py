"""Hooks by which apps above say what the end of a book offers: a review, and whether the reader may be counted."""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import User
from publishing.models import Work

type Question = Callable[[User, Work], bool]
type Note = Callable[[User], None]

_may_open_review: list[Question] = []
_asks_to_count: list[tuple[Question, Note]] = []


def register_review_check(may_open_review: Question) -> None:
    """Register `may_open_review(reader, work)`, called where a reader reaches the end of a book."""
    _may_open_review.append(may_open_review)


def may_open_review(reader: User, work: Work) -> bool:
    return any(ask(reader, work) for ask in _may_open_review)


def register_end_question(is_to_be_asked: Question, note_asked: Note) -> None:
    """Register whether the end of the book asks `is_to_be_asked(reader, work)` to be counted, and what a page without
    scripts calls once it asks: `note_asked(reader)`."""
    _asks_to_count.append((is_to_be_asked, note_asked))


def asks_to_count(reader: User, work: Work) -> bool:
    return any(ask(reader, work) for ask, _note in _asks_to_count)


def note_asked(reader: User) -> None:
    for _ask, note in _asks_to_count:
        note(reader)

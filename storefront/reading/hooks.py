"""A hook by which the community app, which depends on this one, says whether the end of a book offers a review."""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import User
from publishing.models import Work

type Question = Callable[[User, Work], bool]

_may_open_review: list[Question] = []


def register_review_check(may_open_review: Question) -> None:
    """Register `may_open_review(reader, work)`, called where a reader reaches the end of a book."""
    _may_open_review.append(may_open_review)


def may_open_review(reader: User, work: Work) -> bool:
    return any(ask(reader, work) for ask in _may_open_review)

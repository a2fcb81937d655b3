"""An upwards question: the app that holds reviews says whether the end of a book leads to one."""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import User
from publishing.models import Work

type Question = Callable[[User, Work], bool]

_may_open_review: list[Question] = []


def when_book_ends(may_open_review: Question) -> None:
    """Ask `may_open_review(reader, work)` where a reader comes to the end of a book."""
    _may_open_review.append(may_open_review)


def leads_to_review(reader: User, work: Work) -> bool:
    return any(ask(reader, work) for ask in _may_open_review)

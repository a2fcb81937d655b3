"""Account deletion and the copy of one's data: the searches of the four weeks in which they can be found by account."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from accounts.hooks import Document
from accounts.models import Deletion, User
from common import clock
from insight.searches import searchers
from insight.searches.models import SearchEvent

_COLUMNS = ("day", "service", "words", "subject", "language", "results", "is_opened")


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete the person's searches. Sheets stay: they tell of nobody, and a second one would. Safe to repeat."""
    SearchEvent.objects.filter(searcher__in=searchers.hashes_of_account(deletion.user.pk, at=at)).delete()


def documents(user: User) -> Iterator[Document]:
    """Yield the person's searches as a file for the copy of their data."""
    mine = SearchEvent.objects.filter(searcher__in=searchers.hashes_of_account(user.pk, at=clock.now()))
    rows = list(mine.order_by("pk").values(*_COLUMNS))
    if rows:
        text = json.dumps({"search_event": rows}, default=str, ensure_ascii=False, indent=2)
        yield Document("searches.json", text.encode())

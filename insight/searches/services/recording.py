"""Recording searches, and that a book was looked at after one."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import BadRequest
from django.http import QueryDict

from insight.events import bots
from insight.events.hooks import Seen
from insight.searches import asked, searchers, weeks
from insight.searches.asked import Asked
from insight.searches.models import SearchEvent

# How long after a search a book that is looked at counts as found by it.
VISIT = timedelta(minutes=30)
_MAX_ADDRESS = 1000
_MAX_RESULTS = 1_000_000


def record_search(seen: Seen) -> None:
    """Record a search or a narrowed list of books. Machines and staff are not recorded. Raises BadRequest."""
    _record(seen, asked.books(_query(seen)))


def record_service_search(seen: Seen) -> None:
    """Record a search for people to hire. Machines and staff are not recorded. Raises BadRequest."""
    _record(seen, asked.services(_query(seen)))


def note_opened(seen: Seen) -> None:
    """Note that somebody looked at a book: their searches for books of the last half hour have found one."""
    if bots.is_by_machine(seen.request):
        return
    searcher = searchers.searcher_of(seen)
    if searcher is not None:
        mine = SearchEvent.objects.filter(searcher=searcher, open_until__gte=seen.at, service="")
        mine.update(is_opened=True, open_until=None)


def _query(seen: Seen) -> QueryDict:
    return QueryDict(seen.request.POST.get("asked", "")[:_MAX_ADDRESS].removeprefix("?"))


def _record(seen: Seen, what: Asked | None) -> None:
    results = seen.request.POST.get("results", "")
    if not (results.isascii() and results.isdecimal() and len(results) < len(str(_MAX_RESULTS))):
        raise BadRequest("results")
    is_staff = seen.actor is not None and seen.actor.is_staff_member
    if what is None or is_staff or bots.is_by_machine(seen.request):
        return
    searcher = searchers.searcher_of(seen)
    SearchEvent.objects.create(
        day=weeks.today(seen.at),
        service=what.service,
        words=what.words,
        subject=what.subject,
        language=what.language,
        results=int(results),
        searcher=searcher,
        open_until=None if what.service or searcher is None else seen.at + VISIT,
    )

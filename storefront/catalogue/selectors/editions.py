"""The edition of a work that its readers read."""

from __future__ import annotations

from collections.abc import Callable, Collection

from publishing.models import Edition, EditionState, Work

type AdvanceFinder = Callable[[Collection[int]], dict[int, Edition]]

_advance_finders: list[AdvanceFinder] = []


def find_advance_editions(finder: AdvanceFinder) -> None:
    """Ask `finder(works)` for the drafts that authors give to readers before a work is on sale, by work (primary
    keys). Each comes with the job whose files were given, whatever the draft's own job is by now: never save it.
    """
    _advance_finders.append(finder)


def advance_editions(works: Collection[int]) -> dict[int, Edition]:
    """Return the drafts that are given to readers, by work (primary keys)."""
    return {work_id: edition for find in _advance_finders for work_id, edition in find(works).items()} if works else {}


def newest_released(work: Work) -> Edition | None:
    """Return the newest edition ever on sale, which buyers of earlier ones read too, even after it was withdrawn; that
    of a personal work."""
    released = Edition.with_personal.filter(work=work).exclude(state=EditionState.DRAFT)
    return released.newest_first().first()


def edition_to_read(work: Work) -> Edition | None:
    """Return what readers of the work read: `newest_released`; before there is one, the draft that its author gives
    in advance."""
    return newest_released(work) or advance_editions([work.pk]).get(work.pk)


def editions_to_read(works: list[int]) -> dict[int, Edition]:
    """Return the newest edition ever on sale, by work, with its job but what that reported; for works that never were,
    the draft that their author gives in advance."""
    rows = Edition.with_personal.filter(work__in=works).exclude(state=EditionState.DRAFT).oldest_first()
    rows = rows.select_related("job").defer("job__progress", "job__result")
    found = {edition.work_id: edition for edition in rows}
    return advance_editions([one for one in works if one not in found]) | found


def published_editions(work: Work) -> list[Edition]:
    """Return the editions that were ever on sale, with their jobs, the newest first."""
    rows = work.editions.exclude(state=EditionState.DRAFT).exclude(published_at=None)
    return list(rows.select_related("job").newest_first())

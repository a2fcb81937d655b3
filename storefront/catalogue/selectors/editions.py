"""The edition of a work that its buyers read."""

from __future__ import annotations

from publishing.models import Edition, EditionState, Work


def edition_to_read(work: Work) -> Edition | None:
    """Return the newest edition ever on sale, which buyers of earlier ones read too, even after it was withdrawn."""
    return work.editions.exclude(state=EditionState.DRAFT).newest_first().first()


def editions_to_read(works: list[int]) -> dict[int, Edition]:
    """Return the newest edition ever on sale, by work, with its job but what that reported."""
    rows = Edition.objects.filter(work__in=works).exclude(state=EditionState.DRAFT).oldest_first()
    rows = rows.select_related("job").defer("job__progress", "job__result")
    return {edition.work_id: edition for edition in rows}


def published_editions(work: Work) -> list[Edition]:
    """Return the editions that were ever on sale, with their jobs, the newest first."""
    rows = work.editions.exclude(state=EditionState.DRAFT).exclude(published_at=None)
    return list(rows.select_related("job").newest_first())

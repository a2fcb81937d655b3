"""The edition of a work that its buyers read."""

from __future__ import annotations

from publishing.models import Edition, EditionState, Work


def edition_to_read(work: Work) -> Edition | None:
    """Return the newest edition ever on sale, which buyers of earlier ones read too, even after it was withdrawn."""
    return work.editions.exclude(state=EditionState.DRAFT).order_by("-number").first()


def editions_to_read(works: list[int]) -> dict[int, Edition]:
    """Return the newest edition ever on sale, by work."""
    rows = Edition.objects.filter(work__in=works).exclude(state=EditionState.DRAFT).order_by("number")
    return {edition.work_id: edition for edition in rows}

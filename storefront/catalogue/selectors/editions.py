"""Which edition of a work is read."""

from __future__ import annotations

from publishing.models import Edition, EditionState, Work


def edition_to_read(work: Work) -> Edition | None:
    """The newest edition that was ever on sale: whoever bought an earlier one reads it too, also after withdrawal."""
    return work.editions.exclude(state=EditionState.DRAFT).order_by("-number").first()


def editions_to_read(works: list[int]) -> dict[int, Edition]:
    """By work: the newest edition ever on sale."""
    rows = Edition.objects.filter(work__in=works).exclude(state=EditionState.DRAFT).order_by("number")
    return {edition.work_id: edition for edition in rows}

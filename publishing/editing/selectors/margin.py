"""What is suggested in a chapter, each with its place in the chapter as somebody sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from conversion.engine.api import editing
from conversion.options import Patch
from publishing.editing.models import Fit, WorkText
from publishing.editing.selectors import lists
from publishing.editing.selectors.bases import engine_base
from publishing.editing.selectors.chapters import block_ids
from publishing.editing.selectors.lists import ShownCorrection
from publishing.editing.selectors.texts import Placed, current_base, patch_in, patches_of

_MAX_SHOWN = 100  # the list of suggestions has them all


@dataclass(frozen=True, slots=True)
class MarginRow:
    """A suggestion, the block that it is about, and its characters there; none where it is about the whole block."""

    shown: ShownCorrection
    block: str
    start: int = 0
    end: int = 0


def suggestions_in(text: WorkText, document: dict[str, Any], placed: Sequence[Placed]) -> list[MarginRow]:
    """Return suggestions that fit a chapter, in the text's order. `placed` is what the document shows."""
    base = current_base(text)
    waiting = list(lists.corrections_of(text, "suggested"))
    fits = {fit.correction_id: fit for fit in Fit.objects.filter(base=base, correction__in=[c.pk for c in waiting])}
    blocks = block_ids(document)
    found = []
    for correction in waiting:
        patch = patch_in(correction, base, fits.get(correction.pk))
        if patch is not None and f"b{patch.anchor.block}" in blocks:
            found.append((patch, correction))
    found.sort(key=lambda one: (one[0].anchor.block, one[0].anchor.start))
    del found[_MAX_SHOWN:]
    if not found:
        return []
    places = editing.places_of(engine_base(base), patches_of(placed))
    shown = lists.shown(text, [correction for _, correction in found])
    return [_row(patch, row, places, blocks) for (patch, _), row in zip(found, shown, strict=True)]


def _row(patch: Patch, shown: ShownCorrection, places: editing.Places, blocks: set[str]) -> MarginRow:
    place = places.shown(patch.anchor) if patch.anchor.end > patch.anchor.start else None
    if place is None or place.block not in blocks:
        return MarginRow(shown, f"b{patch.anchor.block}")
    return MarginRow(shown, *place)

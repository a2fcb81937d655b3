"""What others suggest in a chapter, each with the block that it is about."""

from __future__ import annotations

from typing import Any

from publishing.editing.models import Fit, WorkText
from publishing.editing.selectors import lists
from publishing.editing.selectors.chapters import block_ids
from publishing.editing.selectors.lists import ShownCorrection
from publishing.editing.selectors.texts import current_base, patch_in

_MAX_SHOWN = 100  # the list of suggestions has them all


def suggestions_in(text: WorkText, document: dict[str, Any]) -> list[tuple[str, ShownCorrection]]:
    """Return suggestions that fit a chapter as it stands now, with the ids of their blocks, in the text's order."""
    base = current_base(text)
    waiting = list(lists.corrections_of(text, "suggested"))
    fits = {fit.correction_id: fit for fit in Fit.objects.filter(base=base, correction__in=[c.pk for c in waiting])}
    blocks = block_ids(document)
    found = []
    for correction in waiting:
        patch = patch_in(correction, base, fits.get(correction.pk))
        if patch is not None and f"b{patch.anchor.block}" in blocks:
            found.append((patch.anchor, correction))
    found.sort(key=lambda one: (one[0].block, one[0].start))
    shown = lists.shown(text, [correction for _, correction in found[:_MAX_SHOWN]])
    return [(f"b{anchor.block}", row) for (anchor, _), row in zip(found, shown, strict=False)]

"""What became of a block that a correction put in: it has another id whenever its words were corrected, or the
manuscript was read anew."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from conversion.engine.api import patches
from publishing.editing import selectors as editing_selectors
from publishing.editing.models import Correction, Fit, WorkText

_DIGITS = 12  # of a correction's identity, in the ids of its blocks
_PUT_IN = re.compile(rf"p([0-9a-f]{{{_DIGITS}}})\.\d+")


class Successors:
    """The corrections of one text that put in blocks, and those that replaced them."""

    def __init__(self, text: WorkText) -> None:
        self._text = text
        self._rows = Correction.objects.filter(work=text.work_id, op__in=[patches.Op.INSERT, patches.Op.SPLIT])

    def blocks(self, block: str, among: Iterable[str]) -> list[str]:
        """Return the ids among these of the blocks that the block's correction puts in now; of one that no correction
        put in, its own."""
        found = _PUT_IN.fullmatch(block)
        if found is None:
            return [block]
        key = self._known.get(found[1])
        while key is not None and key not in self._now:
            key = self._later.get(key)
        return [one for one in among if key is not None and one.startswith(f"p{self._now[key]}.")]

    @cached_property
    def _known(self) -> dict[str, int]:
        """The corrections by how their ids ever began: as they were made, and as they counted in any base."""
        placed = Fit.objects.filter(correction__in=self._rows).exclude(placed="").values_list("placed", "correction_id")
        made = self._rows.values_list("identity", "pk")
        return {identity[:_DIGITS]: key for identity, key in (*placed, *made)}

    @cached_property
    def _later(self) -> dict[int, int]:
        return {
            before: key
            for before, key in self._rows.order_by("pk").values_list("revises_id", "pk")
            if before is not None and before != key
        }

    @cached_property
    def _now(self) -> dict[int, str]:
        return {one.correction.pk: one.patch.identity[:_DIGITS] for one in editing_selectors.placed_now(self._text)}

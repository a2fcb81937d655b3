"""What a setting engine hands to the joiner: a piece of the book, set for one target."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from .page_batch import Defect, PageBatch, about_of

__all__ = ["Defect", "Part"]


@dataclass(frozen=True, slots=True)
class Part:
    """A part that was set. `path` is the file of its pages (`page_batch.py`). `anchors` maps ids to (page from 0, x, y)
    in points from the bottom left. `undrawn` are formulas that are printed as their source. `is_fallback` where the
    engine that should have set it failed and the other one did; `plain_because` says why only its words are set, where
    both failed."""

    path: str
    pages: int
    anchors: dict[str, tuple[int, float, float]] = field(default_factory=dict)
    defects: tuple[Defect, ...] = ()
    undrawn: tuple[str, ...] = ()
    is_fallback: bool = False
    plain_because: str = ""

    @classmethod
    def written(cls, batch: PageBatch, path: Path) -> Part:
        """Write a batch to a file."""
        batch.write(path)
        return cls(str(path), len(batch.leaves), batch.anchors, batch.defects, batch.undrawn)

    @classmethod
    def known(cls, path: Path) -> Part | None:
        """A part that was written before; None when the file holds none."""
        try:
            with path.open("rb") as file:
                pages, anchors, defects, undrawn = about_of(file.readline())
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return cls(str(path), pages, anchors, defects, undrawn)

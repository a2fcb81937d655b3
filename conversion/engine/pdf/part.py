"""What a setting engine hands to the joiner: a piece of the book, set for one target."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..book import PageArea


@dataclass(frozen=True, slots=True)
class Defect:
    """What the engine itself found wanting on a page: "overfull", "loose", "ladder" or "widow". The page of `area`
    counts from 1 in the part."""

    kind: str
    area: PageArea
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part that was set. `path` is the file of its sheaf (`sheaf.py`). `anchors` maps ids to (page from 0, x, y) in
    points from the bottom left."""

    path: str
    pages: int
    anchors: dict[str, tuple[int, float, float]] = field(default_factory=dict)
    defects: tuple[Defect, ...] = ()

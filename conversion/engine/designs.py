"""Interior designs, as data: the faces a book is set in and how its chapters open.

Nothing here is computed. The PDF writers read these values, whichever engine sets the page; a design is added by
adding an entry. Sizes of pages and of running text belong to the target (`targets.py`), not to the design.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Opening(StrEnum):
    """How the first paragraph of a chapter of the body begins."""

    PLAIN = "plain"
    DROP_CAP = "drop-cap"  # an initial over `drop_lines` lines
    CAPITALS = "capitals"  # the first words in small, spaced capitals


class Case(StrEnum):
    AS_IS = "as-is"
    CAPITALS = "capitals"


class Position(StrEnum):
    CENTER = "center"
    START = "start"


@dataclass(frozen=True, slots=True)
class Design:
    """One interior. `text`, `heading` and `mono` are families of `fonts.FACES`.

    `heading_size` multiplies the size of running text, for the title of a chapter; `heading_spacing_em` is added
    between its letters. `indent_em` is a paragraph's first-line indent, `gap_lines` the space between paragraphs
    (0 with an indent). `scene_break` is what stands between scenes: an ornament, or "" for an empty line. With
    `has_rule` a hairline is drawn under the title of a chapter.
    """

    name: str
    text: str
    heading: str
    mono: str = "Source Code Pro"
    heading_weight: int = 400
    heading_is_italic: bool = False
    heading_size: float = 1.6
    heading_case: Case = Case.AS_IS
    heading_spacing_em: float = 0.0
    heading_position: Position = Position.CENTER
    has_rule: bool = False
    opening: Opening = Opening.PLAIN
    drop_lines: int = 3
    indent_em: float = 1.2
    gap_lines: float = 0.0
    scene_break: str = "* * *"


_ALL = (Design("classic", text="Literata", heading="Literata"),)

DESIGNS: dict[str, Design] = {design.name: design for design in _ALL}

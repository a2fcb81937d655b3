"""Interior designs, as data: the fonts of a book and everything about its prose that is a matter of taste.

Nothing here decides anything. Every engine that lays out pages reads these values and nothing else: the style sheets
(`pdf/style.py`, `epub/style.py`) are written from them, and an engine without style sheets reads them itself. So
whatever is visible in prose is a field of `Design` or of `Target`. To add a design, add an entry.

Units: "em" is the size of running text in this design and target: `design.size_pt(target)`. A "line" is the distance
between two baselines of running text: `design.line_pt(target)`; all heights are lines, so that facing pages and columns
keep their baselines. Sizes of headings, running heads and page numbers multiply the size of running text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ..targets import Target


class Opening(StrEnum):
    """How the first paragraph of a body chapter begins."""

    PLAIN = "plain"
    DROP_CAP = "drop-cap"  # an initial over `drop_lines` lines, then `opening_words` in capitals
    CAPITALS = "capitals"  # the first `opening_words` in small, spaced capitals


class Case(StrEnum):
    AS_IS = "as-is"
    CAPITALS = "capitals"


class Position(StrEnum):
    CENTER = "center"
    START = "start"
    OUTER = "outer"  # away from the spine; at the end of the line on pages that do not face each other


@dataclass(frozen=True, slots=True)
class Subhead:
    """A heading inside a chapter. Space above and below are in lines, like `line`, the distance between its own
    baselines; text below a heading begins without indent."""

    size: float = 1.0
    line: float = 1.0
    weight: int = 400
    is_italic: bool = False
    case: Case = Case.AS_IS
    spacing_em: float = 0.0
    above_lines: float = 1.0
    below_lines: float = 0.0


@dataclass(frozen=True, slots=True)
class Design:
    """One interior. `text`, `heading` and `mono` are names of `fonts.FAMILIES`.

    Running text: `text_size` multiplies the target's size and evens out how large faces look (a face with small
    letters is set larger); `leading` multiplies the target's distance of baselines. `indent_em` is a paragraph's
    first-line indent, left out after headings, scene breaks and other interruptions; `gap_lines` the space between
    paragraphs (0 with an indent). Bold is 700 in every design.

    The title of a chapter stands `sink` times the target's sink below the top, in `heading` at `heading_size`, its
    baselines `heading_line` lines apart, `heading_spacing_em` (of its own size) added between its letters, and
    `heading_below_lines` before the text. With `has_rule` a hairline of `rule_em` width and `rule_pt` thickness stands
    in the middle of that space (a width of 0 is the whole measure); with `heading_ornament`, a drawing of `ornaments`.
    `subheads` are the headings below it, from the second level on; the last stands for all that follow. Another
    heading of the first level inside a chapter looks like one of the second.

    `opening` is how a chapter's first paragraph begins. An initial is in `initial`, a family, at `initial_weight`.
    Small capitals, there and everywhere, are capitals at `capitals_size` with `capitals_spacing_em` between them, since
    the packaged faces have none drawn.

    `scene_break` is what stands between scenes, in characters every packaged face has, or "" for an empty line;
    where `scene_ornament` names a drawing, PDFs show that in its place. `scene_lines` is the space above and below.

    Quotations are indented on both sides by `quote_em`, and verse at the start by `verse_em`; quotations are, like
    epigraphs, at `quote_size` of the text. Running heads are at `head_size`, folios at `folio_size`.
    """

    name: str
    text: str
    heading: str
    mono: str = "Source Code Pro"
    mono_size: float = 0.86  # of the text beside it
    # Running text
    text_size: float = 1.0
    leading: float = 1.0
    indent_em: float = 1.3
    gap_lines: float = 0.0
    # Titles
    heading_weight: int = 400
    heading_is_italic: bool = False
    heading_size: float = 1.6
    heading_line: float = 1.5
    heading_case: Case = Case.AS_IS
    heading_spacing_em: float = 0.0
    heading_position: Position = Position.CENTER  # CENTER or START
    heading_below_lines: float = 2.5
    heading_ornament: str = ""
    sink: float = 1.0
    has_rule: bool = False
    rule_em: float = 3.0
    rule_pt: float = 0.5
    subheads: tuple[Subhead, ...] = (
        Subhead(1.16, above_lines=1.5, below_lines=0.5),
        Subhead(1.0, is_italic=True),
        Subhead(0.86, case=Case.CAPITALS, spacing_em=0.06),
    )
    # Openings and capitals
    opening: Opening = Opening.PLAIN
    opening_words: int = 0
    drop_lines: int = 3
    initial: str = ""  # "" means the text's family
    initial_weight: int = 400
    capitals_size: float = 0.84
    capitals_spacing_em: float = 0.06
    # Scene breaks, quotations and verse
    scene_break: str = "* * *"
    scene_ornament: str = ""
    scene_lines: float = 1.0
    quote_em: float = 1.6
    quote_size: float = 0.95
    quote_is_italic: bool = False
    verse_em: float = 1.6
    # Running heads and page numbers
    head_size: float = 0.8
    head_is_italic: bool = False
    head_case: Case = Case.AS_IS
    head_spacing_em: float = 0.0
    head_position: Position = Position.CENTER
    head_is_heading: bool = False  # in `heading` rather than in `text`
    folio_size: float = 0.86
    folio_position: Position = Position.CENTER

    def size_pt(self, target: Target) -> float:
        """Return the size of running text."""
        return target.size_pt * self.text_size

    def line_pt(self, target: Target) -> float:
        """Return the distance between two baselines of running text."""
        return target.size_pt * target.leading * self.leading

    def subhead(self, level: int) -> Subhead:
        """Return the style of a heading of level 2 to 6."""
        return self.subheads[min(max(level - 2, 0), len(self.subheads) - 1)]


_CLASSIC = Design(
    "classic",
    text="Literata",
    heading="Literata",
    heading_size=1.5,
    opening=Opening.DROP_CAP,
    opening_words=3,
    head_is_italic=True,
    head_size=0.82,
)

_MODERN = Design(
    "modern",
    text="Source Serif 4",
    heading="Source Sans 3",
    text_size=1.04,
    heading_weight=600,
    heading_size=1.7,
    heading_position=Position.START,
    has_rule=True,
    rule_em=2.6,
    rule_pt=1.2,
    subheads=(
        Subhead(1.15, weight=600, above_lines=1.5, below_lines=0.5),
        Subhead(1.0, weight=600, above_lines=1.0),
        Subhead(0.94, weight=400, above_lines=1.0),
    ),
    opening=Opening.PLAIN,
    indent_em=1.4,
    scene_break="•",
    scene_ornament="dot",
    quote_em=1.4,
    head_size=0.72,
    head_case=Case.CAPITALS,
    head_spacing_em=0.1,
    head_is_heading=True,
    head_position=Position.OUTER,
    folio_position=Position.OUTER,
)

_ROMANCE = Design(
    "romance",
    text="EB Garamond",
    heading="Cormorant Garamond",
    mono_size=0.78,
    text_size=1.13,
    leading=1.0,
    indent_em=1.2,
    heading_weight=500,
    heading_is_italic=True,
    heading_size=2.3,
    heading_line=2.0,
    heading_below_lines=3.0,
    heading_ornament="vine",
    subheads=(
        Subhead(1.45, weight=500, is_italic=True, above_lines=1.5, below_lines=0.5),
        Subhead(1.0, is_italic=True),
        Subhead(0.84, case=Case.CAPITALS, spacing_em=0.08),
    ),
    opening=Opening.DROP_CAP,
    opening_words=3,
    drop_lines=3,
    initial="Cormorant Garamond",
    initial_weight=500,
    capitals_size=0.86,
    capitals_spacing_em=0.07,
    scene_ornament="sprig",
    quote_is_italic=True,
    head_size=0.86,
    head_is_italic=True,
)

_TECHNICAL = Design(
    "technical",
    text="STIX Two Text",
    heading="IBM Plex Sans",
    mono="IBM Plex Mono",
    mono_size=0.82,
    text_size=1.05,
    indent_em=0.0,
    gap_lines=0.5,
    heading_weight=600,
    heading_size=1.75,
    heading_position=Position.START,
    heading_below_lines=1.5,
    sink=0.5,
    has_rule=True,
    rule_em=0.0,
    rule_pt=0.6,
    subheads=(
        Subhead(1.25, weight=600, above_lines=1.5, below_lines=0.5),
        Subhead(1.05, weight=600, above_lines=1.5, below_lines=0.5),
        Subhead(0.95, weight=400, is_italic=True, above_lines=1.0),
    ),
    scene_ornament="rule",
    quote_em=1.2,
    head_size=0.74,
    head_is_heading=True,
    head_position=Position.OUTER,
    folio_position=Position.OUTER,
)

DESIGNS: dict[str, Design] = {design.name: design for design in (_CLASSIC, _MODERN, _ROMANCE, _TECHNICAL)}

"""How a chapter opens: which paragraph, which of its words, and where an initial stands.

Geometry alone, for every engine that sets pages: an initial's top is level with the capitals of the first line, its
foot stands on the baseline of its last line, and its outline, not its box, begins at the edge of the text. Letters
that reach below the baseline (Q, sometimes J) are set smaller, so that they do not touch the line below.
"""

# mypy: disable-error-code="attr-defined"
# fontTools types its tables as their base class.

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

from ..book.model import Anchor, Chapter, Division, Figure, Heading, Inline, PageMark, Paragraph, SmallCaps, Text
from ..targets import Target
from ..typography.designs import Design, Opening
from ..typography.fonts import Face, faces_of

_LEAD = re.compile(r"([\s\"'“”‘’«»‹›„‚¿¡(\[—–-]*)(\w[\u0300-\u036f]*)(.*)", re.DOTALL)
_PASSED = frozenset({"epigraph", "attribution", "caption"})
_TAIL_EM = 0.04  # of an initial's size: what may reach below the baseline unnoticed
_CLEAR_EM = 0.1  # between an initial and the text beside it, in em of the text
_LETTERS_PER_EM = 2.1
_SHORTEST = 0.75  # of all lines but the last: what follows may stand beside the foot of an initial
_MARKS = 0.5  # marks before an initial, as a share of its size


@dataclass(frozen=True, slots=True)
class Metrics:
    """Heights of a face in em of its size; `descent` is positive."""

    ascent: float
    descent: float
    cap_height: float


@dataclass(frozen=True, slots=True)
class Initial:
    """A letter over several lines, in points. `drop_pt` leads from the baseline of the first line down to its own;
    its outline begins `bearing_pt` right of its origin; text keeps `width_pt` clear beside it for `lines` lines.
    Quotation marks before it, in the face of the text, hang outside the measure, level with its top."""

    letter: str
    family: str
    weight: int
    metrics: Metrics
    size_pt: float
    drop_pt: float
    bearing_pt: float
    width_pt: float
    lines: int
    marks_size_pt: float
    marks_width_pt: float
    marks_rise_pt: float


@dataclass(frozen=True, slots=True)
class Lead:
    """A first paragraph taken apart: what stands before its first letter, the letter, the words after it that
    belong to the opening, and everything else."""

    before: list[Inline]
    marks: str
    letter: str
    words: str
    rest: list[Inline]


def opening_paragraph(chapter: Chapter) -> Paragraph | None:
    """Return the paragraph that opens a chapter of the body, None where none does."""
    if chapter.division is not Division.BODY or chapter.role in ("part", "titlepage") or chapter.direction == "rtl":
        return None
    for block in chapter.blocks:
        if isinstance(block, Heading | Figure) or (isinstance(block, Paragraph) and block.role in _PASSED):
            continue
        is_running = isinstance(block, Paragraph) and not block.role and not block.align and block.direction != "rtl"
        return block if is_running and isinstance(block, Paragraph) else None
    return None


def lead_of(paragraph: Paragraph, words: int) -> Lead | None:
    """Take a paragraph apart; None where it begins with something other than plain words."""
    inlines = list(paragraph.inlines)
    start = next((n for n, inline in enumerate(inlines) if not isinstance(inline, Anchor | PageMark)), len(inlines))
    first = inlines[start] if start < len(inlines) else None
    if isinstance(first, SmallCaps) and len(first.children) == 1:
        first = first.children[0]
    found = _LEAD.fullmatch(first.text) if isinstance(first, Text) else None
    if found is None or not found[2][0].isalpha():
        return None
    marks, letter, rest = found.groups()
    counted = re.match(rf"\S*(?:\s+\S+){{0,{_more(rest, words)}}}", rest) if words else None
    lead = counted[0] if counted else ""
    return Lead(inlines[:start], marks.strip(), letter, lead, [Text(rest[len(lead) :]), *inlines[start + 1 :]])


def _more(rest: str, words: int) -> int:
    """How many words follow the first one; a first word of one letter asks for another."""
    return words if not rest or rest[0].isspace() else words - 1


class Initials:
    """The initials of one design. `faces` are the loaded files of `fonts.faces_of`; fonts are opened when asked for."""

    def __init__(self, design: Design, faces: Mapping[Face, bytes]) -> None:
        self._design = design
        self._faces = faces
        self._fonts: dict[Face, TTFont] = {}
        self._known: dict[tuple[str, str, Target], Initial | None] = {}

    def text_metrics(self, target: Target) -> Metrics | None:
        """Return the heights of running text; None where its face is not installed."""
        face = self._with(self._design.text, target.weight, "e")
        return None if face is None else _metrics(self._font(face))

    def of(self, letter: str, target: Target, characters: int, *, marks: str = "") -> Initial | None:
        """Return the initial for a letter, with the marks before it, in a paragraph of so many characters.

        None where the design or the target wants none, the paragraph is too short to stand beside one, or no packaged
        face has the letter.
        """
        design = self._design
        if design.opening is not Opening.DROP_CAP or not target.has_flourishes:
            return None
        line = target.measure_mm * 72 / 25.4 / design.size_pt(target) * _LETTERS_PER_EM
        if characters < line * (design.drop_lines - 1) * _SHORTEST:
            return None
        key = (unicodedata.normalize("NFC", letter).upper(), marks, target)
        if key not in self._known:
            self._known[key] = self._made(*key)
        return self._known[key]

    def _made(self, letter: str, marks: str, target: Target) -> Initial | None:
        design, text = self._design, self.text_metrics(target)
        family = design.initial or design.text
        weight = design.initial_weight if design.initial else target.weight
        face = self._with(family, weight, letter) if len(letter) == 1 else None
        if face is None or text is None:
            return None
        font = self._font(face)
        left, bottom, right, advance = _outline(font, letter)
        metrics = _metrics(font)
        height = (design.drop_lines - 1) * design.line_pt(target) + text.cap_height * design.size_pt(target)
        tail = -bottom if -bottom > _TAIL_EM else 0.0
        size = height / (metrics.cap_height + tail)
        clear = max(advance - right, 0.02) * size + _CLEAR_EM * design.size_pt(target)
        return Initial(
            letter,
            face.family,
            face.weight,
            metrics,
            size_pt=size,
            drop_pt=(design.drop_lines - 1) * design.line_pt(target) - tail * size,
            bearing_pt=left * size,
            width_pt=(right - left) * size + clear,
            lines=design.drop_lines,
            marks_size_pt=size * _MARKS,
            marks_width_pt=self._width(marks, target) * size * _MARKS,
            marks_rise_pt=size * (metrics.cap_height - text.cap_height * _MARKS),
        )

    def _width(self, marks: str, target: Target) -> float:
        """The width of marks in the face of the text, in em."""
        faces = [self._with(self._design.text, target.weight, mark) for mark in marks]
        return sum(
            _outline(self._font(face), mark)[3] if face else 0.5 for face, mark in zip(faces, marks, strict=True)
        )

    def _with(self, family: str, weight: int, letter: str) -> Face | None:
        """The loaded upright face of a family that has a letter."""
        cut = (weight, "normal")
        faces = [face for face in faces_of(self._design, weights=(weight,)) if (face.weight, face.style) == cut]
        named = [face for face in faces if face.family.startswith(family) and face in self._faces]
        return next((face for face in named if ord(letter) in _characters(self._font(face))), None)

    def _font(self, face: Face) -> TTFont:
        if face not in self._fonts:
            self._fonts[face] = TTFont(io.BytesIO(self._faces[face]), lazy=True)
        return self._fonts[face]


def _characters(font: TTFont) -> dict[int, str]:
    return font.getBestCmap() or {}


def _metrics(font: TTFont) -> Metrics:
    em = font["head"].unitsPerEm
    return Metrics(font["hhea"].ascent / em, -font["hhea"].descent / em, font["OS/2"].sCapHeight / em)


def _outline(font: TTFont, letter: str) -> tuple[float, float, float, float]:
    """Return left, bottom, right of a letter's outline, and its advance, in em."""
    em, glyphs = font["head"].unitsPerEm, font.getGlyphSet()
    name = _characters(font)[ord(letter)]
    pen = BoundsPen(glyphs)
    glyphs[name].draw(pen)
    left, bottom, right, _ = pen.bounds or (0, 0, glyphs[name].width, 0)
    return left / em, bottom / em, right / em, glyphs[name].width / em

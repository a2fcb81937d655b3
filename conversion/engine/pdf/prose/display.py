"""The parts that are not in the manuscript: a title page, the contents with page numbers, running heads and figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...targets import Target
from ...typography.designs import Case, Design, Position
from ..initials import Initials
from ..markup import ELSEWHERE
from ..page_batch import PageBatch
from .faces import Faces
from .layout import Layout, Material
from .page_assembly import PageAssembly
from .painted_pages import Draft
from .painting import Canvas
from .shaped_text import Node, Para, Segment, ShapedText, Side, Style
from .words import Lexicon, Look, Mark

_POINTS_PER_MM = 72 / 25.4
_TITLE_SIZE, _TITLE_LEADING = 1.4, 1.2  # of a chapter's title; of its own size
_ENTRY_HANG, _ENTRY_DEPTH, _ENTRY_RIGHT, _ENTRY_SPACE = 1.4, 1.4, 3.1, 0.25
_STAMP_LEADING = 1.4
_TITLE_SINK = 0.2  # of the height of the page
# The lines of a title page below the title: size, whether italic, space above and below in lines, spacing.
_LINES = {
    "subtitle": (1.15, True, 0.0, 1.0, 0.0),
    "author": (1.15, False, 1.0, 0.0, 0.0),
    "another author": (1.15, False, 0.2, 0.0, 0.0),
    "credit": (0.95, False, 1.0, 0.0, 0.0),
    "another credit": (0.95, False, 0.1, 0.0, 0.0),
    "words": (0.95, True, 1.5, 0.0, 0.0),
    "another words": (0.95, True, 0.1, 0.0, 0.0),
    "publisher": (0.9, False, 5.0, 0.0, 0.04),
}
_LINE_LEADING = 1.3


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents. `goal` is the id it leads to; a number of 0 is not printed."""

    depth: int
    title: str
    goal: str
    number: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """Text on a page of its own size, in points."""

    text: str
    width: float
    size: float
    side: Side = Side.CENTER


class Display:
    """Sets the parts that are made by us. Raises Unsettable where a character is in no packaged face."""

    def __init__(self, faces: Faces, lexicon: Lexicon, design: Design, initials: Initials, language: str) -> None:
        self._faces = faces
        self._lexicon = lexicon
        self._design = design
        self._initials = initials
        self._language = language

    def _side(self) -> Side:
        return Side.CENTER if self._design.heading_position is Position.CENTER else Side.START

    def _segment(self, text: str, look: Look, mark: Mark | None = None) -> Segment:
        dictionary = self._lexicon[look]
        words = [dictionary[word] for word in text.split()]
        if mark is not None:
            words = [word.marked(mark) for word in words]
        return Segment(words, [dictionary.space] * (len(words) - 1) + [0.0] * bool(words))

    def title_page(self, target: Target, title: str, lines: Sequence[tuple[str, str]]) -> PageBatch:
        """Set a title page: the title, then lines by their kind (`markup.title.title_lines`)."""
        shaped = ShapedText(lang=self._language)
        shaped.paras.append(self._title(shaped, title))
        kind_before = ""
        for kind, text in lines:
            name = f"another {kind}" if kind == kind_before else kind
            size, is_italic, above, below, spacing = _LINES[name]
            style = Style(
                size, leading_em=size * _LINE_LEADING, side=self._side(), above=above, below=below,
                is_hyphenated=False, is_whole=True,
            )  # fmt: skip
            look = Look(self._design.text, target.weight, is_italic, spacing=spacing)
            shaped.nodes.append(Node("P"))
            shaped.paras.append(Para(style, len(shaped.nodes) - 1, [self._segment(text, look)], self._language))
            kind_before = kind
        return self._laid_out(shaped, target, target.text_height_mm * _POINTS_PER_MM * _TITLE_SINK)

    def _title(self, shaped: ShapedText, title: str) -> Para:
        design = self._design
        size = design.heading_size * _TITLE_SIZE
        style = Style(
            size, leading_em=size * _TITLE_LEADING, side=self._side(), below=design.heading_below_lines,
            is_hyphenated=False, is_kept=True, is_whole=True,
        )  # fmt: skip
        return self._headed(shaped, title, style)

    def _headed(self, shaped: ShapedText, title: str, style: Style) -> Para:
        """A heading of the first level in the look of the design."""
        design = self._design
        look = Look(
            design.heading, design.heading_weight, design.heading_is_italic, spacing=design.heading_spacing_em,
            is_upper=design.heading_case is Case.CAPITALS,
        )  # fmt: skip
        shaped.nodes.append(Node("H1"))
        para = Para(style, len(shaped.nodes) - 1, [self._segment(title, look)], self._language, is_title=True)
        para.rule = (design.rule_em, design.rule_pt) if design.has_rule else None
        para.ornament = design.heading_ornament
        return para

    def contents(self, target: Target, title: str, entries: Sequence[Entry], *, is_spaced: bool) -> PageBatch:
        """Set the contents."""
        design = self._design
        shaped = ShapedText(lang=self._language)
        style = Style(
            design.heading_size, design.heading_line, side=self._side(), below=1.0, is_hyphenated=False, is_kept=True,
            is_whole=True,
        )  # fmt: skip
        shaped.paras.append(self._headed(shaped, title, style))
        for entry in entries:
            shaped.paras.append(self._entry(shaped, entry, target, is_spaced=is_spaced))
        return self._laid_out(shaped, target, target.sink * design.sink * design.line_pt(target))

    def _entry(self, shaped: ShapedText, entry: Entry, target: Target, *, is_spaced: bool) -> Para:
        look = Look(self._design.text, target.weight)
        left = _ENTRY_HANG + (entry.depth - 1) * _ENTRY_DEPTH
        style = Style(
            side=Side.START, left=left, right=_ENTRY_RIGHT, indent=-_ENTRY_HANG,
            above=_ENTRY_SPACE if is_spaced else 0.0, is_hyphenated=False, is_whole=True,
        )  # fmt: skip
        shaped.nodes.append(Node("P"))
        para = Para(style, len(shaped.nodes) - 1, [self._segment(entry.title, look, Mark(link=0))], self._language)
        para.links.append(ELSEWHERE + entry.goal)
        if entry.number:
            para.tail = self._lexicon[replace(look, is_tabular=True)][str(entry.number)]
        return para

    def _laid_out(self, shaped: ShapedText, target: Target, sink: float) -> PageBatch:
        layout = Layout(
            Material(shaped), self._faces, self._lexicon, self._design, target, initials=self._initials, sink=sink
        )
        layout.add(shaped, ())
        return PageAssembly(layout).batch()

    def stamps(self, groups: Sequence[tuple[Sequence[Stamp], Look]]) -> PageBatch:
        """Set texts in their looks, each on a page of its own; one that is too long ends in an ellipsis."""
        draft = Draft(0.0, 0.0)
        glyphs: dict[int, set[int]] = {}
        for stamp, look in ((stamp, look) for stamps, look in groups for stamp in stamps):
            face = self._lexicon[look].base
            height = stamp.size * _STAMP_LEADING
            segment = self._fitting(stamp, look)
            width = (sum(word.width for word in segment.words) + sum(segment.gaps)) * stamp.size
            left = {Side.CENTER: (stamp.width - width) / 2, Side.END: stamp.width - width}.get(stamp.side, 0.0)
            baseline = (height - (face.ascent - face.descent) * stamp.size) / 2
            canvas = Canvas(draft, self._faces, self._lexicon, {}, is_justified=False)
            canvas.sheet.size = (stamp.width, height)
            if segment.words:
                canvas.words(segment.words, segment.gaps, -1, stamp.size, (left, baseline))
            canvas.close()
            for part in (part for word in segment.words for part in word.stretches):
                glyphs.setdefault(part.run.cut, {face.space_glyph}).update(part.run.glyphs)
        return draft.batch(self._faces, glyphs)

    def _fitting(self, stamp: Stamp, look: Look) -> Segment:
        words = stamp.text.split()
        segment = self._segment(stamp.text, look)
        while len(words) > 1 and (sum(w.width for w in segment.words) + sum(segment.gaps)) * stamp.size > stamp.width:
            words.pop()
            segment = self._segment(" ".join(words).rstrip(",;:—–-") + "…", look)
        return segment

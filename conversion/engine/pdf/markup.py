"""Markup for WeasyPrint: notes at the foot, mathematics as pictures, tables and code made to fit a target."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from ..book import math_text
from ..book.model import (
    AnyBlock,
    Asset,
    Cell,
    CodeBlock,
    Figure,
    InlineImage,
    ListBlock,
    Math,
    Note,
    NoteRef,
    Paragraph,
    Ruby,
    SceneBreak,
    SmallCaps,
    Table,
    Text,
)
from ..book.walk import plain
from ..images import mathematics
from ..markup import blocks, mathml
from ..markup.render import Markup
from ..markup.survey import Place, Survey
from ..markup.terms import terms_for
from ..markup.text import attribute, escape, language_tag, one_line
from ..targets import Target
from ..typography.designs import DESIGNS, Design, Opening
from . import fitting
from .initials import Initial, Initials, Lead, lead_of, opening_paragraph
from .style import ORNAMENT

# Links to other chapters lead to this address until the parts are joined and places are known.
ELSEWHERE = "https://elsewhere.invalid/#"
ASSET = "asset:"
FORMULA = "formula:"

_LONG_TEXT = 4_000
_TURN = '<span class="turn"></span>\n'
_PIECES = re.compile(r"(?s).{1,2000}(?:\s+|\Z)|.{1,2000}")
_NUMERALS = frozenset({"decimal", "lower-alpha", "upper-alpha", "lower-roman", "upper-roman"})


class PdfMarkup(Markup):
    """One instance for each piece and target. `formulas` holds the pictures drawn, by number, `undrawn` the sources of
    those that could not be. Without `initials`, whose letters have been measured, chapters open with capitals at
    most."""

    def __init__(
        self,
        survey: Survey,
        target: Target,
        design: Design = DESIGNS["classic"],
        initials: Initials | None = None,
    ) -> None:
        super().__init__(survey)
        self.target = target
        self.design = design
        self._initials = initials
        self._opening: Paragraph | None = None
        self._small_depth = 0
        self._inline[SmallCaps] = self._small_caps
        self.formulas: list[str] = []
        self.undrawn: list[str] = []
        self._at_end: list[str] = []  # notes of the current piece that stand at its end
        self._noted: set[str] = set()
        self._note_depth = 0

    def text(self, node: Text) -> str:
        """Running text. Very long ones come in pieces: where a line cannot be broken early, WeasyPrint lays out all
        that follows in the same box again, for every line."""
        text = _with_known_hyphens(node.text)
        if self._small_depth:
            return _small(text)
        if len(text) <= _LONG_TEXT:
            return escape(text)
        return "".join(f"<span>{escape(piece)}</span>" for piece in _PIECES.findall(text))

    def asset_source(self, asset: Asset) -> str:
        return f"{ASSET}{asset.sha256}"

    def place_address(self, place: Place) -> str:
        name = place.fragment or self.survey.pieces[place.piece].id
        return f"#{name}" if place.piece == self.piece_index else f"{ELSEWHERE}{name}"

    def page(self, index: int) -> str:
        """Return the document of one piece."""
        piece = self.open_piece(index)
        self._opening = opening_paragraph(piece.chapter) if piece.is_first else None
        content = self.blocks(piece.blocks)
        for note_id in piece.notes:  # those nobody refers to
            if note_id not in self._noted and note_id not in self._at_end:
                self._at_end.append(note_id)
        notes = self._end_notes()
        chapter = piece.chapter
        language = language_tag(chapter.lang or self.book.metadata.language) or "und"
        direction = chapter.direction or self.book.direction
        return document(
            f'<section id="{piece.id}" class="{self._kind(chapter.role)}">\n{content}\n{notes}</section>',
            title=piece.title,
            language=language,
            direction=direction,
        )

    def _kind(self, role: str) -> str:
        return role if role in ("dedication", "epigraph", "part", "titlepage", "copyright-page") else "chapter"

    # ------------------------------------------------------------ openings and capitals

    def _small_caps(self, node: SmallCaps) -> str:
        self._small_depth += 1
        inside = self.inlines(node.children)
        self._small_depth -= 1
        return inside

    def _open(self, paragraph: Paragraph) -> str:
        """The first paragraph of a chapter, as the design opens it."""
        design = self.design
        wanted = design.opening if self.target.has_flourishes else Opening.PLAIN
        lead = lead_of(paragraph, design.opening_words) if wanted is not Opening.PLAIN else None
        if lead is None:
            return super().block(paragraph)
        initial = None
        if wanted is Opening.DROP_CAP and self._initials is not None:
            initial = self._initials.of(lead.letter, self.target, len(plain([paragraph])), marks=lead.marks)
        before = self.inlines(lead.before)
        start = self._initial(initial, lead) if initial else escape(lead.marks) + _small(lead.letter + lead.words)
        attributes = self.block_attributes(paragraph, "opening")
        return f"<p{attributes}>{before}{start}{self.inlines(lead.rest)}</p>"

    def _initial(self, initial: Initial, lead: Lead) -> str:
        """A float whose only line is so high that the letter comes to stand where it should."""
        assert self._initials is not None  # noqa: S101
        text = self._initials.text_metrics(self.target)
        assert text is not None  # noqa: S101
        size, line, face = self.design.size_pt(self.target), self.design.line_pt(self.target), initial.metrics
        baseline = (line - (text.ascent + text.descent) * size) / 2 + text.ascent * size + initial.drop_pt
        height = 2 * (baseline - face.ascent * initial.size_pt) + (face.ascent + face.descent) * initial.size_pt
        style = (
            f"font-family: '{initial.family}'; font-weight: {initial.weight}; font-size: {initial.size_pt:.3f}pt; "
            f"line-height: {height:.3f}pt; height: {initial.lines * line - 0.5:.3f}pt; "
            f"width: {initial.width_pt + initial.bearing_pt:.3f}pt; margin-left: {-initial.bearing_pt:.3f}pt"
        )
        marks = self._marks(initial, lead.marks) if lead.marks else ""
        letter = escape(initial.letter)
        return f'<span class="initial" style="{style}">{marks}{letter}</span>{_small(lead.words)}'

    def _marks(self, initial: Initial, marks: str) -> str:
        style = (
            f"font-family: '{self.design.text}'; font-weight: {self.target.weight}; line-height: 0; "
            f"font-size: {initial.marks_size_pt:.3f}pt; vertical-align: {initial.marks_rise_pt:.3f}pt; "
            f"margin-left: {-initial.marks_width_pt:.3f}pt"
        )
        return f'<span style="{style}">{escape(marks)}</span>'

    # ------------------------------------------------------------ notes

    def note_ref(self, node: NoteRef) -> str:
        home = self.survey.note_home.get(node.note_id)
        if home is None:
            return f"<sup>{escape(node.label)}</sup>" if node.label.strip() else ""
        note = self.book.notes[node.note_id]
        label = escape(one_line(node.label) or self.survey.labels[node.note_id])
        target = self.survey.note_ids[node.note_id]
        if home != self.piece_index:
            return f'<a class="noteref" href="{ELSEWHERE}{target}">{label}</a>'
        if node.note_id not in self._noted:
            if not (self.is_in_link or self._note_depth) and fitting.is_foot_note(note, self.target):
                self._noted.add(node.note_id)
                return self._foot_note(note, target, label)
            if node.note_id not in self._at_end:
                self._at_end.append(node.note_id)
        if self.is_in_link:
            return f"<sup>{label}</sup>"
        return f'<a class="noteref" href="#{target}">{label}</a>'

    def _foot_note(self, note: Note, target: str, label: str) -> str:
        self._note_depth += 1
        inside = self.blocks(note.blocks)
        self._note_depth -= 1
        language = self.language_attributes(note.lang, "")
        return f'<aside id="{target}" class="foot" data-label="{attribute(label)}"{language}>{inside}</aside>'

    def _end_notes(self) -> str:
        """The notes at the end of the piece; they may refer to further notes, which then follow."""
        parts: list[str] = []
        self._note_depth += 1
        for note_id in self._at_end:  # grows while it is walked
            self._noted.add(note_id)
            note = self.book.notes[note_id]
            inside = self.blocks(note.blocks)
            label = f'<span class="label">{escape(self.survey.labels[note_id])}</span> '
            inside = f"<p>{label}{inside[3:]}" if inside.startswith("<p>") else f"<p>{label}</p>\n{inside}"
            language = self.language_attributes(note.lang, "")
            parts.append(f'<div class="note" id="{self.survey.note_ids[note_id]}"{language}>{inside}</div>')
        self._note_depth -= 1
        if not parts:
            return ""
        heading = escape(terms_for(self.book.metadata.language).notes)
        return f'<div class="notes">\n<p class="notes-title">{heading}</p>\n{chr(10).join(parts)}\n</div>\n'

    def image(self, node: Figure | InlineImage, attributes: str) -> str:
        """A decorative picture as an element that the renderer shows and does not tag as a figure, which would need a
        description."""
        return f"<embed{attributes}/>" if node.decorative else super().image(node, attributes)

    # ------------------------------------------------------------ what must fit

    def math(self, node: Math) -> str:
        rebuilt = mathml.rebuild(node.mathml, node.alt, is_display=node.display)
        drawing = self._fitted(rebuilt) if rebuilt else None
        if drawing is None:
            return self._source(node)
        self.formulas.append(drawing.svg)
        kind = "formula display" if node.display else "formula"
        style = f"width: {drawing.width:.3f}em; vertical-align: {-drawing.depth:.3f}em"
        alt = attribute(node.alt) or "formula"
        return f'<img class="{kind}" style="{style}" src="{FORMULA}{len(self.formulas) - 1}" alt="{alt}"/>'

    def _source(self, node: Math) -> str:
        """A formula that cannot be drawn, as it is written."""
        source = one_line(node.alt) or math_text.linear(node.mathml)
        if not source:
            return ""
        self.undrawn.append(source)
        return f"<code>{escape(source)}</code>"

    def _fitted(self, rebuilt: str) -> mathematics.Drawing | None:
        """A formula as it fits the page: as it is, stacked, a little smaller, or turned."""
        measure, smallest = fitting.formula_room(self.target, self.design)
        drawing = mathematics.draw(rebuilt, measure)
        if drawing is None or drawing.width * smallest <= measure:
            return drawing
        height = fitting.height_em(self.target, self.design)
        scale = min(1.0, height / drawing.width, measure / drawing.height)
        if scale <= measure / drawing.width:
            return drawing
        turned = mathematics.turned(drawing)
        return replace(turned, width=turned.width * scale, height=turned.height * scale)

    def block(self, block: AnyBlock) -> str:
        """Return the markup of those blocks that must be made to fit, and of scene breaks."""
        if isinstance(block, Table):
            return self._table(block)
        if isinstance(block, CodeBlock):
            return self._code(block)
        if isinstance(block, SceneBreak):
            return self._scene_break()
        if block is self._opening and isinstance(block, Paragraph):
            return self._open(block)
        if isinstance(block, ListBlock) and block.ordered:
            return self._ordered(block)
        return super().block(block)

    def _scene_break(self) -> str:
        design = self.design
        if design.scene_ornament:
            source, alt = f"{ORNAMENT}{design.scene_ornament}", attribute(design.scene_break or "* * *")
            return f'<div class="scene drawn"><img src="{source}" alt="{alt}"/></div>'
        if not design.scene_break:
            return '<div class="scene empty"></div>'
        return f'<p class="scene">{escape(design.scene_break)}</p>'

    def _code(self, block: CodeBlock) -> str:
        """Code whose longest line fits, or whose long lines are broken where it hurts least, and marked."""
        size = fitting.code_size(block, self.target, self.design)
        columns = fitting.code_columns(size, self.target, self.design)
        lines = [_TURN.join(map(escape, fitting.broken(line, columns))) for line in block.text.split("\n")]
        inside = "\n".join(lines)
        return f'<pre style="font-size: {size:.3f}em"{self.block_attributes(block)}>{inside}</pre>'

    def _ordered(self, block: ListBlock) -> str:
        """An ordered list with its start and numerals as style: WeasyPrint passes over the attributes."""
        numerals = block.style if block.style in _NUMERALS else "decimal"
        style = f"list-style-type: {numerals}; counter-reset: list-item {block.start - 1}"
        return super().block(block).replace("<ol", f'<ol style="{style}"', 1)

    def ruby(self, node: Ruby) -> str:
        pairs = (
            f'<span class="ruby">{escape(base)}<span class="reading">{escape(reading)}</span></span>'
            if reading
            else escape(base)
            for base, reading in node.pairs
        )
        return "".join(pairs)

    def _table(self, table: Table) -> str:
        fit = fitting.fit_table(table, self.target, self.design)
        if fit.form is fitting.TableForm.STACKED:
            return self._stacked(table)
        inside = blocks.RENDER[Table](self, table)
        return (
            f'<div class="table {fit.form.value}" style="font-size: {fit.size:.3f}em">{inside}</div>' if inside else ""
        )

    def _stacked(self, table: Table) -> str:
        """Each row as a list of its cells, each after the heading of its column."""
        caption = f'<p class="caption">{self.inlines(table.caption)}</p>\n' if table.caption else ""
        heads = table.rows[0]
        rows = []
        for row in table.rows[1:]:
            cells = "\n".join(self._pair(head, cell) for head, cell in zip(heads, row, strict=True))
            rows.append(f'<div class="record">\n{cells}\n</div>')
        return f'<div class="stacked">\n{caption}{chr(10).join(rows)}\n</div>'

    def _pair(self, head: Cell, cell: Cell) -> str:
        title = " ".join(
            self.inlines(block.inlines) if isinstance(block, Paragraph) else self.blocks([block])
            for block in head.blocks
        )
        value = self.blocks(cell.blocks)
        return f'<div class="pair"><div class="head">{title}</div><div class="value">{value}</div></div>'


def document(inside: str, *, title: str, language: str, direction: str) -> str:
    """Return a whole document for WeasyPrint."""
    side = f' dir="{direction}"' if direction in ("ltr", "rtl") else ""
    return (
        f'<html lang="{language}"{side}><head><title>{escape(title)}</title></head>\n<body>\n{inside}\n</body></html>'
    )


def _with_known_hyphens(text: str) -> str:
    """The packaged faces have no hyphen but the one of ASCII, so the others are written with it."""
    return text if text.isascii() else text.replace("\u2010", "-").replace("\u2011", "\u2060-\u2060")


def _small(text: str) -> str:
    """Small capitals: capitals as they are, other letters as small capitals. They are written as capitals, because the
    packaged faces have no others, and one glyph can only stand for one letter in the PDF."""
    runs = itertools.groupby(text, key=str.islower)
    parts = [(is_lower, escape("".join(run))) for is_lower, run in runs]
    return "".join(f'<span class="sc">{run.upper()}</span>' if is_lower else run for is_lower, run in parts)

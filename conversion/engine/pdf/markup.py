"""Markup for WeasyPrint: notes at the foot, mathematics as pictures, tables and code made to fit a target."""

from __future__ import annotations

import re

from .. import mathematics
from ..book import (
    AnyBlock,
    Asset,
    Cell,
    CodeBlock,
    ListBlock,
    Math,
    Note,
    NoteRef,
    Paragraph,
    Ruby,
    SceneBreak,
    Table,
    Text,
)
from ..markup import blocks, mathml
from ..markup.render import Markup
from ..markup.survey import Place, Survey
from ..markup.text import attribute, escape, language_tag, one_line
from ..targets import Target
from ..terms import terms_for
from . import fitting

# Links to other chapters lead to this address until the parts are joined and places are known.
ELSEWHERE = "https://elsewhere.invalid/#"
ASSET = "asset:"
FORMULA = "formula:"

_SCENE_BREAK = "* * *"
_LONG_TEXT = 4_000
_PIECES = re.compile(r"(?s).{1,2000}(?:\s+|\Z)|.{1,2000}")
_NUMERALS = frozenset({"decimal", "lower-alpha", "upper-alpha", "lower-roman", "upper-roman"})


class PdfMarkup(Markup):
    """One instance for each piece and target. `formulas` holds the pictures drawn, by number."""

    def __init__(self, survey: Survey, target: Target) -> None:
        super().__init__(survey)
        self.target = target
        self.formulas: list[str] = []
        self._at_end: list[str] = []  # notes of the current piece that stand at its end
        self._noted: set[str] = set()
        self._note_depth = 0

    def text(self, node: Text) -> str:
        """Running text. Very long ones come in pieces: where a line cannot be broken early, WeasyPrint lays out all
        that follows in the same box again, for every line."""
        text = _with_known_hyphens(node.text)
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

    # ------------------------------------------------------------ what must fit

    def math(self, node: Math) -> str:
        rebuilt = mathml.rebuild(node.mathml, node.alt, is_display=node.display)
        drawing = mathematics.draw(rebuilt) if rebuilt else None
        if drawing is None:
            return escape(node.alt)
        self.formulas.append(drawing.svg)
        kind = "formula display" if node.display else "formula"
        style = f"width: {drawing.width:.3f}em; vertical-align: {-drawing.depth:.3f}em"
        alt = attribute(node.alt) or "formula"
        return f'<img class="{kind}" style="{style}" src="{FORMULA}{len(self.formulas) - 1}" alt="{alt}"/>'

    def block(self, block: AnyBlock) -> str:
        """Return the markup of those blocks that must be made to fit, and of scene breaks."""
        if isinstance(block, Table):
            return self._table(block)
        if isinstance(block, CodeBlock):
            size = fitting.code_size(block, self.target)
            return f'<pre style="font-size: {size:.3f}em"{self.block_attributes(block)}>{escape(block.text)}</pre>'
        if isinstance(block, SceneBreak):
            return f'<p class="scene">{_SCENE_BREAK}</p>'
        if isinstance(block, ListBlock) and block.ordered:
            return self._ordered(block)
        return super().block(block)

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
        fit = fitting.fit_table(table, self.target)
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

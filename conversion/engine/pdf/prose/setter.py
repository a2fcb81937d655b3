"""The engine: pieces of plain prose become leaves. Whatever it does not set, it says so, and the other engine does.

One setter serves all targets of a book. The shaped text of the piece last set is kept, so that setting one piece for
every target in turn shapes it once.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ...book.model import Anchor as AnchorNode
from ...book.model import (
    Book,
    CodeSpan,
    DefinitionList,
    Emphasis,
    Figure,
    Heading,
    Language,
    LineBreak,
    Link,
    ListBlock,
    NoteRef,
    PageMark,
    Paragraph,
    Quotation,
    SceneBreak,
    SmallCaps,
    Strike,
    Strong,
    Subscript,
    Superscript,
    Text,
    Underline,
    Verse,
)
from ...book.walk import plain, walk
from ...markup.survey import Piece, Survey
from ...markup.terms import terms_for
from ...markup.text import language_tag
from ...targets import Target
from ...typography import fonts
from ...typography.designs import Design
from .. import fitting
from ..initials import Initials
from ..part import Part
from .blocks import Blocks
from .display import Display
from .faces import Faces
from .layout import Layout, Material
from .page_assembly import PageAssembly
from .pictures import can_show
from .shaped_text import Node, Para, Segment, ShapedText, Side, Style
from .threads import Threader
from .words import Lexicon, Look

_KINDS = frozenset(
    {
        AnchorNode, CodeSpan, DefinitionList, Emphasis, Figure, Heading, Language, LineBreak, Link, ListBlock, NoteRef,
        PageMark, Paragraph, Quotation, SceneBreak, SmallCaps, Strike, Strong, Subscript, Superscript, Text, Underline,
        Verse,
    }
)  # fmt: skip
_FOOT_LABEL, _END_LABEL, _AFTER_LABEL = 0.9, 0.94, 0.5


class Setter:
    """Sets the pieces of one book in one design."""

    def __init__(
        self,
        survey: Survey,
        design: Design,
        initials: Initials,
        load: Callable[[fonts.Face], bytes | None] = fonts.load,
    ) -> None:
        self._initials = initials
        self.survey = survey
        self.book: Book = survey.book
        self.design = design
        self.language = language_tag(self.book.metadata.language) or "und"
        self.faces = Faces(load, self.language)
        self.lexicon = Lexicon(self.faces)
        self.display = Display(self.faces, self.lexicon, design, initials, self.language)
        self._suited: dict[int, bool] = {}
        self._kept: tuple[tuple[int, int, bool], Material] | None = None

    def prepare(self, targets: Iterable[Target]) -> None:
        """Load the faces that nearly every book needs, before helpers are forked."""
        for weight in {target.weight for target in targets}:
            for is_italic in (False, True):
                self.lexicon[Look(self.design.text, weight, is_italic)]

    def suits(self, index: int) -> bool:
        """Tell whether this engine may set a piece: it knows all elements, and the faces have all characters. What is
        rarer still (marks that must be placed, a letter the italics lack) only `set_piece` finds out."""
        if index not in self._suited:
            self._suited[index] = self._suits(self.survey.pieces[index])
        return self._suited[index]

    def _suits(self, piece: Piece) -> bool:
        if self.book.vertical or (piece.chapter.direction or self.book.direction) == "rtl":
            return False
        blocks = [*piece.blocks, *(block for note in piece.notes for block in self.book.notes[note].blocks)]
        for node in walk(blocks):
            if type(node) not in _KINDS or (type(node) is Figure and not can_show(self.book.assets.get(node.asset))):
                return False
        order = self.faces.order(self.design.text, 400, is_italic=False)
        return self.faces.have(order, set(plain(blocks)))

    def set_piece(self, target: Target, index: int, folder: Path, *, is_verso: bool) -> Part:
        """Set one piece of the book. Raises Unsettable where the other engine must."""
        with _without_collector():
            return self._set(target, index, folder, is_verso=is_verso)

    def _set(self, target: Target, index: int, folder: Path, *, is_verso: bool) -> Part:
        material = self._material(target, index)
        piece = self.survey.pieces[index]
        lang = material.shaped.lang
        layout = Layout(
            material,
            self.faces,
            self.lexicon,
            self.design,
            target,
            initials=self._initials,
            sink=self._sink(piece, target),
            lang=lang if lang != self.language else "",
        )
        foot, end = self._divide_notes(piece, material, target)
        layout.add(material.shaped, foot)
        if end:
            layout.add_end_notes(self._notes_title(), end)
        assembly = PageAssembly(layout, is_verso=is_verso)
        batch = assembly.batch(piece.id)
        batch.defects = tuple(assembly.defects)
        return Part.written(batch, folder / f"{target.name}-{index}.part")

    # ------------------------------------------------------------ from blocks to shaped text

    def _material(self, target: Target, index: int) -> Material:
        key = (index, target.weight, target.has_flourishes)
        if self._kept is None or self._kept[0] != key:
            self._kept = (key, self._made(target, index))
        return self._kept[1]

    def _made(self, target: Target, index: int) -> Material:
        piece = self.survey.pieces[index]
        language = language_tag(piece.chapter.lang) or self.language
        threader = Threader(self.survey, self.lexicon, self.design, index)
        blocks = Blocks(
            threader, self.design, piece, self.book.assets, weight=target.weight, has_flourishes=target.has_flourishes
        )
        material = Material(blocks.shaped(piece.blocks, language))
        for note_id in piece.notes:
            note = self.book.notes[note_id]
            shaped = blocks.shaped(note.blocks, language_tag(note.lang) or language, is_note=True)
            self._label(shaped, self.survey.labels[note_id], target.weight)
            material.notes[note_id] = shaped
            material.targets[note_id] = self.survey.note_ids[note_id]
        return material

    def _label(self, shaped: ShapedText, label: str, weight: int) -> None:
        """Begin a note with its label."""
        if not shaped.paras:
            shaped.paras.append(Para(Style(side=Side.START), -1, [], shaped.lang))
        para = shaped.paras[0]
        look = Look(self.design.text, weight, size=_FOOT_LABEL)
        words = self.lexicon[look][label]
        shaped.nodes.append(Node("Lbl", -1))
        para.label = Segment([words], [0.0])
        para.label_node = len(shaped.nodes) - 1
        para.is_label_hung = False
        para.style = replace(para.style, indent=words.width + _AFTER_LABEL)
        if not para.segments:
            para.segments.append(Segment())

    def _notes_title(self) -> ShapedText:
        shaped = ShapedText([Node("P")], lang=self.language)
        look = Look(self.design.text, is_italic=True)
        threader = Threader(self.survey, self.lexicon, self.design, -1)
        segment = threader.plain(terms_for(self.book.metadata.language).notes, look)
        style = Style(side=Side.START, above=2.5, top=0.75, below=0.5, is_kept=True)
        shaped.paras.append(Para(style, 0, [segment], self.language))
        return shaped

    # ------------------------------------------------------------ notes and space

    def _divide_notes(self, piece: Piece, material: Material, target: Target) -> tuple[list[str], list[str]]:
        """Return the notes that stand at the foot, and those at the end: the long, and those of notes."""
        foot: dict[str, None] = {}
        end: dict[str, None] = {}
        for note_id in _referred(material.shaped):
            if note_id in foot or note_id in end:
                continue
            is_foot = fitting.is_foot_note(self.book.notes[note_id], target)
            (foot if is_foot else end)[note_id] = None
            if is_foot:
                end |= {inner: None for inner in _referred(material.notes[note_id]) if inner not in foot}
        waiting = [*end, *(note_id for note_id in piece.notes if note_id not in foot)]
        end = {}
        while waiting:
            note_id = waiting.pop(0)
            if note_id not in end and note_id not in foot:
                end[note_id] = None
                waiting += _referred(material.notes[note_id])
        return list(foot), list(end)

    def _sink(self, piece: Piece, target: Target) -> float:
        """The space above the first line of a piece, in points."""
        role = piece.chapter.role
        points_per_mm = 72 / 25.4
        line = self.design.line_pt(target)
        starts_with_title = bool(piece.blocks) and isinstance(piece.blocks[0], Heading) and piece.is_first
        if role in ("dedication", "epigraph"):
            return round(target.measure_mm * points_per_mm * 0.18 / line) * line
        if starts_with_title and role not in ("titlepage", "copyright-page"):
            return target.sink * self.design.sink * line
        return 0.0


@contextmanager
def _without_collector() -> Iterator[None]:
    """Python's collector looks for circles again and again while there are many new objects; here there are none."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _referred(shaped: ShapedText) -> Iterable[str]:
    return [note_id for para in shaped.paras for note_id, _, _ in para.notes]

"""Examine the whole Book before anything is written.

The survey collects what the writers must know in advance: how chapters are divided into files, where each anchor, note
and page mark will be, and which features the book has. Invalid or duplicate ids are resolved here, so that links can be
written in one pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from ..book.inlines import is_described
from ..book.model import (
    Anchor,
    AnyBlock,
    Book,
    Chapter,
    Figure,
    Heading,
    InlineImage,
    Math,
    NoteRef,
    PageMark,
    Ruby,
    Table,
    Text,
)
from ..book.walk import Node, plain, walk
from .terms import Terms, terms_for
from .text import Names, one_line, xml_name

_TITLE_WORDS = 6
_BLOCK_CHARACTERS = 60  # minimum that a block counts when chapters are divided
MEDIA_TYPES = {"image/jpeg": "jpg", "image/png": "png", "image/svg+xml": "svg"}


@dataclass(slots=True)
class Piece:
    """A chapter, or a part of a chapter that is too long for one file. `notes` are ids, in order of reference."""

    id: str
    chapter: Chapter
    title: str
    blocks: list[AnyBlock]
    is_first: bool
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True, frozen=True)
class Place:
    """The final location of an id: `fragment` is "" for the start of the piece; `order` increases through the book."""

    piece: int
    fragment: str
    order: int


@dataclass(slots=True, frozen=True)
class PrintPage:
    """A page break of the source's print edition."""

    label: str
    piece: int
    fragment: str


@dataclass(slots=True)
class Features:
    """What the content includes, for accessibility metadata."""

    images: int = 0
    images_without_alt: int = 0
    math: int = 0
    math_without_alt: int = 0
    rubies: int = 0
    tables: int = 0
    headings: int = 0


@dataclass(slots=True)
class Survey:
    """The result. `places` maps anchor and chapter ids; `note_ids`, `ref_ids` (of the first reference) and `labels` are
    keyed by note id."""

    book: Book
    pieces: list[Piece] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    marks: list[PrintPage] = field(default_factory=list)
    note_home: dict[str, int] = field(default_factory=dict)
    note_ids: dict[str, str] = field(default_factory=dict)
    ref_ids: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    assets: dict[str, None] = field(default_factory=dict)  # keys in order of first use
    features: Features = field(default_factory=Features)


def chapter_title(chapter: Chapter, number: int, terms: Terms) -> str:
    """Return a chapter's title, or a sensible substitute: its first heading, "Chapter 7", or its first words."""
    title = one_line(chapter.title)
    if title:
        return title
    for block in chapter.blocks:
        if isinstance(block, Heading) and (text := one_line(plain([block]))):
            return text
    if chapter.role in ("chapter", "part"):
        return f"{terms.part if chapter.role == 'part' else terms.chapter} {number}"
    words = one_line(plain(chapter.blocks)).split()
    if words:
        return " ".join(words[:_TITLE_WORDS]) + (" …" if len(words) > _TITLE_WORDS else "")
    return f"{terms.chapter} {number}"


def survey(book: Book, *, piece_characters: int = 0, reserved: tuple[str, ...] = ()) -> Survey:
    """Survey the book. Chapters longer than `piece_characters` are divided between blocks; 0 divides none.

    No piece, anchor or note gets one of the `reserved` ids.
    """
    result = Survey(book)
    _Surveyor(result, piece_characters, reserved).run()
    return result


class _Surveyor:
    """The state that is only needed during the survey."""

    def __init__(self, result: Survey, piece_characters: int, reserved: tuple[str, ...]) -> None:
        self.result = result
        self.book = result.book
        self.limit = piece_characters
        self.ids = Names(*reserved)
        self.order = 0
        self.surveyed_notes = 0  # how many notes of the current piece were surveyed
        self.piece: Piece

    def run(self) -> None:
        terms = terms_for(self.book.metadata.language)
        numbers: dict[str, int] = {}
        for chapter in self.book.chapters:
            numbers[chapter.role] = numbers.get(chapter.role, 0) + 1
            self._open(chapter, chapter_title(chapter, numbers[chapter.role], terms))
            self._blocks(chapter.blocks)
        self._unreferenced()

    def _open(self, chapter: Chapter, title: str) -> None:
        index = len(self.result.pieces)
        self.piece = Piece(self.ids.unique(xml_name(chapter.id, "chapter")), chapter, title, [], is_first=True)
        self.result.pieces.append(self.piece)
        self.surveyed_notes = 0
        self.result.places.setdefault(chapter.id, Place(index, "", self._tick()))

    def _continue(self) -> None:
        chapter = self.piece.chapter
        self.piece = Piece(
            self.ids.unique(xml_name(chapter.id, "chapter")), chapter, self.piece.title, [], is_first=False
        )
        self.result.pieces.append(self.piece)
        self.surveyed_notes = 0

    def _tick(self) -> int:
        self.order += 1
        return self.order

    def _blocks(self, blocks: Iterable[AnyBlock]) -> None:
        characters = 0
        for block in blocks:
            if self.limit and characters > self.limit:
                self._continue()
                characters = 0
            self.piece.blocks.append(block)
            # A block takes up space on the screen and memory in the typesetter, however few letters it has.
            characters += max(self._nodes([block], in_note=False), _BLOCK_CHARACTERS)
            self._notes()

    def _notes(self) -> None:
        """Survey the notes of the current piece that were not surveyed yet; notes may refer to notes."""
        while self.surveyed_notes < len(self.piece.notes):
            note_id = self.piece.notes[self.surveyed_notes]
            self.surveyed_notes += 1
            self.result.note_ids[note_id] = self.ids.unique(xml_name(note_id, "note"))
            self.result.ref_ids[note_id] = self.ids.unique(f"ref-{self.result.note_ids[note_id]}")
            self._nodes(self.book.notes[note_id].blocks, in_note=True)

    def _nodes(self, nodes: Iterable[Node], *, in_note: bool) -> int:
        """Survey elements; return the number of characters of their text."""
        characters = 0
        for node in walk(nodes):
            kind = type(node)
            if kind is Text:
                characters += len(node.text)
            elif kind in _LOOKS:
                _LOOKS[kind](self, node, in_note)
        return characters

    def _anchor(self, node: Anchor, in_note: bool) -> None:
        if node.id not in self.result.places:
            fragment = self.ids.unique(xml_name(node.id, "a"))
            self.result.places[node.id] = Place(len(self.result.pieces) - 1, fragment, self._tick())

    def _note_ref(self, node: NoteRef, in_note: bool) -> None:
        note_id = node.note_id
        if note_id not in self.book.notes or note_id in self.result.note_home:
            return
        self._adopt(note_id, node.label)

    def _adopt(self, note_id: str, label: str) -> None:
        self.result.note_home[note_id] = len(self.result.pieces) - 1
        self.piece.notes.append(note_id)
        self.result.labels[note_id] = one_line(label) or str(len(self.piece.notes))

    def _page_mark(self, node: PageMark, in_note: bool) -> None:
        label = one_line(node.label)
        if label and not in_note:
            fragment = self.ids.unique(xml_name(f"page-{label}"))
            self.result.marks.append(PrintPage(label, len(self.result.pieces) - 1, fragment))

    def _image(self, node: Figure | InlineImage, in_note: bool) -> None:
        asset = self.book.assets.get(node.asset)
        if asset is None or asset.media_type not in MEDIA_TYPES:
            return
        self.result.assets.setdefault(node.asset)
        self.result.features.images += 1
        self.result.features.images_without_alt += not is_described(node)

    def _math(self, node: Math, in_note: bool) -> None:
        self.result.features.math += 1
        self.result.features.math_without_alt += not node.alt.strip()

    def _ruby(self, node: Ruby, in_note: bool) -> None:
        self.result.features.rubies += 1

    def _table(self, node: Table, in_note: bool) -> None:
        self.result.features.tables += 1

    def _heading(self, node: Heading, in_note: bool) -> None:
        self.result.features.headings += 1

    def _unreferenced(self) -> None:
        """Keep unreferenced notes at the end of the last piece, so that no word is lost."""
        if not self.result.pieces:
            return
        for note_id in self.book.notes:
            if note_id not in self.result.note_home:
                self._adopt(note_id, "")
                self._notes()


_LOOKS: dict[type, Callable[[_Surveyor, Any, bool], None]] = {
    Anchor: _Surveyor._anchor,
    NoteRef: _Surveyor._note_ref,
    PageMark: _Surveyor._page_mark,
    Figure: _Surveyor._image,
    InlineImage: _Surveyor._image,
    Math: _Surveyor._math,
    Ruby: _Surveyor._ruby,
    Table: _Surveyor._table,
    Heading: _Surveyor._heading,
}

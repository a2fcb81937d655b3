"""The leaves of a Book: every block, line or caption that has words of its own, in reading order, notes last.

A leaf refers to the Book's own lists, so that what a patch changes is changed in the Book. What has no words, such as a
scene break or a picture, is a leaf with one word that stands for it. Blocks around leaves are containers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..book.model import (
    AnyBlock,
    Aside,
    Book,
    CodeBlock,
    DefinitionList,
    Figure,
    Heading,
    Inline,
    InlineImage,
    ListBlock,
    Math,
    NoteRef,
    Paragraph,
    Quotation,
    SceneBreak,
    Table,
    Verse,
)
from ..book.walk import plain, walk
from ..findings.model import SourcePlace
from .pieces import STAND_IN, KeyOf, Piece, inlines_of, key_of_node, pieces_of
from .words import Word, pieces_of_words, text_of, words_of

NOTES = -1  # the chapter of what stands in notes

PARAGRAPH, HEADING, LINE, TERM, CAPTION = "paragraph", "heading", "line", "term", "caption"
CODE, SCENE, FIGURE = "code", "scene_break", "figure"
SCENE_KEY = "scene_break:"  # the word of every scene break, whatever its sign
TEXT_KINDS = frozenset({PARAGRAPH, HEADING, LINE, TERM, CAPTION, CODE})  # what `words` patches apply to

CONTAINERS: dict[type, str] = {
    Quotation: "quotation",
    Aside: "aside",
    ListBlock: "list",
    DefinitionList: "definitions",
    Table: "table",
    Verse: "verse",
}


@dataclass(slots=True, eq=False)
class Leaf:
    """A piece of the Book that has words. `siblings` is the list that holds its block, None where it is not a block of
    its own, such as a line of verse."""

    kind: str
    chapter: int
    block: AnyBlock
    siblings: list[AnyBlock] | None
    inlines: list[Inline] | None
    words: list[Word]

    @property
    def place(self) -> SourcePlace:
        return self.block.place

    def write(self, words: Sequence[Word]) -> None:
        """Put these words in place of the leaf's own."""
        self.words = list(words)
        if isinstance(self.block, CodeBlock):
            self.block.text = text_of(words)
        elif self.inlines is not None:
            self.inlines[:] = inlines_of(pieces_of_words(words))


@dataclass(slots=True, eq=False)
class Container:
    """A block around leaves: those from `first` to before `end`."""

    kind: str
    chapter: int
    block: AnyBlock
    siblings: list[AnyBlock]
    first: int
    end: int


@dataclass(slots=True)
class Leaves:
    """All leaves and containers. `chapters` and `notes` are the ranges of leaves of each."""

    leaves: list[Leaf] = field(default_factory=list)
    containers: list[Container] = field(default_factory=list)
    chapters: list[range] = field(default_factory=list)
    notes: list[range] = field(default_factory=list)


def leaves_of(book: Book) -> Leaves:
    """Return the leaves of a book's chapters and notes."""
    walk = _Walk(book)
    for number, chapter in enumerate(book.chapters):
        first = len(walk.found.leaves)
        walk.blocks(chapter.blocks, number)
        walk.found.chapters.append(range(first, len(walk.found.leaves)))
    for note in book.notes.values():
        first = len(walk.found.leaves)
        walk.blocks(note.blocks, NOTES)
        walk.found.notes.append(range(first, len(walk.found.leaves)))
    return walk.found


def key_of(book: Book) -> KeyOf:
    """Return the function that names note marks, formulas and pictures by what they show."""
    known: dict[str, str] = {}

    def key(node: NoteRef | Math | InlineImage) -> str:
        if isinstance(node, InlineImage):
            return key_of_node("picture", node.asset)
        if isinstance(node, Math):
            return key_of_node("formula", node.mathml)
        if node.note_id not in known:
            note = book.notes.get(node.note_id)
            known[node.note_id] = key_of_node("note", plain(note.blocks) if note else "")
        return known[node.note_id]

    return key


def block_numbers(found: Leaves) -> dict[int, int]:
    """Return the numbers of leaves by the identities of what they consist of now: their blocks, their texts, and the
    nodes in these. A container and a chapter have the number of their first leaf."""
    numbers: dict[int, int] = {}
    for one in found.containers:
        numbers[id(one.block)] = one.first
    for number, leaf in enumerate(found.leaves):
        if leaf.siblings is not None:
            numbers[id(leaf.block)] = number
        if leaf.inlines is not None:
            numbers[id(leaf.inlines)] = number
            numbers |= dict.fromkeys(map(id, walk(leaf.inlines)), number)
    return numbers


class _Walk:
    def __init__(self, book: Book) -> None:
        self.found = Leaves()
        self._key_of = key_of(book)

    def blocks(self, blocks: list[AnyBlock], chapter: int) -> None:
        for block in blocks:
            self._block(block, blocks, chapter)

    def _block(self, block: AnyBlock, siblings: list[AnyBlock], chapter: int) -> None:
        if isinstance(block, Paragraph):
            self._text(PARAGRAPH, block, siblings, block.inlines, chapter)
        elif isinstance(block, Heading):
            self._text(HEADING, block, siblings, block.inlines, chapter)
        elif isinstance(block, CodeBlock):
            words = words_of([Piece(block.text)])
            self.found.leaves.append(Leaf(CODE, chapter, block, siblings, None, words))
        elif isinstance(block, SceneBreak):
            self._sign(SCENE, SCENE_KEY, block, siblings, chapter)
        elif isinstance(block, Figure):
            self._sign(FIGURE, key_of_node("picture", block.asset), block, siblings, chapter)
            if block.caption:
                self._text(CAPTION, block, None, block.caption, chapter)
        else:
            self._container(block, siblings, chapter)

    def _text(
        self, kind: str, block: AnyBlock, siblings: list[AnyBlock] | None, inlines: list[Inline], chapter: int
    ) -> None:
        words = words_of(pieces_of(inlines, self._key_of))
        self.found.leaves.append(Leaf(kind, chapter, block, siblings, inlines, words))

    def _sign(self, kind: str, key: str, block: AnyBlock, siblings: list[AnyBlock], chapter: int) -> None:
        self.found.leaves.append(Leaf(kind, chapter, block, siblings, None, [Word((Piece(STAND_IN, kept=key),))]))

    def _container(
        self,
        block: Quotation | Aside | ListBlock | DefinitionList | Table | Verse,
        siblings: list[AnyBlock],
        chapter: int,
    ) -> None:
        first = len(self.found.leaves)
        if isinstance(block, Verse):
            for line in (line for stanza in block.stanzas for line in stanza):
                self._text(LINE, block, None, line.inlines, chapter)
        elif isinstance(block, Table) and block.caption:
            self._text(CAPTION, block, None, block.caption, chapter)
        for inner in _inner(block):
            if isinstance(inner, list):
                self.blocks(inner, chapter)
            else:
                self._text(TERM, block, None, inner.term, chapter)
        end = len(self.found.leaves)
        self.found.containers.append(Container(CONTAINERS[type(block)], chapter, block, siblings, first, end))


def _inner(block: Quotation | Aside | ListBlock | DefinitionList | Table | Verse) -> Iterator[list[AnyBlock] | _Term]:
    """Yield the lists of blocks in a container, and the terms of definitions."""
    if isinstance(block, Quotation | Aside):
        yield block.blocks
    elif isinstance(block, ListBlock):
        yield from (item.blocks for item in block.items)
    elif isinstance(block, DefinitionList):
        for item in block.items:
            yield _Term(item.term)
            yield item.blocks
    elif isinstance(block, Table):
        yield from (cell.blocks for row in block.rows for cell in row)


@dataclass(slots=True)
class _Term:
    term: list[Inline]

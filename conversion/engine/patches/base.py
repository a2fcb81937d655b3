"""The base of patches: the words and marks of all blocks of a Book as it was read, before any patch.

A base belongs to a manuscript, an engine version and the fixes that were on: another engine reads the same file in
another way, so it counts as an upload. It is stored as an artifact; patches name it by its identity and count in it.
Besides the words it has what a chapter is shown with: how blocks are nested, which notes belong to which marks, and
what formulas and pictures show.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, Self, overload

from ..book.model import Book, Figure, InlineImage, Math, NoteRef
from ..findings.model import SourcePlace
from .attributes import Value, attributes_of, chapter_attributes
from .leaves import FIGURE, NOTES, Container, Leaf, Leaves, leaves_of
from .pieces import Piece, is_mark, merged
from .shapes import Shape, leaves_in, shape_of
from .words import Word, keys_of, pieces_of_words, text_of, words_of

VERSION = 2  # of the form and of the rules by which words are divided
MAX_BYTES = 200_000_000  # unpacked
_KEY_DIGITS = 32

type Json = dict[str, Any]


class BlockAnchor(NamedTuple):
    """Where a patch is: a block of a base by its key and those of its neighbours, and words of it. `block` is its
    number in that base; `chapter` and `place` are for people and find nothing."""

    key: str
    before: str = ""
    after: str = ""
    block: int = 0
    start: int = 0
    end: int = 0
    chapter: str = ""
    place: SourcePlace = SourcePlace()


@dataclass(frozen=True)
class BaseBlock:
    """A leaf as it was read. Its words are divided when they are asked for: a page shows one chapter of many."""

    kind: str
    chapter: int
    pieces: tuple[Piece, ...]
    attributes: dict[str, Value] = field(default_factory=dict)
    place: SourcePlace = SourcePlace()  # noqa: RUF009 (frozen)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return tuple(words_of(self.pieces))

    @cached_property
    def keys(self) -> list[str]:
        return keys_of(self.words)

    @property
    def text(self) -> str:
        return text_of(self.words)


@dataclass(frozen=True, slots=True)
class BaseContainer:
    """A block around leaves: those from `first` to before `end`, divided as its `shape` says. An outer container comes
    after those within it."""

    kind: str
    first: int
    end: int
    attributes: dict[str, Value] = field(default_factory=dict)
    shape: Shape = ()


@dataclass(frozen=True, slots=True)
class BaseChapter:
    """A chapter: leaves from `first` to before `end`. `id` is the Book's."""

    first: int
    end: int
    attributes: dict[str, Value]
    id: str = ""

    @property
    def title(self) -> str:
        return str(self.attributes["title"])


@dataclass(frozen=True, slots=True)
class BaseNote:
    """A note: the key and the label of its mark, the leaf with the first such mark (-1 without one), and its own
    leaves."""

    key: str
    label: str
    mark: int
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class BaseObject:
    """What a formula or a picture shows."""

    kind: str  # "math" or "picture"
    alt: str = ""
    mathml: str = ""
    asset: str = ""
    is_display: bool = False
    is_decorative: bool = False


class _Keys(Sequence[str]):
    """Keys that are made when they are asked for."""

    def __init__(self, count: int, make: Callable[[int], str]) -> None:
        self._known: list[str | None] = [None] * count
        self._make = make

    def __len__(self) -> int:
        return len(self._known)

    @overload
    def __getitem__(self, at: int) -> str: ...

    @overload
    def __getitem__(self, at: slice) -> list[str]: ...

    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self._known)))]
        key = self._known[at]
        if key is None:
            key = self._known[at] = self._make(at)
        return key


@dataclass(frozen=True)
class Base:
    blocks: tuple[BaseBlock, ...]
    containers: tuple[BaseContainer, ...]
    chapters: tuple[BaseChapter, ...]
    notes: tuple[BaseNote, ...] = ()
    objects: dict[str, BaseObject] = field(default_factory=dict)

    @cached_property
    def keys(self) -> Sequence[str]:
        """The keys of the blocks: of kind and folded words."""
        blocks = self.blocks
        return _Keys(len(blocks), lambda at: _key(blocks[at].kind, " ".join(blocks[at].keys)))

    @cached_property
    def chapter_keys(self) -> Sequence[str]:
        spans = [(chapter.first, chapter.end) for chapter in self.chapters]
        return _Keys(len(spans), lambda at: _key("chapter", " ".join(self.keys[slice(*spans[at])])))

    @cached_property
    def container_keys(self) -> Sequence[str]:
        all_of = self.containers
        return _Keys(
            len(all_of), lambda at: _key(all_of[at].kind, " ".join(self.keys[all_of[at].first : all_of[at].end]))
        )

    @cached_property
    def identity(self) -> str:
        return hashlib.sha256(self._canonical()).hexdigest()[:_KEY_DIGITS]

    # ------------------------------------------------------------ anchors

    def anchor(self, block: int, start: int = 0, end: int | None = None) -> BlockAnchor:
        """Return the anchor of words of a block; of all of them where no end is given."""
        last = len(self.blocks[block].words) if end is None else end
        here = self.blocks[block]
        chapter = self.chapters[here.chapter].title if here.chapter >= 0 else ""
        return BlockAnchor(*_around(self.keys, block), block, start, last, chapter, here.place)

    def chapter_anchor(self, chapter: int) -> BlockAnchor:
        title = self.chapters[chapter].title
        return BlockAnchor(*_around(self.chapter_keys, chapter), chapter, chapter=title)

    def container_anchor(self, container: int) -> BlockAnchor:
        return BlockAnchor(*_around(self.container_keys, container), container)

    def block_of(self, anchor: BlockAnchor) -> int | None:
        return _found(self.keys, anchor)

    def chapter_of(self, anchor: BlockAnchor) -> int | None:
        return _found(self.chapter_keys, anchor)

    def container_of(self, anchor: BlockAnchor) -> int | None:
        return _found(self.container_keys, anchor)

    # ------------------------------------------------------------ stored

    def to_bytes(self) -> bytes:
        """Return the base compressed. Equal bases give equal bytes."""
        return gzip.compress(self._canonical(), 6, mtime=0)

    def _canonical(self) -> bytes:
        value = {
            "version": VERSION,
            "blocks": [_block_to_json(block) for block in self.blocks],
            "containers": [[one.kind, one.first, one.end, one.attributes, one.shape] for one in self.containers],
            "chapters": [[one.first, one.end, one.attributes, one.id] for one in self.chapters],
            "notes": [[one.key, one.label, one.mark, one.first, one.end] for one in self.notes],
            "objects": {key: _object_to_json(one) for key, one in self.objects.items()},
        }
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode(
            "utf-8", "surrogatepass"
        )

    @classmethod
    def from_bytes(cls, content: bytes) -> Self | None:
        """Return the stored base, or None for one of another version, which is made anew.

        Raises ValueError for anything else: a child made it that had read a manuscript.
        """
        try:
            value: Json = json.loads(_unpacked(content))
            return cls._read(value) if value["version"] == VERSION else None
        except (KeyError, TypeError, AttributeError, zlib.error, RecursionError) as error:
            raise ValueError("not a base") from error

    @classmethod
    def _read(cls, value: Json) -> Self:
        blocks = tuple(_block_from_json(row) for row in value["blocks"])
        containers = tuple(_container_from_json(row, len(blocks)) for row in value["containers"])
        chapters = tuple(
            BaseChapter(*_span(first, end, len(blocks)), _attributes(attributes), _text(name))
            for first, end, attributes, name in value["chapters"]
        )
        notes = tuple(
            BaseNote(_text(key), _text(label), _number(mark, least=-1), *_span(first, end, len(blocks)))
            for key, label, mark, first, end in value["notes"]
        )
        objects = {_text(key): _object_from_json(row) for key, row in value["objects"].items()}
        if any("title" not in chapter.attributes for chapter in chapters):
            raise ValueError("a chapter without a title")
        if any(not NOTES <= block.chapter < len(chapters) for block in blocks):
            raise ValueError("a block of no chapter")
        if any(note.mark >= len(blocks) for note in notes):
            raise ValueError("a note of no block")
        return cls(blocks, containers, chapters, notes, objects)


def base_of(book: Book, leaves: Leaves | None = None) -> Base:
    """Return the base of a Book as it is now."""
    found = leaves or leaves_of(book)
    return Base(
        tuple(_of_leaf(leaf) for leaf in found.leaves),
        tuple(_of_container(one) for one in found.containers),
        tuple(
            BaseChapter(span.start, span.stop, chapter_attributes(chapter), chapter.id)
            for chapter, span in zip(book.chapters, found.chapters, strict=True)
        ),
        tuple(_notes_of(book, found)),
        _objects_of(found),
    )


def _of_leaf(leaf: Leaf) -> BaseBlock:
    words = tuple(_without_nodes(word) for word in leaf.words if word.pieces or word.gap)
    pieces = tuple(merged(piece for piece in pieces_of_words(words) if piece.text))
    block = BaseBlock(leaf.kind, leaf.chapter, pieces, attributes_of(leaf.kind, leaf.block), leaf.place)
    block.__dict__["words"] = words  # they are divided already
    return block


def _of_container(one: Container) -> BaseContainer:
    return BaseContainer(one.kind, one.first, one.end, attributes_of(one.kind, one.block), shape_of(one.block))


def _notes_of(book: Book, found: Leaves) -> Iterator[BaseNote]:
    """Yield the notes of the Book in their order, each with its first mark."""
    marks: dict[str, tuple[int, str, str]] = {}
    for number, leaf in enumerate(found.leaves):
        for piece in _kept_of(leaf):
            if isinstance(piece.node, NoteRef):
                marks.setdefault(piece.node.note_id, (number, piece.kept, piece.node.label))
    for name, span in zip(book.notes, found.notes, strict=True):
        mark, key, label = marks.get(name, (-1, "", ""))
        yield BaseNote(key, label, mark, span.start, span.stop)


def _objects_of(found: Leaves) -> dict[str, BaseObject]:
    """Return what formulas and pictures show, by their keys. Pictures have the alternative text of the first place."""
    objects: dict[str, BaseObject] = {}
    for leaf in found.leaves:
        if leaf.kind == FIGURE and isinstance(leaf.block, Figure):
            key = leaf.words[0].pieces[0].kept
            objects.setdefault(key, _picture(leaf.block))
        for piece in _kept_of(leaf):
            node = piece.node
            if isinstance(node, InlineImage):
                objects.setdefault(piece.kept, _picture(node))
            elif isinstance(node, Math):
                objects.setdefault(piece.kept, BaseObject("math", node.alt, node.mathml, is_display=node.display))
    return objects


def _picture(node: Figure | InlineImage) -> BaseObject:
    return BaseObject("picture", node.alt, asset=node.asset, is_decorative=node.decorative)


def _kept_of(leaf: Leaf) -> Iterator[Piece]:
    return (piece for word in leaf.words for piece in word.pieces if piece.kept)


def _without_nodes(word: Word) -> Word:
    if not word.hidden and all(piece.node is None for piece in word.pieces):
        return word
    return Word(tuple(Piece(piece.text, piece.marks, piece.kept) for piece in word.pieces), word.gap)


def _key(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()[:_KEY_DIGITS]


def _around(keys: Sequence[str], number: int) -> tuple[str, str, str]:
    before = keys[number - 1] if number else ""
    after = keys[number + 1] if number + 1 < len(keys) else ""
    return keys[number], before, after


def _found(keys: Sequence[str], anchor: BlockAnchor) -> int | None:
    """Return the number of what an anchor names: by its number where the key agrees, else by the keys around it."""
    if anchor.block < len(keys) and keys[anchor.block] == anchor.key:
        return anchor.block
    places = [number for number, key in enumerate(keys) if key == anchor.key]
    if len(places) > 1:
        wanted = (anchor.key, anchor.before, anchor.after)
        places = [number for number in places if _around(keys, number) == wanted]
    return places[0] if len(places) == 1 else None


def _block_to_json(block: BaseBlock) -> list[Any]:
    rows = [piece_to_json(piece) for piece in block.pieces]
    return [block.kind, block.chapter, rows, block.attributes, block.place.part, block.place.index]


def _block_from_json(row: list[Any]) -> BaseBlock:
    kind, chapter, pieces, attributes, part, index = row
    read = tuple(piece_from_json(piece) for piece in pieces)
    place = SourcePlace(_text(part), _number(index))
    return BaseBlock(_text(kind), _number(chapter, least=NOTES), read, _attributes(attributes), place)


def _container_from_json(row: list[Any], count: int) -> BaseContainer:
    kind, first, end, attributes, shape = row
    first, end = _span(first, end, count)
    read = tuple(tuple(tuple(map(_number, cell)) for cell in line) for line in shape)
    if not all(cell for line in read for cell in line) or (read and not 0 <= end - first - leaves_in(read) <= 1):
        raise ValueError("not the shape of a container")
    return BaseContainer(_text(kind), first, end, _attributes(attributes), read)


def _object_to_json(one: BaseObject) -> list[Any]:
    """Return an object without what it is by default at the end: bases from before stay the same."""
    row = [one.kind, one.alt, one.mathml, one.asset, one.is_display]
    return [*row, True] if one.is_decorative else row


def _object_from_json(row: list[Any]) -> BaseObject:
    kind, alt, mathml, asset, is_display, *rest = row
    if not isinstance(is_display, bool) or rest not in ([], [True]):
        raise TypeError
    return BaseObject(_text(kind), _text(alt), _text(mathml), _text(asset), is_display, bool(rest))


def piece_to_json(piece: Piece) -> str | list[Any]:
    """Return a piece in its shortest form: its text alone, or with its marks, or with its node's key too."""
    if not piece.marks and not piece.kept:
        return piece.text
    row: list[Any] = [piece.text, [list(mark) for mark in piece.marks]]
    return [*row, piece.kept] if piece.kept else row


def piece_from_json(row: str | list[Any]) -> Piece:
    """Return the piece. Raises ValueError or TypeError for another form."""
    if isinstance(row, str):
        return Piece(row)
    text, marks, *kept = row
    read = tuple(tuple(_text(part) for part in mark) for mark in marks)
    if not all(is_mark(mark) for mark in read) or len(kept) > 1:
        raise ValueError("not a piece")
    return Piece(_text(text), read, _text(kept[0]) if kept else "")


def _unpacked(content: bytes) -> bytes:
    unpacking = zlib.decompressobj(wbits=31)
    unpacked = unpacking.decompress(content, MAX_BYTES)
    if not unpacking.eof:
        raise ValueError("too large, or cut off")
    return unpacked


def _span(first: Any, end: Any, count: int) -> tuple[int, int]:
    if not 0 <= _number(first) <= _number(end) <= count:
        raise ValueError("not a range")
    return first, end


def _attributes(value: Any) -> dict[str, Value]:
    if not isinstance(value, dict) or not all(isinstance(given, str | int) for given in value.values()):
        raise TypeError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _number(value: Any, *, least: int = 0) -> int:
    if not isinstance(value, int) or value < least:
        raise TypeError
    return value

"""A chapter's blocks with its patches, as `patches.apply_patches` makes them in the Book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from ..patches.attributes import Value
from ..patches.build import indents_of, lines_of
from ..patches.leaves import FIGURE, HEADING, SCENE
from ..patches.model import InsertEdit, JoinEdit, KindEdit, NewBlock, Patch, PictureEdit, SetEdit, SplitEdit, WordsEdit
from ..patches.pieces import BREAK, Piece
from ..patches.shapes import ALIGNMENTS
from ..patches.words import Word, fold, pieces_of_words, words_of
from .document import TEXTS, Block
from .known import Known
from .structure import Item, Key, Structure

SIGN_CHARACTERS = 40
DEFAULT_LEVEL = 2  # of a heading that was something else


@dataclass(slots=True)
class _Part:
    """A leaf, or a part of one that was split, while words are added to it."""

    block: Block
    words: list[Word]


class View:
    """Makes blocks of items."""

    def __init__(self, structure: Structure, known: Known) -> None:
        self.structure, self.base, self.known = structure, structure.base, known

    def blocks(self, items: Sequence[Item]) -> list[Block]:
        """Return the blocks of a list of items, as patched."""
        result: list[Block] = []
        parts: list[_Part] = []  # of this list, for joining: the last one goes on
        for item in items:
            result += self._inserted(item.key, is_before=True)
            if not item.is_leaf:
                result += self._container(item)
            elif item.kind in TEXTS:
                result += self._leaf(item, parts)
            elif item.key not in self.known.removed:
                result.append(self._sign(item))
            result += self._inserted(item.key, is_before=False)
        for part in parts:
            _finish(part, self.known)
        return result

    def _inserted(self, key: Key, *, is_before: bool) -> list[Block]:
        patch = self.known.inserts.get((key, is_before))
        if patch is None or not isinstance(patch.edit, InsertEdit):
            return []
        return blocks_of(patch, patch.edit.blocks)

    # ------------------------------------------------------------ leaves

    def _leaf(self, item: Item, parts: list[_Part]) -> list[Block]:
        """Return the blocks of a leaf: none where it was joined or removed, several where it was split."""
        number = item.number
        segments = self._segments(number)
        first = _Part(self.shown(item), segments[0].words)
        join = self.known.joins.get(number - 1)
        result: list[Block] = []
        if join is not None and parts and parts[-1].block.id.partition(".")[0] != item.id:
            _join(parts[-1], first.words, join)
        else:
            parts.append(first)
            result += [] if item.key in self.known.removed else [self._wrapped(item, first.block)]
        leaf = self.base.blocks[number]
        for segment in segments[1:]:
            assert segment.split is not None and isinstance(segment.split.edit, SplitEdit)  # noqa: S101 (for mypy)
            result += blocks_of(segment.split, segment.split.edit.between)
            rest = Block(f"{item.id}.{segment.split.anchor.start}", leaf.kind, dict(leaf.attributes))
            parts.append(_Part(rest, segment.words))
            result.append(rest)
        return result

    def words(self, number: int) -> list[Word]:
        """Return the words of a leaf as patched, up to where it was split."""
        return self._segments(number)[0].words

    def _segments(self, number: int) -> list[_Segment]:
        words = self.base.blocks[number].words
        segments = [_Segment(None, [])]
        at = 0
        for one in self.known.words.get(number, ()):
            segments[-1].words += words[at : one.span.start]
            at = one.span.end
            if isinstance(one.patch.edit, WordsEdit):
                segments[-1].words += one.patch.edit.new_words
            else:
                segments.append(_Segment(one.patch, []))
        segments[-1].words += words[at:]
        for segment in segments[:-1]:
            if segment.words:
                segment.words[-1] = replace(segment.words[-1], gap=())
        return segments

    def shown(self, item: Item) -> Block:
        """Return the block of a leaf or container without text and blocks: its kind and attributes as patched."""
        owner = self.structure.owner(item.key)
        attributes = self.attributes(item.key, owner.attributes)
        return Block(item.id, owner.kind, attributes)

    def attributes(self, key: Key, read: Mapping[str, Value]) -> dict[str, Value]:
        attributes = dict(read)
        for name, patch in self.known.sets.get(key, {}).items():
            assert isinstance(patch.edit, SetEdit)  # noqa: S101 (for mypy)
            attributes[name] = patch.edit.new
        return {name: value for name, value in attributes.items() if value or name == "title"}

    def _wrapped(self, item: Item, block: Block) -> Block:
        """Return the block, or the quotation that a patch put around it."""
        patch = self.known.kinds.get(item.key)
        if patch is None or not isinstance(patch.edit, KindEdit) or patch.edit.new != "quotation":
            return block
        attributes = {name: value for name, value in patch.edit.attributes.items() if value}
        return Block(f"{_name(patch)}.0", "quotation", attributes, blocks=[block])

    def _sign(self, item: Item) -> Block:
        block = self.shown(item)
        if item.kind == FIGURE:
            return self._figure(item, block)
        patch = self.known.kinds.get(item.key)
        if patch is not None and isinstance(patch.edit, KindEdit) and patch.edit.new != "quotation":
            sign = str(block.attributes.get("sign", ""))
            text = (Piece(sign),) if sign.strip() else ()
            block = Block(block.id, patch.edit.new, _of_kind({}, patch.edit), text)
        return self._wrapped(item, block)

    def _figure(self, item: Item, block: Block) -> Block:
        key = self.base.blocks[item.number].pieces[0].kept
        asset = self.base.objects[key].asset if key in self.base.objects else ""
        for patch in self.known.pictures.get((item.number, 0), ()):
            if isinstance(patch.edit, PictureEdit):
                asset = patch.edit.new
            elif isinstance(patch.edit, SetEdit):
                block.attributes[patch.edit.name] = patch.edit.new
        block.attributes["asset"] = asset
        if item.caption is not None:
            block.blocks = self.blocks([item.caption])
        return block

    # ------------------------------------------------------------ containers

    def _container(self, item: Item) -> list[Block]:
        if item.key in self.known.removed:
            return []
        patch = self.known.kinds.get(item.key)
        if patch is not None and item.kind == "quotation":
            return self.blocks(item.rows[0][0])
        block = self.shown(item)
        if item.caption is not None:
            block.blocks = self.blocks([item.caption])
        if item.kind in ("quotation", "aside"):
            block.blocks += self.blocks(item.rows[0][0])
            return [block]
        shape = self.base.containers[item.number].shape
        for place, (row, cells) in enumerate(zip(item.rows, shape, strict=True)):
            block.blocks.append(self._row(item.kind, f"{block.id}.{place}", row, cells))
        return [block]

    def _row(self, kind: str, name: str, row: list[list[Item]], cells: tuple[tuple[int, ...], ...]) -> Block:
        if kind == "list":
            checked = {0: {}, 1: {"checked": False}, 2: {"checked": True}}[cells[0][1]]
            return Block(name, "item", dict[str, Value](checked), blocks=self.blocks(row[0]))
        if kind == "definitions":
            return Block(name, "definition", blocks=self.blocks(row[0]))
        if kind == "verse":
            return Block(name, "stanza", blocks=[self._line(*line) for line in zip(row, cells, strict=True)])
        made = [
            Block(f"{name}.{column}", "cell", of_cell(cell), blocks=self.blocks(inner))
            for column, (inner, cell) in enumerate(zip(row, cells, strict=True))
        ]
        return Block(name, "row", blocks=made)

    def _line(self, items: list[Item], cell: tuple[int, ...]) -> Block:
        (block,) = self.blocks(items)
        if cell[1]:
            block.attributes["indent"] = cell[1]
        return block


@dataclass(slots=True)
class _Segment:
    """Words of a leaf up to where it is split; `split` is the patch that it begins with."""

    split: Patch | None
    words: list[Word]


def of_cell(cell: tuple[int, ...]) -> dict[str, Value]:
    """Return the attributes of a cell of a table from its shape."""
    _, header, colspan, rowspan, *align = cell
    found: dict[str, Value] = {"header": True} if header else {}
    found |= {"colspan": colspan} if colspan > 1 else {}
    found |= {"rowspan": rowspan} if rowspan > 1 else {}
    return found | ({"align": str(ALIGNMENTS[align[0]])} if align and align[0] < len(ALIGNMENTS) else {})


def _join(part: _Part, words: Sequence[Word], join: Patch) -> None:
    assert isinstance(join.edit, JoinEdit)  # noqa: S101 (for mypy)
    if join.edit.has_blank and part.words and not part.words[-1].gap:
        part.words[-1] = replace(part.words[-1], gap=(Piece(" "),))
    part.words += words


def _finish(part: _Part, known: Known) -> None:
    """Give a part its text, and the kind that a patch made of it."""
    block = part.block
    block.text = tuple(pieces_of_words(part.words))
    number = int(block.id[1:].partition(".")[0])
    patch = known.kinds.get(("b", number)) if "." not in block.id else None
    if patch is None or not isinstance(patch.edit, KindEdit) or patch.edit.new == "quotation":
        return
    edit = patch.edit
    if edit.new == SCENE:
        text = "".join(piece.text for piece in block.text if not piece.kept).replace(BREAK, " ")
        block.attributes = {"sign": fold(text)[:SIGN_CHARACTERS], **edit.attributes}
        block.text = ()
    else:
        block.attributes = _of_kind(block.attributes, edit)
    block.attributes = {name: value for name, value in block.attributes.items() if value}
    block.kind = edit.new


def _of_kind(read: Mapping[str, Value], edit: KindEdit) -> dict[str, Value]:
    """Return the attributes of a paragraph or heading that was another kind."""
    carried = {name: value for name, value in read.items() if name in ("lang", "direction")}
    level: dict[str, Value] = {"level": DEFAULT_LEVEL} if edit.new == HEADING else {}
    found: dict[str, Value] = {**carried, **level, **edit.attributes}
    return {name: value for name, value in found.items() if value}


def _name(patch: Patch) -> str:
    return f"p{patch.identity[:12]}"


# ---------------------------------------------------------------- new blocks


def blocks_of(patch: Patch, blocks: Iterable[NewBlock]) -> list[Block]:
    """Return the blocks that a patch puts in."""
    numbers = count()
    return list(_new(blocks, _name(patch), numbers))


def _new(blocks: Iterable[NewBlock], name: str, numbers: Iterator[int]) -> Iterator[Block]:
    for new in blocks:
        attributes = {n: value for n, value in new.attributes.items() if value or new.kind == "item"}
        made = Block(f"{name}.{next(numbers)}", new.kind, attributes)
        if new.kind == "verse":
            made.attributes.pop("indents", None)
            made.blocks = _stanzas(new, name, numbers)
        elif new.kind in TEXTS:
            made.text = tuple(pieces_of_words(words_of(new.text)))
            if new.kind == HEADING:
                made.attributes.setdefault("level", DEFAULT_LEVEL)
        made.blocks += _new(new.children, name, numbers)
        yield made


def _stanzas(verse: NewBlock, name: str, numbers: Iterator[int]) -> list[Block]:
    stanzas: list[Block] = []
    indents = indents_of(verse)
    is_open = False
    for line in lines_of(verse.text):
        if not line:
            is_open = False
            continue
        if not is_open:
            stanzas.append(Block(f"{name}.{next(numbers)}", "stanza"))
        is_open = True
        words = tuple(pieces_of_words(words_of(line)))
        indent = next(indents, 0)
        attributes: dict[str, Value] = {"indent": indent} if indent else {}
        stanzas[-1].blocks.append(Block(f"{name}.{next(numbers)}", "line", attributes, words))
    return stanzas

"""The patches that make a chapter of its base, by comparing both; never from the steps of an editor.

Blocks are known by their ids. Of those that come back in another order, as many as possible stay; the others are
removed and put in again. What patches cannot say raises NotPossible.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..patches.attributes import ATTRIBUTES, Value
from ..patches.base import BlockAnchor
from ..patches.diff import UnknownNode
from ..patches.leaves import HEADING, PARAGRAPH, SCENE
from ..patches.model import (
    Edit,
    InsertEdit,
    JoinEdit,
    KindEdit,
    Patch,
    RemoveEdit,
    SetEdit,
    SplitEdit,
    Target,
    WordsEdit,
)
from ..patches.words import pieces_of_words, words_of
from .document import TEXTS, Block
from .errors import NotPossible
from .flow import Dividing, Division
from .new_blocks import new_block, own_attributes
from .staying import may_stay
from .structure import Item, Key, Structure
from .view import DEFAULT_LEVEL

_FLOWING = (PARAGRAPH, HEADING)
_NUMBERS, _FLAGS = {"level", "start", "header_rows"}, {"ordered", "left_out", "decorative"}


def zero(name: str) -> Value:
    """Return the value of an attribute that is not given."""
    if name in _NUMBERS:
        return 0
    return False if name in _FLAGS else ""


class Comparison:
    """Compares lists of items of a base with blocks that are wanted, and collects patches."""

    def __init__(self, structure: Structure, author: str, made_at: str) -> None:
        self.structure, self.base = structure, structure.base
        self.author, self.made_at = author, made_at
        self.made: list[Patch] = []
        self._dividing = Dividing(lambda item: self.base.blocks[item.number].words, self._may_be_rest)

    def blocks(self, items: Sequence[Item], wanted: Sequence[Block], parent: str = "") -> None:
        """Compare a list of items with the blocks wanted in it."""
        items = self._unwrapped(items, wanted)
        if not items:
            if wanted:
                raise NotPossible("nothing-to-hang-on", parent or wanted[0].id)
            return
        staying = self._with_text(items, wanted, self._staying(items, wanted))
        first_item, first_block = staying[0] if staying else (len(items), len(wanted))
        self._insert(items[0], wanted[:first_block], is_before=True)
        self._remove(items[:first_item])
        ends = [*staying[1:], (len(items), len(wanted))]
        for (item, block), (next_item, next_block) in zip(staying, ends, strict=False):
            self._stay(items[item], wanted[block], items[item + 1 : next_item], wanted[block + 1 : next_block])

    # ------------------------------------------------------------ which blocks stay

    def _unwrapped(self, items: Sequence[Item], wanted: Sequence[Block]) -> list[Item]:
        """Return the items with those of quotations that are no more, but whose blocks are still there."""
        ids = {block.id for block in wanted}
        result: list[Item] = []
        for item in items:
            inner = item.rows[0][0] if item.kind == "quotation" else []
            if item.id not in ids and any(one.id in ids for one in inner):
                self._make(item.key, KindEdit("quotation", PARAGRAPH))
                result += self._unwrapped(inner, wanted)
            else:
                result.append(item)
        return result

    def _staying(self, items: Sequence[Item], wanted: Sequence[Block]) -> list[tuple[int, int]]:
        """Return the items that stay in their order, with the blocks that they are."""
        places = {item.id: number for number, item in enumerate(items)}
        ids = {block.id for block in wanted}
        pairs: list[tuple[int, int]] = []
        for number, block in enumerate(wanted):
            place = places.get(block.id)
            if place is None:
                place = places.get(_wrapped(block).id)
                if place is None or not self._may_be_wrapped(items[place], block):
                    continue
            elif not may_stay(self.base, items[place], block):
                continue
            if self._has_objects(items, place, _wrapped(block), ids):
                pairs.append((place, number))
        return _longest_rise(pairs)

    def _has_objects(self, items: Sequence[Item], place: int, block: Block, ids: set[str]) -> bool:
        """Return whether the formulas, note marks and pictures in a text are its own, or those of leaves that may have
        been joined to it."""
        item = items[place]
        missing = {piece.kept for piece in block.text if piece.kept}
        if not missing or not item.is_leaf or item.kind not in _FLOWING:
            return True
        missing -= self._objects(item)
        for other in _in_a_row(item, items[place + 1 :]) if missing else ():
            if other.id in ids:
                break
            missing -= self._objects(other)
        return not missing

    def _objects(self, item: Item) -> set[str]:
        return {piece.kept for piece in self.base.blocks[item.number].pieces if piece.kept}

    def _may_be_wrapped(self, item: Item, block: Block) -> bool:
        return item.kind in _FLOWING and item.kind == _wrapped(block).kind

    def _with_text(
        self, items: Sequence[Item], wanted: Sequence[Block], staying: list[tuple[int, int]]
    ) -> list[tuple[int, int]]:
        """Return the pairs with those moved on whose words all came into the block that was split from theirs."""
        ends = [*(block for _, block in staying[1:]), len(wanted)]
        result = []
        for (place, number), end in zip(staying, ends, strict=False):
            item, block = items[place], wanted[number]
            moved = number
            if item.is_leaf and item.kind in _FLOWING and block.kind == item.kind and not words_of(block.text):
                rests = (n for n in range(number + 1, end) if _is_from(wanted[n], {item.id}) and wanted[n].text)
                moved = next((n for n in rests if wanted[n].kind == item.kind), number)
            result.append((place, moved))
        return result

    # ------------------------------------------------------------ one block and what follows it

    def _stay(self, item: Item, block: Block, missing: Sequence[Item], following: Sequence[Block]) -> None:
        """Compare an item with its block, and what comes between both and the next that stays."""
        if not item.is_leaf or item.kind not in TEXTS or block.kind == SCENE:
            self._own(item, block)
            self._insert(item, following)
            self._remove(missing)
            return
        inner = block if block.id == item.id or block.kind in TEXTS else _wrapped(block)
        parts, candidates = [inner], [item]
        if item.kind in _FLOWING:
            candidates += _in_a_row(item, missing)
            ids = {one.id for one in candidates}
            parts += [one for one in following if one.kind in _FLOWING and _is_from(one, ids)]
        division = self._dividing.divide(candidates, parts)
        try:
            texts = list(self._texts(division))
        except UnknownNode:
            division = self._dividing.divide([item], [inner])
            try:
                texts = list(self._texts(division))
            except UnknownNode:
                self._replace(item, block, missing, following)
                return
        self.made += texts
        self._attributes(item, block)
        self._divided(division, following)
        self._remove(one for one in missing if all(one is not leaf for leaf in division.leaves))

    def _replace(self, item: Item, block: Block, missing: Sequence[Item], following: Sequence[Block]) -> None:
        """Put a block in again that has a formula, note mark or picture of another one."""
        if item.kind not in _FLOWING:
            raise NotPossible("object-moved", block.id)
        self._insert(item, [block, *following])
        self._remove([item, *missing])

    def _texts(self, division: Division) -> Iterator[Patch]:
        for cell in division.cells:
            number = division.leaves[cell.leaf].number
            words = self.base.blocks[number].words
            for old, new in cell.differences(words):
                was, now = pieces_of_words(words[slice(*old)]), pieces_of_words(cell.words[slice(*new)])
                yield self._patch(self.base.anchor(number, *old), WordsEdit(tuple(was), tuple(now)))
            if cell.is_joined:
                yield self._patch(self.base.anchor(number), JoinEdit(cell.has_blank))

    def _divided(self, division: Division, following: Sequence[Block]) -> None:
        """Make the patches of the blocks that follow: rests, leaves of their own again, and new ones between them."""
        waiting: list[Block] = []
        rests = {id(part): number for number, part in enumerate(division.parts) if number}
        for block in following:
            number = rests.get(id(block))
            if number is None:
                waiting.append(block)
                continue
            leaf, at = division.starts[number]
            item = division.leaves[leaf]
            if at:
                between = tuple(map(new_block, waiting))
                self.made.append(self._patch(self.base.anchor(item.number, at, at), SplitEdit(between)))
            else:
                self._insert(division.leaves[leaf - 1], waiting)
                self._attributes(item, block)
            waiting = []
        self._insert(division.leaves[-1], waiting)

    def _may_be_rest(self, item: Item, block: Block) -> bool:
        """Return whether a block may be the rest of a leaf that is split: it has the leaf's kind and attributes."""
        read = self.base.blocks[item.number]
        return block.kind == read.kind and own_attributes(block) == read.attributes

    # ------------------------------------------------------------ one block

    def _own(self, item: Item, block: Block) -> None:
        """Compare a container, a scene break, a figure, or a text that became a scene break."""
        self._attributes(item, block)
        if item.is_leaf:
            if item.caption is not None or block.blocks:
                self._caption(item, block.blocks)
        elif item.kind in ("quotation", "aside"):
            self.blocks(item.rows[0][0], block.blocks, block.id)
        elif item.kind == "list":
            for row, inner in zip(item.rows, block.blocks, strict=True):
                self.blocks(row[0], inner.blocks, inner.id)
        elif item.kind == "verse":
            for row, stanza in zip(item.rows, block.blocks, strict=True):
                for line, inner in zip(row, stanza.blocks, strict=True):
                    self._text(line[0], inner)
        elif item.kind == "definitions":
            self._definitions(item, block)
        else:
            self._table(item, block)

    def _definitions(self, item: Item, block: Block) -> None:
        for row, inner in zip(item.rows, block.blocks, strict=True):
            self._text(row[0][0], inner.blocks[0])
            if row[0][1:]:
                self.blocks(row[0][1:], inner.blocks[1:], inner.id)

    def _table(self, item: Item, block: Block) -> None:
        captions = [one for one in block.blocks if one.kind == "caption"]
        rows = [one for one in block.blocks if one.kind == "row"]
        self._caption(item, captions)
        for cells, wanted in zip(item.rows, rows, strict=True):
            for cell, inner in zip(cells, wanted.blocks, strict=True):
                if cell:
                    self.blocks(cell, inner.blocks, inner.id)

    def _caption(self, item: Item, captions: Sequence[Block]) -> None:
        """Compare a caption; one that is not there any more has no words."""
        if item.caption is None:
            return
        self._text(item.caption, captions[0] if captions else Block(item.caption.id, "caption"))

    def _text(self, item: Item, block: Block) -> None:
        try:
            self.made += self._texts(self._dividing.divide([item], [block]))
        except UnknownNode:
            raise NotPossible("object-moved", block.id) from None

    def _attributes(self, item: Item, block: Block) -> None:
        """Compare the kind and the attributes."""
        read = self.structure.owner(item.key)
        if block.kind == "quotation" and item.is_leaf:
            self._make(item.key, KindEdit(item.kind, "quotation", own_attributes(block)))
            block = _wrapped(block)
        if block.kind != item.kind:
            self._make(item.key, KindEdit(item.kind, block.kind, _of_kind(read.attributes, block)))
            return
        now = own_attributes(block)
        if int(now.get("header_rows", 0)) > len(item.rows) and item.kind == "table":
            raise NotPossible("header-rows", block.id)
        target = Target.BLOCK if item.is_leaf else Target.CONTAINER
        for attribute in ATTRIBUTES.get(item.kind, ()):
            name = attribute.name
            old, new = read.attributes.get(name, zero(name)), now.get(name, zero(name))
            if old != new:
                self._make(item.key, SetEdit(target, name, old, new))

    # ------------------------------------------------------------ coming and going

    def _insert(self, item: Item, blocks: Sequence[Block], *, is_before: bool = False) -> None:
        if blocks:
            target = Target.BLOCK if item.is_leaf else Target.CONTAINER
            self._make(item.key, InsertEdit(tuple(map(new_block, blocks)), is_before, target))

    def _remove(self, items: Iterable[Item]) -> None:
        for item in items:
            self._make(item.key, RemoveEdit(Target.BLOCK if item.is_leaf else Target.CONTAINER))

    def _make(self, key: Key, edit: Edit) -> None:
        anchor = self.base.anchor(key[1]) if key[0] == "b" else self.base.container_anchor(key[1])
        self.made.append(self._patch(anchor, edit))

    def _patch(self, anchor: BlockAnchor, edit: Edit) -> Patch:
        return Patch(self.base.identity, anchor, edit, self.author, self.made_at)


def _wrapped(block: Block) -> Block:
    """Return the only block of a quotation, or the block itself."""
    if block.kind == "quotation" and len(block.blocks) == 1 and block.id[:1] not in "bc":
        return block.blocks[0]
    return block


def _is_from(block: Block, ids: set[str]) -> bool:
    """Return whether a block is the rest of one of these."""
    return block.id not in ids and (block.origin or block.id).partition(".")[0] in ids


def _in_a_row(item: Item, missing: Sequence[Item]) -> Iterator[Item]:
    """Yield the leaves that may have been joined to one: they follow it in the same list and are of its kind."""
    number = item.number
    for one in missing:
        number += 1
        if one.key != ("b", number) or one.kind != item.kind or one.home != item.home:
            return
        yield one


def _longest_rise(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest run of pairs whose first numbers rise: what is not in it was moved."""
    tops: list[int] = []  # the least first number that a run of each length ends with
    ends: list[int] = []
    before: list[int] = []
    for number, (place, _) in enumerate(pairs):
        at = bisect_left(tops, place)
        before.append(ends[at - 1] if at else -1)
        tops[at : at + 1] = [place]
        ends[at : at + 1] = [number]
    found: list[tuple[int, int]] = []
    number = ends[-1] if ends else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]


def _of_kind(read: Mapping[str, Value], block: Block) -> dict[str, Value]:
    """Return the attributes that a block of another kind must be given."""
    now = own_attributes(block)
    if block.kind == SCENE:
        return {"sign": now.get("sign", "")}
    default: dict[str, Value] = {name: value for name, value in read.items() if name in ("lang", "direction")}
    if block.kind == HEADING:
        default["level"] = DEFAULT_LEVEL
    names = (attribute.name for attribute in ATTRIBUTES[block.kind])
    return {
        name: now.get(name, zero(name)) for name in names if now.get(name, zero(name)) != default.get(name, zero(name))
    }

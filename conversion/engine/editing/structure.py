"""The blocks of a base as they are nested: items are leaves or containers, with their numbers in the base."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from ..patches.base import Base, BaseBlock, BaseContainer
from ..patches.leaves import CAPTION, FIGURE
from ..patches.shapes import leaves_in

type Key = tuple[str, int]  # "b" and the number of a leaf, or "c" and that of a container


@dataclass(slots=True)
class Item:
    """A leaf, or a container with rows of cells of items; one that only holds blocks has one cell. `home` is the key of
    the container, or the chapter, whose list the item is in. A figure or a table may have a caption."""

    key: Key
    kind: str
    home: tuple[str | int, ...]
    rows: list[list[list[Item]]] = field(default_factory=list)
    caption: Item | None = None

    @property
    def number(self) -> int:
        return self.key[1]

    @property
    def is_leaf(self) -> bool:
        return self.key[0] == "b"

    @property
    def id(self) -> str:
        return f"{self.key[0]}{self.key[1]}"


class Structure:
    """The nesting of a base. Containers without leaves are left out: nothing can be said about them."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self._starts: defaultdict[int, list[int]] = defaultdict(list)
        for number, one in enumerate(base.containers):
            if one.first < one.end:
                self._starts[one.first].append(number)
        for numbers in self._starts.values():  # the outermost first: it ends last, and comes last in the base
            numbers.sort(key=lambda number: (-base.containers[number].end, -number))

    def owner(self, key: Key) -> BaseBlock | BaseContainer:
        return self.base.blocks[key[1]] if key[0] == "b" else self.base.containers[key[1]]

    def leaves(self, item: Item) -> range:
        """Return the numbers of an item's leaves, its caption's too."""
        if item.is_leaf:
            return range(item.number, item.number + (2 if item.caption else 1))
        one = self.base.containers[item.number]
        return range(one.first, one.end)

    def items(self, first: int, end: int, home: tuple[str | int, ...], opened: int = 0) -> list[Item]:
        """Return the items of a range of leaves. `opened` containers that begin with the first leaf are around it."""
        found: list[Item] = []
        at = first
        while at < end:
            starting = [
                number
                for number in self._starts.get(at, [])[opened if at == first else 0 :]
                if self.base.containers[number].end <= end
            ]
            if starting:
                found.append(self._container(starting[0], home, 1 + (opened if at == first else 0)))
                at = self.base.containers[starting[0]].end
            else:
                found.append(self._leaf(at, end, home))
                at += 2 if found[-1].caption else 1
        return found

    def _leaf(self, number: int, end: int, home: tuple[str | int, ...]) -> Item:
        item = Item(("b", number), self.base.blocks[number].kind, home)
        following = number + 1
        if item.kind == FIGURE and following < end and following not in self._starts:
            caption = self.base.blocks[following]
            if caption.kind == CAPTION:
                item.caption = Item(("b", following), CAPTION, (*item.key, "caption"))
        return item

    def _container(self, number: int, home: tuple[str | int, ...], opened: int) -> Item:
        one = self.base.containers[number]
        item = Item(("c", number), one.kind, home)
        if one.kind in ("quotation", "aside"):
            item.rows = [[self.items(one.first, one.end, item.key, opened)]]
            return item
        at = one.first
        if one.end - one.first > leaves_in(one.shape):
            item.caption = Item(("b", at), CAPTION, (*item.key, "caption"))
            at += 1
        for place, row in enumerate(one.shape):
            cells: list[list[Item]] = []
            for column, cell in enumerate(row):
                inner = opened if at == one.first else 0
                cells.append(self.items(at, at + cell[0], (*item.key, place, column), inner))
                at += cell[0]
            item.rows.append(cells)
        return item

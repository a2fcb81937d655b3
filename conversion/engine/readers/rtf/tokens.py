"""The syntax of RTF: control words, groups, text; and whole groups as small trees.

The body of a document is read token by token; its tables (fonts, styles, lists), field codes and pictures are read as
trees, which `group_at` builds without recursion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

# Groups of the pattern, by `lastindex` of a match. Line ends are no token: they match without a group.
WORD, NUMBER, HEX, SYMBOL, BRACE, TEXT = range(1, 7)
TOKEN = re.compile(
    rb"\\(?:([A-Za-z]{1,40})(-?\d{1,20})? ?|'([0-9A-Fa-f]{2})|(.))|([{}])|([^\\{}\r\n]+)|[\r\n]+", re.DOTALL
)
_NESTING = re.compile(rb"\\bin(\d{1,20}) ?|\\.|[{}]", re.DOTALL)
MAX_DEPTH = 60  # of a tree; what is deeper goes to the group around it
MAX_ITEMS = 2_000_000  # of a tree


class Word(NamedTuple):
    """A control word, or a control symbol, and its number."""

    name: bytes
    number: int | None = None


class Binary(NamedTuple):
    """The bytes after `\\bin`."""

    data: bytes


@dataclass(slots=True)
class Group:
    """The contents of a pair of braces. A number among them is a byte written as `\\'xx`."""

    items: list[Group | Word | Binary | bytes | int] = field(default_factory=list)

    @property
    def name(self) -> bytes:
        """The first control word: what the group is for."""
        return next((item.name for item in self.items if isinstance(item, Word) and item.name != b"*"), b"")

    def groups(self, name: bytes = b"") -> Iterator[Group]:
        """The groups directly inside, or those of one name."""
        for item in self.items:
            if isinstance(item, Group) and (not name or item.name == name):
                yield item

    def words(self) -> dict[bytes, int | None]:
        """The control words directly inside with their numbers; the last one of a name counts."""
        return {item.name: item.number for item in self.items if isinstance(item, Word)}

    def find(self, name: bytes) -> Group | None:
        """The first group of that name, at any depth."""
        for inner in self.groups():
            found = inner if inner.name == name else inner.find(name)
            if found is not None:
                return found
        return None


def number_of(match: re.Match[bytes]) -> int | None:
    """The number of a control word, or None without one."""
    digits = match.group(NUMBER)
    return int(digits) if digits else None


class _Tree:
    """A group while it is built."""

    def __init__(self) -> None:
        self.root = Group()
        self._open = [self.root]
        self._deeper = 0

    @property
    def depth(self) -> int:
        """How many groups are open."""
        return len(self._open) + self._deeper

    def open(self) -> None:
        if len(self._open) < MAX_DEPTH:
            inner = Group()
            self._open[-1].items.append(inner)
            self._open.append(inner)
        else:
            self._deeper += 1

    def close(self) -> None:
        if self._deeper:
            self._deeper -= 1
        else:
            self._open.pop()

    def add(self, match: re.Match[bytes]) -> None:
        """One token that is no brace."""
        kind = match.lastindex
        inside = self._open[-1].items
        if kind == TEXT:
            inside.append(match.group())
        elif kind == HEX:
            inside.append(int(match.group(HEX), 16))
        elif kind == SYMBOL:
            inside.append(Word(match.group(SYMBOL)))
        elif kind is not None:
            inside.append(Word(match.group(WORD), number_of(match)))

    def add_binary(self, data: bytes) -> None:
        """The bytes of a picture."""
        self._open[-1].items.append(Binary(data))


def group_at(data: bytes, start: int) -> tuple[Group, int]:
    """The group whose contents begin at `start`, and the place after its closing brace."""
    tree = _Tree()
    items = 0
    position: int | None = start
    while position is not None:
        tokens, position = TOKEN.finditer(data, position), None
        for match in tokens:
            if match.group() == b"{":
                tree.open()
            elif match.group() == b"}":
                tree.close()
                if not tree.depth:
                    return tree.root, match.end()
            elif match.group(WORD) == b"bin":
                position = end_of_binary(data, match.end(), number_of(match))
                tree.add_binary(data[match.end() : position])
                break
            else:
                tree.add(match)
            items += 1
            if items > MAX_ITEMS:
                return tree.root, end_of_group(data, match.end(), tree.depth)
    return tree.root, len(data)


def end_of_group(data: bytes, start: int, depth: int = 1) -> int:
    """The place after the brace that closes `depth` groups, from inside the innermost."""
    position = start
    while (match := _NESTING.search(data, position)) is not None:
        position = match.end()
        found = match.group()
        if found == b"{":
            depth += 1
        elif found == b"}":
            depth -= 1
            if depth == 0:
                return position
        elif match.group(1):
            position = end_of_binary(data, position, int(match.group(1)))
    return len(data)


def end_of_binary(data: bytes, start: int, count: int | None) -> int:
    """The place after `count` binary bytes; a count that cannot be true is passed over."""
    end = start + (count or 0)
    return end if start <= end <= len(data) else start


def is_balanced(data: bytes) -> bool:
    """Whether each group that opens is closed. Binary pictures may deceive it."""
    bare = data.replace(rb"\\", b"").replace(rb"\{", b"").replace(rb"\}", b"")
    return bare.count(b"{") == bare.count(b"}")

"""A chapter as people edit it: blocks in order with their texts, the notes whose marks are in it, and what formulas and
pictures show. `reading.py` reads what comes back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..patches.attributes import Value
from ..patches.base import piece_to_json
from ..patches.pieces import Piece

VERSION = 1

# Blocks that have text, and those that have blocks. A figure has its caption as a block.
TEXTS = frozenset({"paragraph", "heading", "line", "term", "caption", "code"})
SIGNS = frozenset({"scene_break", "figure"})
PARTS = frozenset({"item", "stanza", "definition", "row", "cell"})  # of containers, without patches of their own
CONTAINERS = frozenset({"quotation", "aside", "list", "verse", "definitions", "table"}) | PARTS

type Json = dict[str, Any]


@dataclass(slots=True)
class Block:
    """A block. `origin` is the id of the block that a new one was split from."""

    id: str
    kind: str
    attributes: dict[str, Value] = field(default_factory=dict)
    text: tuple[Piece, ...] = ()
    blocks: list[Block] = field(default_factory=list)
    origin: str = ""

    def to_json(self) -> Json:
        value: Json = {"id": self.id, "kind": self.kind, "attributes": self.attributes}
        if self.kind in TEXTS:
            value["text"] = [piece_to_json(piece) for piece in self.text]
        if self.kind in CONTAINERS or self.blocks:
            value["blocks"] = [block.to_json() for block in self.blocks]
        return value | ({"from": self.origin} if self.origin else {})


@dataclass(slots=True)
class NoteText:
    """A note. `object` is the key of its mark."""

    object: str
    label: str
    blocks: list[Block]

    def to_json(self) -> Json:
        return {"object": self.object, "label": self.label, "blocks": [block.to_json() for block in self.blocks]}


@dataclass(slots=True)
class ChapterText:
    """A chapter of a text with patches. `base` is the identity of the base that its ids count in."""

    base: str
    chapter: str
    attributes: dict[str, Value]
    blocks: list[Block]
    notes: list[NoteText] = field(default_factory=list)
    objects: dict[str, Json] = field(default_factory=dict)

    def to_json(self) -> Json:
        return {
            "version": VERSION,
            "base": self.base,
            "chapter": self.chapter,
            "attributes": self.attributes,
            "blocks": [block.to_json() for block in self.blocks],
            "notes": [note.to_json() for note in self.notes],
            "objects": self.objects,
        }


def every(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks and all within them, in order."""
    for block in blocks:
        yield block
        yield from every(block.blocks)

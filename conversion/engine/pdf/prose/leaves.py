"""A piece that is set: pages with their content, links and tags, waiting to be joined into one document.

It is what the prose engine hands to the joiner in place of a PDF file. Faces are not in it: the joined document holds
each face once, with the glyphs of all pieces. Kept as JSON with the contents of the pages behind it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SUFFIX = ".leaves"
_MARK = b"leaves 1\n"


@dataclass(slots=True)
class Link:
    """An area of a page that leads somewhere: `area` in points (left, bottom, right, top)."""

    area: tuple[float, float, float, float]
    address: str
    node: int


@dataclass(slots=True)
class Leaf:
    """One page. `marked` are the numbers of the nodes that its marked contents belong to, in order."""

    content: bytes  # compressed
    marked: list[int] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


@dataclass(slots=True)
class Element:
    """A node of the structure tree. `kids` are nodes ("n", number), marked contents ("m", page, number in the page) and
    links ("l", page, number in the page)."""

    tag: str
    parent: int
    lang: str = ""
    id: str = ""
    kids: list[tuple[Any, ...]] = field(default_factory=list)


@dataclass(slots=True)
class Leaves:
    """All of a piece. `glyphs` are the codes used of each file of `fonts.FACES`, `texts` what codes stand for that are
    no character of the file: ligatures, the hyphens at line ends."""

    width: float
    height: float
    lang: str = ""
    leaves: list[Leaf] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)
    glyphs: dict[int, list[int]] = field(default_factory=dict)
    texts: dict[int, dict[int, str]] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write the piece to a file."""
        about = {
            "size": [self.width, self.height, self.lang],
            "leaves": [
                [len(leaf.content), leaf.marked, [[link.area, link.address, link.node] for link in leaf.links]]
                for leaf in self.leaves
            ],
            "elements": [[node.tag, node.parent, node.lang, node.id, node.kids] for node in self.elements],
            "glyphs": sorted(self.glyphs.items()),
            "texts": sorted((cut, sorted(texts.items())) for cut, texts in self.texts.items()),
        }
        head = json.dumps(about, separators=(",", ":"), ensure_ascii=False).encode()
        path.write_bytes(b"".join([_MARK, b"%d\n" % len(head), head, *(leaf.content for leaf in self.leaves)]))

    @classmethod
    def read(cls, path: Path) -> Leaves:
        """Read a piece back. Raises ValueError for a file that is none."""
        content = path.read_bytes()
        mark, length, rest = content.split(b"\n", 2)
        if mark + b"\n" != _MARK:
            raise ValueError("not a set piece")
        size = int(length)
        about = json.loads(rest[:size])
        found = cls(*about["size"])
        at = size
        for count, marked, links in about["leaves"]:
            made = [Link(tuple(area), address, node) for area, address, node in links]
            found.leaves.append(Leaf(rest[at : at + count], marked, made))
            at += count
        found.elements = [
            Element(tag, parent, lang, name, [tuple(kid) for kid in kids])
            for tag, parent, lang, name, kids in about["elements"]
        ]
        found.glyphs = dict(about["glyphs"])
        found.texts = {cut: dict(texts) for cut, texts in about["texts"]}
        return found

"""Pictures of an RTF: the bytes in a `\\pict` group, as digits or binary, and the words of a drawn shape."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ...book import clean
from ...images import metafile
from . import charsets
from .tokens import Binary, Group

_EDGES = frozenset({b"shpleft", b"shptop", b"shpright", b"shpbottom"})
_RULE_TWIPS, _FLAT_TWIPS = 1000, 60
_NOT_HEX = re.compile(rb"[^0-9A-Fa-f]+")


@dataclass(slots=True)
class Picture:
    """A picture of the source; no data where its kind cannot be read."""

    data: bytes
    name: str
    alt: str = ""
    is_rule: bool = False


@dataclass(slots=True)
class Shape:
    """A drawn shape that is being read."""

    alt: str = ""
    pictures: list[Picture] = field(default_factory=list)
    is_rule: bool = False
    has_text: bool = False
    edges: dict[bytes, int] = field(default_factory=dict)

    @property
    def is_flat(self) -> bool:
        """Whether it is a horizontal line drawn as a rectangle, as some programs write rules."""
        if self.has_text or self.pictures or not self.edges.keys() >= _EDGES:
            return False
        width = self.edges[b"shpright"] - self.edges[b"shpleft"]
        height = self.edges[b"shpbottom"] - self.edges[b"shptop"]
        return width >= _RULE_TWIPS and 0 <= height <= _FLAT_TWIPS


def read_picture(group: Group, number: int, codec: str) -> Picture:
    """The picture of a `\\pict` group."""
    words = group.words()
    data = b"".join(item.data for item in group.items if isinstance(item, Binary))
    if not data:
        digits = _NOT_HEX.sub(b"", b"".join(item for item in group.items if isinstance(item, bytes)))
        data = bytes.fromhex(digits[: len(digits) & ~1].decode("ascii"))
    if b"dibitmap" in words:
        data = metafile.bitmap_file(data)
    properties = dict(read_property(inner, codec) for inner in _properties(group))
    alt = properties.get("wzDescription", "")
    return Picture(data, f"picture-{number}", clean.title(alt, 1000), properties.get("fHorizRule", "0") == "1")


def _properties(group: Group) -> list[Group]:
    found = next(group.groups(b"picprop"), None)
    return list(found.groups(b"sp")) if found is not None else []


def read_property(group: Group, codec: str) -> tuple[str, str]:
    """Name and value of an `\\sp` group."""
    parts = [charsets.text_of(inner, codec).strip() for name in (b"sn", b"sv") for inner in group.groups(name)]
    return (parts[0], parts[1]) if len(parts) == 2 else ("", "")

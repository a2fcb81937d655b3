"""The glyphs of a face that is not packaged, gathered from the subsets that batches bring.

Subsets keep the numbers glyphs have in the whole face. Put together they are one smaller file. Only TrueType outlines
are joined; files of others stay as they are. The few tables concerned are read and written here, because reading a
whole face for the sake of one sign is what joining would mostly do.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Self

_NEEDED = ("glyf", "loca", "hmtx", "maxp", "hhea", "head")
_KEPT = ("cvt ", "fpgm", "prep")
_TRUETYPE = (b"\0\1\0\0", b"true")


@dataclass(slots=True)
class Outlines:
    """`tables` are those of the largest subset, `count` its number of glyphs. `glyphs` maps a glyph's number to its
    outline and its metrics as they stand in the file."""

    tables: dict[str, bytes]
    count: int
    glyphs: dict[int, tuple[bytes, bytes]]

    @classmethod
    def of(cls, file: bytes) -> Self | None:
        """Read a subset; None when it has no TrueType outlines."""
        tables = _tables(file)
        if not all(tag in tables for tag in _NEEDED):
            return None
        (count,) = struct.unpack_from(">H", tables["maxp"], 4)
        (with_advance,) = struct.unpack_from(">H", tables["hhea"], 34)
        is_long = tables["head"][51]
        places = struct.unpack_from(f">{count + 1}{'I' if is_long else 'H'}", tables["loca"])
        scale, data, metrics = 1 if is_long else 2, tables["glyf"], tables["hmtx"]
        glyphs: dict[int, tuple[bytes, bytes]] = {}
        for number in range(count):
            start, end = places[number] * scale, places[number + 1] * scale
            if end > start or number < with_advance:
                outline, metric = data[start:end], _metric(metrics, number, with_advance)
                if outline.strip(b"\0") or metric[:2] != b"\0\0":
                    glyphs[number] = (outline, metric)
        return cls(tables, count, glyphs)

    def takes(self, other: Outlines) -> bool:
        """Take the glyphs of another in; False, and nothing taken, when a glyph both have differs."""
        if self.tables["head"][18:20] != other.tables["head"][18:20]:  # units in an em
            return False
        if not all(_is_same(self.glyphs.get(number, glyph)[0], glyph[0]) for number, glyph in other.glyphs.items()):
            return False
        self.glyphs |= other.glyphs
        if other.count > self.count:
            self.tables, self.count = other.tables, other.count
        return True

    def assembled(self) -> bytes:
        """Return one file with all glyphs."""
        outlines, metrics, places, length = [], [], [0], 0
        for number in range(self.count):
            outline, metric = self.glyphs.get(number, (b"", b"\0\0\0\0"))
            outlines.append(outline + b"\0" * (-len(outline) % 4))
            metrics.append(metric)
            length += len(outlines[-1])
            places.append(length)
        head = bytearray(self.tables["head"])
        head[8:12], head[50:52] = b"\0\0\0\0", b"\0\1"  # no checksum of the file, places in four bytes
        hhea = self.tables["hhea"][:34] + struct.pack(">H", self.count)
        made = {"head": bytes(head), "hhea": hhea, "maxp": self.tables["maxp"]}
        made |= {
            "glyf": b"".join(outlines),
            "hmtx": b"".join(metrics),
            "loca": struct.pack(f">{len(places)}I", *places),
        }
        return _file(made | {tag: self.tables[tag] for tag in _KEPT if tag in self.tables})


def _is_same(outline: bytes, other: bytes) -> bool:
    """Whether two outlines are one, but for the noughts they are filled up with."""
    return outline == other or outline.rstrip(b"\0") == other.rstrip(b"\0")


def _tables(file: bytes) -> dict[str, bytes]:
    if file[:4] not in _TRUETYPE:
        return {}
    (count,) = struct.unpack_from(">H", file, 4)
    tables = {}
    for position in range(12, 12 + 16 * count, 16):
        tag, _, offset, length = struct.unpack_from(">4sIII", file, position)
        tables[tag.decode("latin-1")] = file[offset : offset + length]
    return tables


def _metric(metrics: bytes, number: int, with_advance: int) -> bytes:
    """Advance and bearing of a glyph; the last ones of a face share an advance."""
    if number < with_advance:
        return metrics[4 * number : 4 * number + 4]
    bearing = 4 * with_advance + 2 * (number - with_advance)
    return metrics[4 * with_advance - 4 : 4 * with_advance - 2] + metrics[bearing : bearing + 2]


def _file(tables: dict[str, bytes]) -> bytes:
    """Write tables as a TrueType file."""
    tags = sorted(tables)
    power = len(tags).bit_length() - 1
    head = struct.pack(">4sHHHH", _TRUETYPE[0], len(tags), 16 << power, power, 16 * len(tags) - (16 << power))
    offset, bodies = len(head) + 16 * len(tags), []
    for tag in tags:
        body = tables[tag] + b"\0" * (-len(tables[tag]) % 4)
        total = sum(struct.unpack(f">{len(body) // 4}I", body)) & 0xFFFFFFFF
        head += struct.pack(">4sIII", tag.encode(), total, offset, len(tables[tag]))
        bodies.append(body)
        offset += len(body)
    return head + b"".join(bodies)

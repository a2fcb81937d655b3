"""One copy of each face in a joined PDF.

Every part brings the glyphs it needs, with the numbers they have in the whole face. Put together they are one
smaller face, and the file is a third of the size. Only TrueType outlines are joined; others stay as they are.
"""

# mypy: disable-error-code="attr-defined,index"
# fontTools types its tables as their base class.

from __future__ import annotations

import io
from collections import defaultdict

from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.DefaultTable import DefaultTable
from pikepdf import Dictionary, Name, Object, Pdf

_TABLES = ("glyf", "loca", "hmtx", "maxp", "hhea", "head")


def share_faces(out: Pdf) -> None:
    """Replace the font files of equal faces by one that holds the glyphs of all."""
    groups: dict[str, list[Object]] = defaultdict(list)
    for item in out.objects:
        if isinstance(item, Dictionary) and item.get(Name.Type) == Name.FontDescriptor and Name.FontFile2 in item:
            groups[str(item.FontName)].append(item)
    for descriptors in groups.values():
        if len(descriptors) > 1:
            _share(out, descriptors)


def _share(out: Pdf, descriptors: list[Object]) -> None:
    files = [descriptor.FontFile2.read_bytes() for descriptor in descriptors]
    joined = join_faces(files)
    if joined is None:
        return
    stream = out.make_stream(joined)
    stream.Length1 = len(joined)
    for descriptor in descriptors:
        descriptor.FontFile2 = stream


def join_faces(files: list[bytes]) -> bytes | None:
    """Return one TrueType file with the glyphs of all, or None when two differ in a glyph both have."""
    distinct = list(dict.fromkeys(files))
    fonts = [TTFont(io.BytesIO(file), lazy=True) for file in distinct]
    if not all(table in font for font in fonts for table in _TABLES):
        return None
    largest = max(fonts, key=lambda font: font["maxp"].numGlyphs)
    outlines: list[bytes] = [b""] * largest["maxp"].numGlyphs
    metrics: list[tuple[int, int]] = [(0, 0)] * len(outlines)
    for font in fonts:
        if font["head"].unitsPerEm != largest["head"].unitsPerEm or not _merge(font, outlines, metrics):
            return None
    return _assembled(largest, outlines, metrics)


def _merge(font: TTFont, outlines: list[bytes], metrics: list[tuple[int, int]]) -> bool:
    places, data = font["loca"].locations, font.reader["glyf"]
    order = font.getGlyphOrder()
    widths = font["hmtx"].metrics
    for glyph in range(len(places) - 1):
        outline = data[places[glyph] : places[glyph + 1]]
        if outline:
            if outlines[glyph] and outlines[glyph].rstrip(b"\x00") != outline.rstrip(b"\x00"):
                return False
            outlines[glyph] = outline
        if widths[order[glyph]][0]:
            metrics[glyph] = widths[order[glyph]]
    return True


def _assembled(base: TTFont, outlines: list[bytes], metrics: list[tuple[int, int]]) -> bytes:
    """Return the base with the joined outlines and metrics in place of its own."""
    places = [0]
    for number, outline in enumerate(outlines):
        padded = outline + b"\x00" * (-len(outline) % 4)
        outlines[number] = padded
        places.append(places[-1] + len(padded))
    base["head"].indexToLocFormat = 1
    base["hhea"].numberOfHMetrics = len(metrics)
    names = base.getGlyphOrder()
    base["hmtx"].metrics = {name: metrics[number] for number, name in enumerate(names)}
    raw = {"glyf": b"".join(outlines), "loca": b"".join(place.to_bytes(4, "big") for place in places)}
    for tag, content in raw.items():
        table = DefaultTable(tag)  # kept as the bytes given
        table.data = content
        base[tag] = table
    return _saved(base)


def _saved(font: TTFont) -> bytes:
    out = io.BytesIO()
    font.recalcBBoxes = False
    font.recalcTimestamp = False
    font.save(out, reorderTables=False)
    return out.getvalue()

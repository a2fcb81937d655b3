"""One copy of each face in a joined PDF.

Page batches say which glyphs they use, with the numbers these have in the whole face. A packaged face is cut down to
all of them at once; of other faces each batch brings the glyphs it needs, and where these are TrueType outlines
they are put together (`outlines.py`).
"""

# uharfbuzz's hints do not name what its compiled part offers.
# mypy: disable-error-code="attr-defined"

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

import uharfbuzz

from .file import PdfFile
from .outlines import Outlines
from .page_batch import FaceUse, text_string

_DROPPED = (
    *("BASE", "DSIG", "GDEF", "GPOS", "GSUB", "JSTF", "STAT"),
    *("OS/2", "name", "post", "cmap", "vhea", "vmtx", "gasp"),
)
_IN_ONE_BATCH = 100
_CMAP_HEAD = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
"""
_CMAP_FOOT = b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"


@dataclass(slots=True)
class _Font:
    """One font object: glyphs that mean the same in all batches that use it."""

    number: int
    unicode: dict[int, str] = field(default_factory=dict)

    def takes(self, use: FaceUse) -> bool:
        """Take a use in; False where a glyph stands for another text than here."""
        mine = self.unicode
        if any(mine.get(glyph, text) != text for glyph, text in use.unicode.items()):
            return False
        mine.update(use.unicode)
        return True


@dataclass(slots=True)
class _Group:
    """All uses of one face. `outlines` is for TrueType faces that are not packaged."""

    first: FaceUse
    outlines: Outlines | None = None
    widths: dict[int, int | float] = field(default_factory=dict)
    fonts: list[_Font] = field(default_factory=list)
    aliases: dict[int, int] = field(default_factory=dict)


class Faces:
    """The faces of one file. `load` gives the bytes of a packaged face."""

    def __init__(self, file: PdfFile, load: Callable[[int], bytes]) -> None:
        self._file = file
        self._load = load
        self._groups: dict[tuple[object, ...], list[_Group]] = {}

    def font(self, use: FaceUse) -> int:
        """Return the number of the font object for a use."""
        group = self._group(use)
        group.widths.update(use.widths)
        group.aliases.update(use.aliases)
        for font in group.fonts:
            if font.takes(use):
                return font.number
        group.fonts.append(_Font(self._file.reserve(), dict(use.unicode)))
        return group.fonts[-1].number

    def _group(self, use: FaceUse) -> _Group:
        if use.face >= 0:
            groups = self._groups.setdefault((use.face,), [])
            return groups[0] if groups else _new(groups, _Group(use))
        known = self._groups.get((use.subset,))
        if known is not None:
            return known[0]
        if (outlines := Outlines.of(use.subset)) is None:
            return _new(self._groups.setdefault((use.subset,), []), _Group(use))
        groups = self._groups.setdefault((use.name,), [])
        for group in groups:
            if group.outlines is not None and group.outlines.takes(outlines):
                return group
        return _new(groups, _Group(use, outlines))

    def write(self) -> None:
        """Write all font objects and files."""
        for groups in self._groups.values():
            for group in groups:
                self._write(group)

    def _write(self, group: _Group) -> None:
        data = self._font_file(group)
        is_cff = data[:4] == b"OTTO"
        tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(data).digest()[:6])
        name = f"/{tag}+{group.first.name}".encode()
        entries = b"/Subtype/OpenType" if is_cff else b"/Length1 %d" % len(data)
        stream = self._file.add_stream(entries + b"/Filter/FlateDecode", zlib.compress(data))
        descriptor = self._file.add(_descriptor(group, name, b"/FontFile%d %d 0 R" % (3 if is_cff else 2, stream)))
        glyphs = self._file.add(
            b"<</Type/Font/Subtype/CIDFontType%d/BaseFont%b/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            b"/Supplement 0>>/CIDToGIDMap%b/FontDescriptor %d 0 R/W[%b]>>"
            % (0 if is_cff else 2, name, self._glyph_map(group.aliases), descriptor, _widths(group.widths))
        )
        for font in group.fonts:
            texts = self._file.add_stream(b"/Filter/FlateDecode", zlib.compress(_cmap(font.unicode)))
            self._file.put(
                font.number,
                b"<</Type/Font/Subtype/Type0/BaseFont%b/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
                % (name, glyphs, texts),
            )

    def _glyph_map(self, aliases: dict[int, int]) -> bytes:
        """Which glyph each code draws: its own, but for aliases."""
        if not aliases:
            return b"/Identity"
        table = b"".join(aliases.get(code, code).to_bytes(2, "big") for code in range(max(aliases) + 1))
        return b" %d 0 R" % self._file.add_stream(b"/Filter/FlateDecode", zlib.compress(table))

    def _font_file(self, group: _Group) -> bytes:
        if group.outlines is not None:
            return group.outlines.assembled()
        if group.first.face < 0:
            return group.first.subset
        return _cut_down(self._load(group.first.face), group.widths)


def _new(groups: list[_Group], group: _Group) -> _Group:
    groups.append(group)
    return group


def _cut_down(face: bytes, glyphs: dict[int, int | float]) -> bytes:
    """Keep the glyphs, with their numbers."""
    whole = uharfbuzz.Face(face)
    count = whole.glyph_count
    plan = uharfbuzz.SubsetInput()
    plan.glyph_set.update(glyph for glyph in glyphs if glyph < count)
    plan.flags = (
        uharfbuzz.SubsetFlags.RETAIN_GIDS
        | uharfbuzz.SubsetFlags.NO_HINTING
        | uharfbuzz.SubsetFlags.NO_LAYOUT_CLOSURE
        | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
    )
    plan.drop_table_tag_set.update(int.from_bytes(tag.ljust(4).encode()) for tag in _DROPPED)
    cut: bytes = uharfbuzz.subset(whole, plan).blob.data
    return cut


def _descriptor(group: _Group, name: bytes, file: bytes) -> bytes:
    first, widths = group.first, group.widths
    is_fixed = len(widths) > 1 and len(set(widths.values())) == 1
    box = (first.descent, _figure(max(widths.values(), default=0)), first.ascent)
    return (
        b"<</Type/FontDescriptor/FontName%b/FontFamily%b/Flags %d/FontBBox[0 %d %b %d]/ItalicAngle 0/Ascent %d"
        b"/Descent %d/CapHeight %d/StemV 80/StemH 80%b>>"
        % (
            *(name, text_string(first.name), first.flags | is_fixed, *box),
            *(first.ascent, first.descent, first.ascent, file),
        )
    )


def _widths(widths: dict[int, int | float]) -> bytes:
    parts: list[bytes] = []
    for glyph in sorted(widths):
        if glyph - 1 not in widths:
            parts.append(b"%b%d[" % (b"]" if parts else b"", glyph))
        parts.append(_figure(widths[glyph]) + b" ")
    return b"".join(parts) + b"]" if parts else b""


def _figure(number: int | float) -> bytes:
    return f"{number:.3f}".rstrip("0").rstrip(".").encode()


def _cmap(unicode: dict[int, str]) -> bytes:
    """What glyphs stand for."""
    lines = [
        b"<%04x> <%b>" % (glyph, text.encode("utf-16-be", "replace").hex().encode())
        for glyph, text in sorted(unicode.items())
    ]
    batches = [lines[start : start + _IN_ONE_BATCH] for start in range(0, len(lines), _IN_ONE_BATCH)]
    middle = b"".join(b"%d beginbfchar\n%b\nendbfchar\n" % (len(batch), b"\n".join(batch)) for batch in batches)
    return _CMAP_HEAD + middle + _CMAP_FOOT

"""Words that are in a PDF without being seen: a face of one empty glyph that stands for every character.

Readers search, select and speak such text; the letters that people see are in the picture under it.
"""

# mypy: disable-error-code="attr-defined"
# fontTools types its tables as their base class.

from __future__ import annotations

import io
from functools import cache

import pikepdf
from fontTools.fontBuilder import FontBuilder
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

WIDTH = 500  # of every glyph, in thousandths of the size
_NAME = "OctavoUnseen"
_CHARACTERS = 65_536
_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
1 beginbfrange
<0000> <FFFF> <0000>
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


def codes(text: str) -> str:
    """The text as the content stream writes it in this face: hexadecimal UTF-16."""
    return text.encode("utf-16-be", "replace").hex()


def glyphs(text: str) -> int:
    """How many glyphs the text takes."""
    return len(text.encode("utf-16-be", "replace")) // 2


def add_to(pdf: Pdf) -> pikepdf.Object:
    """Add the face to a document and return its font dictionary."""
    program = Stream(pdf, _program())
    program.Length1 = len(_program())
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name(f"/{_NAME}"),
        Flags=4,
        FontBBox=Array([0, -200, WIDTH, 800]),
        ItalicAngle=0,
        Ascent=800,
        Descent=-200,
        CapHeight=700,
        StemV=80,
        FontFile2=program,
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name(f"/{_NAME}"),
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=WIDTH,
        CIDToGIDMap=Stream(pdf, b"\x00\x01" * _CHARACTERS),
    )
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name(f"/{_NAME}"),
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(descendant)]),
        ToUnicode=Stream(pdf, _TO_UNICODE),
    )
    return pdf.make_indirect(font)


@cache
def _program() -> bytes:
    """The face's file: a TrueType font whose glyphs draw nothing."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "any"])
    builder.setupCharacterMap({32: "any"})
    builder.setupGlyf({".notdef": _nothing(), "any": _nothing()})
    builder.setupHorizontalMetrics({".notdef": (WIDTH, 0), "any": (WIDTH, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": _NAME, "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()


def _nothing() -> object:
    from fontTools.ttLib.tables._g_l_y_f import Glyph

    return Glyph()

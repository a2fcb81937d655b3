"""Upright letters for vertical text: faces whose characters lie on their side.

WeasyPrint knows horizontal lines only. So a page of vertical text is set as if it lay on its side, and turned to the
right when it is done (`turned.py`). Letters of the Latin alphabet then stand as vertical text wants them, lying down;
kanji and kana would lie down too, and so are set in a face in which they have been turned to the left beforehand. The
face is made for one book, of the characters it uses, in the shapes that the font itself has for vertical text (its
feature "vert": brackets, commas, the long vowel).
"""

# Neither uharfbuzz nor fontTools has hints for what is used here.
# mypy: disable-error-code="attr-defined,no-untyped-call"

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ..markup.terms import primary
from ..typography.fonts import SYSTEM_FOLDERS, Face

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

FAMILY = "Upright"
# By language: files of one font with weight, the best first, and its name among those in the file.
_WANTED = {
    "ja": (("NotoSerifCJK-{}", "Noto Serif CJK JP"), ("NotoSansCJK-{}", "Noto Sans CJK JP")),
    "zh": (("NotoSerifCJK-{}", "Noto Serif CJK TC"), ("NotoSansCJK-{}", "Noto Sans CJK TC")),
    "ko": (("NotoSerifCJK-{}", "Noto Serif CJK KR"), ("NotoSansCJK-{}", "Noto Sans CJK KR")),
}
_WEIGHTS = {400: "Regular", 700: "Bold"}
_ALSO_TURNED = frozenset("—―…‥")  # of no width of their own, but drawn along the line
_CURVE_ERROR = 0.8  # thousandths of an em, when cubic curves become quadratic ones
_FAMILY_NAME, _MAC_EPOCH = 1, 0


def faces_for(language: str, text: str, folders: Iterable[Path] = SYSTEM_FOLDERS) -> dict[Face, bytes]:
    """Return the faces, regular and bold, for the characters of a text; nothing where the system has no font for the
    language."""
    wanted = _WANTED.get(primary(language), ())
    characters = sorted(char for char in set(text) if is_upright(char))
    if not characters:
        return {}
    for stem, name in wanted:
        found = {weight: _find(stem.format(style), folders) for weight, style in _WEIGHTS.items()}
        if found[400] is not None:
            return {
                Face(FAMILY, "", f"upright-{weight}", weight): _made(path, name, characters, weight)
                for weight, path in found.items()
                if path is not None
            }
    return {}


def is_upright(char: str) -> bool:
    """Whether a character stands upright in vertical text: those of full width do."""
    return unicodedata.east_asian_width(char) in ("W", "F") or char in _ALSO_TURNED


def _find(stem: str, folders: Iterable[Path]) -> Path | None:
    return next(
        (
            path
            for folder in folders
            if folder.is_dir()
            for path in sorted(folder.rglob(f"{stem}.*"))
            if path.suffix.lower() in (".ttc", ".otf", ".ttf", ".otc")
        ),
        None,
    )


def _made(path: Path, name: str, characters: list[str], weight: int) -> bytes:
    from fontTools.fontBuilder import FontBuilder

    source = _cut_down(path, name, characters)
    em = source["head"].unitsPerEm
    ascent, descent = source["hhea"].ascender, source["hhea"].descender
    cmap, vertical = source.getBestCmap() or {}, _vertical_forms(source)
    glyphs, glyph_set = {}, source.getGlyphSet()
    center = (em / 2, _middle(source))
    for char in characters:
        plain = cmap.get(ord(char))
        if plain is not None and glyph_set[plain].width == em:
            glyphs[ord(char)] = _turned(glyph_set, vertical.get(plain, plain), center, em)
    order = {code: f"uni{code:04X}" for code in glyphs}
    builder = FontBuilder(em, isTTF=True)
    builder.setupHead(unitsPerEm=em, created=_MAC_EPOCH, modified=_MAC_EPOCH)
    builder.font.recalcTimestamp = False
    builder.setupGlyphOrder([".notdef", *order.values()])
    builder.setupCharacterMap(order)
    builder.setupGlyf({".notdef": _empty(), **{order[code]: glyph for code, glyph in glyphs.items()}})
    builder.setupHorizontalMetrics(dict.fromkeys(builder.font.getGlyphOrder(), (em, 0)))
    builder.setupHorizontalHeader(ascent=ascent, descent=descent)
    builder.setupNameTable(
        {"familyName": FAMILY, "styleName": _WEIGHTS[weight], "psName": f"Upright-{_WEIGHTS[weight]}"}
    )
    builder.setupOS2(usWeightClass=weight, sTypoAscender=ascent, sTypoDescender=descent)
    builder.setupPost()
    out = io.BytesIO()
    builder.font.save(out)
    return out.getvalue()


def _cut_down(path: Path, name: str, characters: list[str]) -> TTFont:
    """The font in the file that has the name, without all that the characters do not need."""
    import uharfbuzz
    from fontTools.ttLib import TTFont

    blob = uharfbuzz.Blob.from_file_path(str(path))
    number = _number_in(path, name)
    plan = uharfbuzz.SubsetInput()
    plan.unicode_set.update(map(ord, characters))
    plan.layout_feature_tag_set.clear()
    plan.layout_feature_tag_set.update([int.from_bytes(b"vert")])
    plan.flags = uharfbuzz.SubsetFlags.NO_HINTING
    cut: bytes = uharfbuzz.subset(uharfbuzz.Face(blob, number), plan).blob.data
    return TTFont(io.BytesIO(cut))


def _number_in(path: Path, name: str) -> int:
    from fontTools.ttLib import TTCollection

    if path.suffix.lower() not in (".ttc", ".otc"):
        return 0
    with path.open("rb") as file:
        fonts = TTCollection(file, lazy=True).fonts
        names = [font["name"].getDebugName(_FAMILY_NAME) for font in fonts]
    return names.index(name) if name in names else 0


def _vertical_forms(font: TTFont) -> dict[str, str]:
    """Which glyphs have another shape in vertical text."""
    if "GSUB" not in font:
        return {}
    table = font["GSUB"].table
    wanted = {
        number
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag == "vert"
        for number in record.Feature.LookupListIndex
    }
    forms: dict[str, str] = {}
    for number in wanted:
        for subtable in table.LookupList.Lookup[number].SubTable:
            forms |= getattr(getattr(subtable, "ExtSubTable", subtable), "mapping", {})
    return forms


def _middle(font: TTFont) -> float:
    """Half the height of the square that letters stand in."""
    os2 = font["OS/2"]
    height: int = os2.sTypoAscender + os2.sTypoDescender
    return height / 2


def _turned(glyph_set: object, name: str, center: tuple[float, float], em: int) -> object:
    """A glyph a quarter to the left about the middle of its square, in quadratic curves."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.transformPen import TransformPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    x, y = center
    pen = TTGlyphPen(None)
    turn = (0, 1, -1, 0, x + y, y - x)
    glyph_set[name].draw(TransformPen(Cu2QuPen(pen, _CURVE_ERROR * em / 1000, reverse_direction=True), turn))  # type: ignore[index]
    return pen.glyph()


def _empty() -> object:
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    return TTGlyphPen(None).glyph()

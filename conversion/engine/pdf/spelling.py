"""What the glyphs of Arabic and Hebrew stand for, letter by letter.

Pango tells which letters a group of glyphs stands for, a letter and the marks on it together, and WeasyPrint gives them
all to the glyph that is met first: to the mark. Whoever takes words out of the file would then find letters twice, or
none. So the face itself is asked: its table of characters, and names of glyphs, which tell whose forms they are.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Mapping

from fontTools import agl
from fontTools.ttLib import TTFont, TTLibError

_LEFTWARD = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
# Two letters in one glyph have a sign of their own: whoever reads a line from its other end turns letters round, and
# knows how to take such a sign apart afterwards.
_JOINED = {unicodedata.normalize("NFKC", chr(sign)): chr(sign) for sign in range(0xFEFB, 0xFEF4, -2)}
_TRUETYPE = (b"\0\1\0\0", b"OTTO", b"true")


class Speller:
    """Knows faces that it was asked about before, by their hash."""

    def __init__(self) -> None:
        self._letters: dict[str, dict[int, str]] = {}

    def spelt(self, unicode: Mapping[int, str], name: str, content: bytes) -> dict[int, str]:
        """What each glyph stands for: as it was told, put right for scripts that run to the left. `name` is the face's
        hash, `content` its file."""
        if not any(_LEFTWARD.search(text) for text in unicode.values()) or not content.startswith(_TRUETYPE):
            return dict(unicode)
        if name not in self._letters:
            self._letters[name] = _letters(content)
        known = self._letters[name]
        spelt = {glyph: known.get(glyph, text) for glyph, text in unicode.items()}
        return {glyph: _JOINED.get(text, text) for glyph, text in spelt.items()}


def _letters(content: bytes) -> dict[int, str]:
    """The letters of these scripts that glyphs of a face are, or are forms of."""
    try:
        font = TTFont(io.BytesIO(content), lazy=True)
        names = font.getGlyphOrder()
        nominal = {glyph: code for code, glyph in sorted((font.getBestCmap() or {}).items(), reverse=True)}
    except (TTLibError, KeyError, ValueError):
        return {}
    found: dict[int, str] = {}
    for number, name in enumerate(names):
        text = chr(nominal[name]) if name in nominal else agl.toUnicode(name)
        if text and _LEFTWARD.search(text):
            found[number] = unicodedata.normalize("NFKC", text).strip()
    return found

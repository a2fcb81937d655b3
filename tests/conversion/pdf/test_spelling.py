"""Glyphs of Arabic: each stands for its own letter, whatever letters it was first met with."""

from __future__ import annotations

import io

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from conversion.engine.pdf.spelling import Speller

LAM, ALEF, SHADDA, YEH = "\u0644", "\u0627", "\u0651", "\u064a"
GLYPHS = [".notdef", "uni0644", "uni0644.fina", "uni0651", "uni0644_uni0627", "uniFEF3", "strange", "A"]


def face() -> bytes:
    """A face with a letter, its form at the end of a word, a mark, a ligature, and a form with a code of its own."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(GLYPHS)
    builder.setupCharacterMap({0x644: "uni0644", 0x651: "uni0651", 0xFEF3: "uniFEF3", 0x41: "A"})
    pen = TTGlyphPen(None)
    builder.setupGlyf({name: pen.glyph() for name in GLYPHS})
    builder.setupHorizontalMetrics(dict.fromkeys(GLYPHS, (500, 0)))
    builder.setupHorizontalHeader()
    builder.setupPost()
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()


class TestSpeller:
    def test_a_mark_is_a_mark_and_a_letter_a_letter(self) -> None:
        told = {1: "", 2: "", 3: LAM + SHADDA, 4: LAM + ALEF, 5: YEH + SHADDA}
        spelt = Speller().spelt(told, "face", face())
        assert spelt == {1: LAM, 2: LAM, 3: SHADDA, 4: "\ufefb", 5: YEH}

    def test_glyphs_that_say_nothing_keep_what_was_told(self) -> None:
        assert Speller().spelt({6: LAM, 7: "A"}, "face", face()) == {6: LAM, 7: "A"}

    def test_other_scripts_are_left_alone(self) -> None:
        told = {1: "ffi", 2: "x"}
        assert Speller().spelt(told, "face", b"no face at all") == told

    def test_what_cannot_be_read_is_left_alone(self) -> None:
        told = {1: LAM}
        for content in (b"", b"ttcf", b"\0\1\0\0broken"):
            assert Speller().spelt(told, "face", content) == told

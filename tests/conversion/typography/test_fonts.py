"""The packaged faces: found where set-up puts them, left out where it did not."""

from __future__ import annotations

import io
import runpy
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from conversion.engine.typography import fonts


def woff2() -> bytes:
    """Return the smallest face there can be, packed as WOFF 2."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "A"])
    builder.setupCharacterMap({65: "A"})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "A": TTGlyphPen(None).glyph()})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "A": (600, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Least", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.font.flavor = "woff2"
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()


class TestFind:
    def test_looks_flat_and_in_packages(self, tmp_path: Path) -> None:
        face = fonts.FACES[0]
        flat, packaged = tmp_path / "flat", tmp_path / "npm"
        (packaged / face.package / "files").mkdir(parents=True)
        flat.mkdir()
        assert fonts.find(face, [flat, packaged]) is None
        (packaged / face.package / "files" / face.file).write_bytes(b"x")
        assert fonts.find(face, [flat, packaged]) == packaged / face.package / "files" / face.file
        (flat / face.file).write_bytes(b"x")
        assert fonts.find(face, [flat, packaged]) == flat / face.file


class TestLoad:
    def test_unpacks_woff2(self, tmp_path: Path) -> None:
        (tmp_path / fonts.FACES[0].file).write_bytes(woff2())
        content = fonts.load(fonts.FACES[0], [tmp_path])
        assert content is not None
        assert content[:4] == b"\x00\x01\x00\x00"

    def test_gives_nothing_where_a_face_is_missing(self, tmp_path: Path) -> None:
        assert fonts.load(fonts.FACES[0], [tmp_path]) is None


class TestScripts:
    def test_latin_is_always_needed_others_when_they_occur(self) -> None:
        assert fonts.scripts_in(["plain"]) == {"latin"}
        assert fonts.scripts_in(["Łódź", "λόγος"]) == {"latin", "latin-ext", "greek"}
        assert fonts.scripts_in(["Война"]) == {"latin", "cyrillic"}

    def test_each_group_of_files_has_a_family_of_its_own(self) -> None:
        families = {(face.family, face.weight, face.style) for face in fonts.FACES}
        assert len(families) == len(fonts.FACES)


class TestSetUp:
    def test_copies_every_face_a_design_may_ask_for(self) -> None:
        vendor = runpy.run_path(str(fonts.PROJECT / "script" / "vendor"))
        copied = {
            f"{package}-{scripts}-{cut}.woff2"
            for package, cuts in vendor["BOOK_FACES"].items()
            for cut in cuts
            for scripts in vendor["BOOK_SCRIPTS"]
        }
        assert {face.file for face in fonts.FACES} <= copied

"""What joining is made of: batches and their files, faces put together, a PDF file written by hand."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from conversion.engine.pdf.faces import Faces
from conversion.engine.pdf.file import PdfFile
from conversion.engine.pdf.outlines import Outlines
from conversion.engine.pdf.page_batch import (
    FaceUse,
    Leaf,
    Link,
    ObjectTemplate,
    PageBatch,
    link_reference,
    numbering,
    page_reference,
    template_of,
    text_string,
)
from conversion.engine.typography import fonts


def _use(face: int = -1, subset: bytes = b"", **unicode: int) -> FaceUse:
    texts = {number: text for text, number in unicode.items()}
    return FaceUse("Salt", face, dict.fromkeys(texts, 500), texts, 4, 900, -200, subset)


@pytest.fixture(scope="module")
def face() -> bytes:
    loaded = fonts.load(fonts.FACES[0])
    assert loaded is not None, "run npm ci first"
    return loaded


def _cut(face: bytes, folder: Path, **glyphs: int) -> bytes:
    """A face cut down to some glyphs, as it comes out of a file."""
    file = PdfFile()
    faces = Faces(file, lambda number: face)
    faces.font(_use(0, **glyphs))
    return _files(faces, file, folder)[0]


def _files(faces: Faces, file: PdfFile, folder: Path) -> list[bytes]:
    """The font files that were written, in order."""
    faces.write()
    pages, page = file.reserve(), file.reserve()
    file.put(pages, b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % page)
    file.put(page, b"<</Type/Page/MediaBox[0 0 9 9]/Resources<<>>/Parent %d 0 R>>" % pages)
    file.save(folder / "x.pdf", root=file.add(b"<</Type/Catalog/Pages %d 0 R>>" % pages), info=file.add(b"<<>>"))
    with pikepdf.open(folder / "x.pdf") as pdf:
        assert pdf.check_pdf_syntax() == []
        found = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/FontFile2" in item]
        return [item.FontFile2.read_bytes() for item in found]


class TestLoosened:
    def test_opens_references_and_leaves_strings_alone(self) -> None:
        loose = template_of(b"<</A 7 0 R/B(5 0 R \\) 6 0 R 100%)/C[8 0 R 9]/D<350020>>>", lambda number: number - 7)
        assert loose.references == (0, 1)
        filled = loose.filled(numbering(objects=40, pages=50, links=60))
        assert filled == b"<</A 40 0 R/B(5 0 R \\) 6 0 R 100%)/C[41 0 R 9]/D<350020>>>"

    def test_pages_and_links_have_numbers_of_their_own(self) -> None:
        loose = ObjectTemplate(b"%d %d %d", (3, page_reference(2), link_reference(1)))
        assert loose.filled(numbering(objects=40, pages=50, links=60)) == b"43 52 61"


class TestPageBatch:
    def test_comes_back_from_its_file(self, tmp_path: Path) -> None:
        batch = PageBatch(
            leaves=[Leaf(10.5, 20, b"\n\0content", (1, 1), [Link(b"/Rect[\xff]", "ch-1", 1), Link(b"/A", "", -1)])],
            anchors={"ch-1": (0, 1.5, 2.0)},
            resources=ObjectTemplate(b"/X %d 0 R", (1,)),
            faces={"A": _use(-1, b"\0\n", ff=7)},
            pictures={"p": 2},
            elements=(1,),
        )
        batch.add(ObjectTemplate(b"<</P %d 0 R>>", (0,)))
        batch.add(ObjectTemplate(b"/Width 1", (), b"\n\x01"))
        batch.write(tmp_path / "x.part")
        assert PageBatch.read(tmp_path / "x.part") == batch

    @pytest.mark.parametrize("content", [b"", b"{}\n", b"[1]\n", b'{"leaves": 3}\n'])
    def test_what_is_none_is_refused(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "x.part").write_bytes(content)
        with pytest.raises((ValueError, KeyError, IndexError, TypeError)):
            PageBatch.read(tmp_path / "x.part")


class TestFaces:
    def test_uses_of_one_packaged_face_share_a_file(self, tmp_path: Path, face: bytes) -> None:
        file = PdfFile()
        faces = Faces(file, lambda number: face)
        assert faces.font(_use(0, a=20)) == faces.font(_use(0, b=21))
        (written,) = _files(faces, file, tmp_path)
        glyphs = TTFont(io.BytesIO(written))["glyf"]
        drawn = {i for i, name in enumerate(glyphs.glyphOrder) if glyphs[name].numberOfContours}
        assert {20, 21} <= drawn
        assert len(drawn) < 6

    def test_a_glyph_that_means_two_things_makes_two_fonts_of_one_file(self, tmp_path: Path, face: bytes) -> None:
        file = PdfFile()
        faces = Faces(file, lambda number: face)
        assert faces.font(_use(0, a=20)) != faces.font(_use(0, A=20))
        assert len(_files(faces, file, tmp_path)) == 1

    def test_subsets_of_one_face_are_put_together(self, tmp_path: Path, face: bytes) -> None:
        first, second = _cut(face, tmp_path, a=20, b=21), _cut(face, tmp_path, b=21, c=40)
        file = PdfFile()
        faces = Faces(file, lambda number: b"")
        assert faces.font(_use(-1, first, a=20)) == faces.font(_use(-1, second, c=40))
        (joined,) = _files(faces, file, tmp_path)
        whole, font = TTFont(io.BytesIO(face)), TTFont(io.BytesIO(joined))
        for glyph in (20, 21, 40):
            name, there = font.getGlyphName(glyph), whole.getGlyphName(glyph)
            assert font["hmtx"][name][0] == whole["hmtx"][there][0]
            mine, theirs = font["glyf"], whole["glyf"]
            assert mine[name].getCoordinates(mine)[0] == theirs[there].getCoordinates(theirs)[0]

    def test_subsets_that_differ_in_a_glyph_stay_apart(self, tmp_path: Path, face: bytes) -> None:
        other = fonts.load(fonts.FACES[1])
        assert other is not None
        file = PdfFile()
        faces = Faces(file, lambda number: b"")
        first, second = _cut(face, tmp_path, a=20), _cut(other, tmp_path, a=20)
        assert faces.font(_use(-1, first, a=20)) != faces.font(_use(-1, second, a=20))
        assert len(_files(faces, file, tmp_path)) == 2

    def test_outlines_that_end_in_noughts_stay_whole(self, tmp_path: Path) -> None:
        """The last coordinates of a glyph may be noughts, as those a glyph is filled up with are."""
        builder = FontBuilder(1000, isTTF=True)
        builder.setupGlyphOrder([".notdef", "bar"])
        builder.setupCharacterMap({ord("a"): "bar"})
        pen = TTGlyphPen(None)
        pen.moveTo((100, 300))
        for point in ((100, 0), (356, 0), (612, 0), (868, 0), (868, 300), (612, 300), (356, 300)):
            pen.lineTo(point)
        pen.closePath()
        builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "bar": pen.glyph()})
        builder.setupHorizontalMetrics({".notdef": (500, 0), "bar": (1000, 100)})
        builder.setupHorizontalHeader(ascent=800, descent=-200)
        builder.setupPost()
        builder.font.save(tmp_path / "bar.ttf")
        data = bytearray((tmp_path / "bar.ttf").read_bytes())
        outlines = Outlines.of(bytes(data))
        assert outlines is not None
        outlines.glyphs[1] = (outlines.glyphs[1][0] + bytes(4), outlines.glyphs[1][1])
        assert outlines.takes(Outlines.of(bytes(data)))
        assert TTFont(io.BytesIO(outlines.assembled()))["glyf"]["glyph00001"].numberOfContours == 1
        whole, before = outlines.glyphs[1][0], TTFont(tmp_path / "bar.ttf")["glyf"]["bar"]
        assert whole.startswith(before.compile(None))

    def test_other_files_have_no_outlines_to_join(self) -> None:
        assert Outlines.of(b"OTTO" + bytes(40)) is None


class TestTextString:
    @pytest.mark.parametrize("text", ["Salt (and\\ light)", "Größe — 塩", "a\rb"])
    def test_reads_back(self, text: str) -> None:
        assert str(pikepdf.Object.parse(text_string(text))) == text

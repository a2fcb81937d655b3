"""Finished PDFs measured: text with its places and sizes, pictures, the outline, page labels."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from conversion.engine.errors import PlatformFault
from conversion.engine.proof.pdfium import PdfiumPages

_MM = 72 / 25.4


def a_pdf(path: Path, *contents: str, pictures: bool = False) -> Path:
    """Pages of 100 x 150 mm with these content streams, set in Helvetica; /P is a picture of 20 x 10 pixels."""
    with Pdf.new() as pdf:
        font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        resources = Dictionary(Font=Dictionary(F=font))
        if pictures:
            picture = pikepdf.Stream(pdf, b"\x80" * 200)
            picture.update(
                Dictionary(
                    Type=Name.XObject,
                    Subtype=Name.Image,
                    Width=20,
                    Height=10,
                    ColorSpace=Name.DeviceGray,
                    BitsPerComponent=8,
                )
            )
            resources.XObject = Dictionary(P=picture)
        for content in contents:
            page = pdf.add_blank_page(page_size=(100 * _MM, 150 * _MM))
            page.obj.Resources = resources
            page.contents_add(content.encode())
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("One", len(contents) - 1))
        pdf.Root.PageLabels = Dictionary(
            Nums=Array([0, Dictionary(P=pikepdf.String("Cover")), 1, Dictionary(S=Name.D)])
        )
        pdf.save(path)
    return path


class TestPages:
    def test_measures_lines_from_the_top_left(self, tmp_path):
        content = f"BT /F 12 Tf {10 * _MM} {130 * _MM} Td (High water) Tj 0 -20 Td /F 6 Tf (at noon) Tj ET"
        with PdfiumPages(a_pdf(tmp_path / "a.pdf", content)) as source:
            (page,) = source.pages()
        first, second = page.lines
        assert (first.text, second.text) == ("High water", "at noon")
        assert (first.size_pt, second.size_pt) == (12, 6)
        assert first.box.left == pytest.approx(10, abs=0.6)
        assert first.box.bottom == pytest.approx(20, abs=1.2)
        assert (page.width, page.height) == pytest.approx((100, 150), abs=0.1)

    def test_a_scaled_page_gives_sizes_as_printed(self, tmp_path):
        content = "0.75 0 0 0.75 0 0 cm BT /F 16 Tf 40 300 Td (Scaled) Tj ET"
        with PdfiumPages(a_pdf(tmp_path / "a.pdf", content)) as source:
            (page,) = source.pages()
        assert page.lines[0].size_pt == pytest.approx(12)

    def test_a_head_and_a_folio_are_two_lines(self, tmp_path):
        content = f"BT /F 9 Tf {45 * _MM} {145 * _MM} Td (VI) Tj ET BT /F 9 Tf {45 * _MM + 12} {5 * _MM} Td (31) Tj ET"
        with PdfiumPages(a_pdf(tmp_path / "a.pdf", content)) as source:
            (page,) = source.pages()
        assert [line.text for line in page.lines] == ["VI", "31"]
        assert all(line.box.height < 10 for line in page.lines)

    def test_a_word_broken_at_the_end_of_a_line(self, tmp_path):
        content = "BT /F 12 Tf 30 300 Td (the neigh-) Tj 0 -14 Td (bourhood was) Tj ET"
        with PdfiumPages(a_pdf(tmp_path / "a.pdf", content)) as source:
            (page,) = source.pages()
        assert [(line.shown, line.is_broken) for line in page.lines] == [("the neigh-", True), ("bourhood was", False)]
        assert page.text == "the neighbourhood was"

    def test_a_picture_with_its_pixels(self, tmp_path):
        content = f"q {40 * _MM} 0 0 {20 * _MM} {10 * _MM} {100 * _MM} cm /P Do Q 0 0 m 9 9 l S"
        with PdfiumPages(a_pdf(tmp_path / "a.pdf", content, pictures=True)) as source:
            (page,) = source.pages()
        (picture,) = page.pictures
        assert (picture.pixels_across, picture.pixels_down) == (20, 10)
        assert (picture.box.left, picture.box.top, picture.box.width) == pytest.approx((10, 30, 40), abs=0.2)
        assert page.has_drawing

    def test_an_empty_page_is_blank(self, tmp_path):
        with PdfiumPages(a_pdf(tmp_path / "a.pdf", "")) as source:
            assert [page.is_blank for page in source.pages()] == [True]


class TestTheRest:
    def test_outline_labels_and_length(self, tmp_path):
        with PdfiumPages(a_pdf(tmp_path / "a.pdf", "", "", "")) as source:
            assert len(source) == 3
            assert [(opening.title, opening.index) for opening in source.openings()] == [("One", 2)]
            assert [source.label(index) for index in range(3)] == ["Cover", "1", "2"]

    def test_spaces_between_words(self, tmp_path):
        with PdfiumPages(a_pdf(tmp_path / "a.pdf", "BT /F 12 Tf 30 300 Td (one two three) Tj ET")) as source:
            (gaps,) = source.gaps(0)
        assert len(gaps) == 2
        assert all(0.5 < gap.width < 3 for gap in gaps)

    def test_draws_in_the_width_that_is_asked(self, tmp_path):
        with PdfiumPages(a_pdf(tmp_path / "a.pdf", "BT /F 40 Tf 30 300 Td (High) Tj ET")) as source:
            grey, colour = (source.draw(0, 480, in_colour=wish) for wish in (False, True))
        assert (grey.width, grey.mode, colour.mode) == (480, "L", "RGB")
        assert grey.getextrema()[0] == 0

    def test_what_is_no_pdf_is_our_fault(self, tmp_path):
        (tmp_path / "a.pdf").write_bytes(b"no such thing")
        with pytest.raises(PlatformFault):
            PdfiumPages(tmp_path / "a.pdf")

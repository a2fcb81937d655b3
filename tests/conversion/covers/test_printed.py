"""Printed covers: the measures of printers on demand, a front of which nothing is cut off, one sheet a target."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from conversion.engine import pipeline
from conversion.engine.book.model import Asset, Contributor
from conversion.engine.contract import ArtifactKind, AuthorDetails, ConversionRequest, ConversionResult
from conversion.engine.covers.printed import front
from conversion.engine.covers.printed.barcode import bars_box
from conversion.engine.covers.printed.geometry import BLEED_MM, PAPERS, Sheet
from conversion.engine.images.reencode import raster_asset
from tests.conversion.manuscripts import short_book

_POINTS = 72 / 25.4


def sheet(pages: int = 200, *, paper: str = "cream", is_rtl: bool = False) -> Sheet:
    return Sheet("print-6x9", 152.4, 228.6, pages, PAPERS[paper], is_rtl=is_rtl)


def picture(width: int, height: int) -> Asset:
    """White, with a red frame of a pixel in a hundred at its very edges."""
    image = Image.new("RGB", (width, height), "#c00000")
    edge = width // 100
    image.paste("#ffffff", (edge, edge, width - edge, height - edge))
    return raster_asset(image, "cover", lossy=False)


class TestSheet:
    @pytest.mark.parametrize(("paper", "inches"), [("cream", 0.5), ("white", 0.4504), ("colour", 0.4694)])
    def test_a_spine_is_as_wide_as_its_pages_are_thick(self, paper: str, inches: float) -> None:
        assert sheet(200, paper=paper).spine_mm / 25.4 == pytest.approx(inches)

    def test_measures_are_those_a_printer_reckons(self) -> None:
        """6 x 9 inches, 200 pages of cream paper: 0.125 + 6 + 0.5 + 6 + 0.125 by 9.25."""
        assert sheet().width_mm / 25.4 == pytest.approx(12.75)
        assert sheet().height_mm / 25.4 == pytest.approx(9.25)

    def test_a_leaf_has_two_pages(self) -> None:
        assert sheet(199).spine_mm == sheet(200).spine_mm

    def test_thin_books_have_no_words_on_the_spine(self) -> None:
        assert not sheet(78).has_spine_words
        assert sheet(79).has_spine_words

    @pytest.mark.parametrize("is_rtl", [False, True])
    def test_parts_lie_side_by_side_and_the_front_where_the_book_opens(self, is_rtl: bool) -> None:
        one = sheet(is_rtl=is_rtl)
        parts = sorted([one.front, one.spine, one.back], key=lambda box: box.left)
        ends = [box.left + box.width for box in parts]
        assert [box.left for box in parts[1:]] == pytest.approx(ends[:-1])
        assert parts.index(one.front) == (0 if is_rtl else 2)
        assert one.barcode.left + one.barcode.width < one.back.left + one.back.width
        assert one.words.top + one.words.height < one.barcode.top


class TestFrontPanel:
    @pytest.mark.parametrize("size", [(1600, 2560), (1600, 2400), (1600, 2200)])
    def test_nothing_of_the_picture_is_cut_off(self, size: tuple[int, int]) -> None:
        """The frame at the picture's edges is whole, and inside the trimmed page."""
        one = sheet()
        panel = Image.open(io.BytesIO(front.front_panel(picture(*size), one).data)).convert("RGB")
        trim = panel.width - round(BLEED_MM / 25.4 * front.DPI)
        middle = [panel.getpixel((x, panel.height // 2)) for x in range(panel.width)]
        red = [x for x, colour in enumerate(middle) if colour[1] < 90]
        assert red
        assert max(x for x in red if x < panel.width // 2) >= 0
        assert any(trim - 0.15 * trim < x <= trim for x in red)
        assert panel.width / panel.height == pytest.approx(one.front.width / one.front.height, rel=0.01)

    def test_reaches_every_edge(self) -> None:
        panel = Image.open(io.BytesIO(front.front_panel(picture(1600, 2560), sheet()).data)).convert("RGB")
        corners = [(0, 0), (panel.width - 1, 0), (0, panel.height - 1), (panel.width - 1, panel.height - 1)]
        assert all(sum(panel.getpixel(corner)) > 150 for corner in corners)

    def test_a_strip_stands_on_its_colour(self) -> None:
        panel = Image.open(io.BytesIO(front.front_panel(picture(1000, 2900), sheet()).data)).convert("RGB")
        assert panel.getpixel((5, panel.height // 2))[1] > 200

    @pytest.mark.parametrize("ground", [(18, 38, 58), (243, 230, 210), (120, 120, 120), (0, 0, 0), (255, 255, 255)])
    def test_words_can_be_read_on_every_colour(self, ground: tuple[int, int, int]) -> None:
        def light(colour: tuple[int, ...]) -> float:
            parts = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
            return sum(a * b for a, b in zip(parts, (0.2126, 0.7152, 0.0722), strict=True))

        ink = (255, 255, 255) if front.ink_on(ground) == "#ffffff" else (0, 0, 0)
        high, low = sorted([light(ink), light(ground)], reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5


def made(folder: Path, **more) -> tuple[ConversionResult, Path]:
    out = folder / f"out-{len(list(folder.iterdir()))}"
    out.mkdir()
    about = {"title": "Salt", "language": "en", "contributors": (Contributor("Ann Lee"),), "description": "Of salt."}
    about |= more.pop("about", {})
    request = ConversionRequest(
        short_book(folder),
        "book.docx",
        out,
        ("pdf", "print-cover"),
        more.pop("targets", ("phone", "print")),
        AuthorDetails(**about),
        **more,
    )
    return pipeline.convert(request, lambda progress: None), out


_ODD = ["0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"]
_FIRST = ["OOOOOO", "OOEOEE", "OOEEOE", "OOEEEO", "OEOOEE", "OEEOOE", "OEEEOO", "OEOEOE", "OEOEEO", "OEEOEO"]


def read_ean(drawn: Image.Image, left: float, width: float, y: float) -> str:
    """Return the digits of a barcode, from one line of its picture; asserts guards and check digit."""
    middles = [round(left + (place + 0.5) * width / 95) for place in range(95)]
    line = "".join("1" if drawn.getpixel((x, round(y))) < 128 else "0" for x in middles)
    assert (line[:3], line[45:50], line[92:]) == ("101", "01010", "101")
    right = {code.translate(str.maketrans("01", "10")): digit for digit, code in enumerate(_ODD)}
    even = {code[::-1]: digit for code, digit in right.items()}
    odd = {code: digit for digit, code in enumerate(_ODD)}
    found, parity = [], ""
    for start in range(3, 45, 7):
        code = line[start : start + 7]
        parity += "O" if code in odd else "E"
        found.append(odd[code] if code in odd else even[code])
    found += [right[line[start : start + 7]] for start in range(50, 92, 7)]
    digits = [_FIRST.index(parity), *found]
    assert sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0
    return "".join(map(str, digits))


class TestMakePrintCovers:
    def test_one_sheet_for_each_printed_target(self, tmp_path: Path) -> None:
        result, out = made(tmp_path)
        covers = [artifact for artifact in result.artifacts if artifact.kind is ArtifactKind.PRINT_COVER]
        assert [cover.path for cover in covers] == ["print-cover-print.pdf"]
        assert covers[0].target == "print"
        assert (out / covers[0].path).stat().st_size == covers[0].size_bytes
        assert "print-cover.spine-narrow" in {finding.code for finding in result.findings}

    def test_a_picture_with_too_few_dots_is_told(self, tmp_path: Path) -> None:
        small = tmp_path / "small.png"
        picture = Image.new("RGB", (640, 1024), "navy")
        picture.paste("white", (0, 0, 640, 300))
        picture.save(small)
        result, _ = made(tmp_path, cover=small)
        told = {finding.code: finding.facts for finding in result.findings}
        assert told["print-cover.coarse"]["dpi"] < told["print-cover.coarse"]["least"]

    def test_boxes_tell_where_it_is_cut(self, tmp_path: Path) -> None:
        _, out = made(tmp_path)
        with pikepdf.open(out / "print-cover-print.pdf") as pdf:
            assert len(pdf.pages) == 1
            page = pdf.pages[0]
            media, trim, bleed = ([float(v) for v in page[name]] for name in ("/MediaBox", "/TrimBox", "/BleedBox"))
            assert bleed == media
            assert trim[0] == pytest.approx(BLEED_MM * _POINTS, abs=0.01)
            assert trim[3] - trim[1] == pytest.approx(210 * _POINTS, abs=0.05)
            assert pdf.Root.MarkInfo.Marked
            assert str(pdf.Root.Lang) == "en"

    def test_a_title_may_hold_quotes_and_signs_of_markup(self, tmp_path: Path) -> None:
        title = """The "Quiet" Sea & 'Other' <Stories>"""
        _, out = made(tmp_path, about={"title": title})
        with pikepdf.open(out / "print-cover-print.pdf") as pdf:
            figures = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"]
            assert [str(figure.Alt) for figure in figures] == [f"Cover: {title}"]

    def test_words_stand_on_the_back_and_every_face_is_embedded(self, tmp_path: Path) -> None:
        _, out = made(tmp_path, about={"print_isbn": "9780140449136"})
        path = out / "print-cover-print.pdf"
        text = pypdfium2.PdfDocument(path)[0].get_textpage().get_text_range()
        assert "Of salt." in text
        assert "ISBN 978-0-14-044913-6" in text
        with pikepdf.open(path) as pdf:
            for font in pdf.pages[0].Resources.Font.values():
                described = font.DescendantFonts[0].FontDescriptor if "/DescendantFonts" in font else font
                assert {"/FontFile2", "/FontFile3"} & set(described.keys())

    @pytest.mark.parametrize("number", ["9780140449136", "9791090636071", "0-14-044913-2"])
    def test_a_scanner_reads_the_isbn(self, tmp_path: Path, number: str) -> None:
        """The bars are read from the drawn page with a table written for this test, once where guards end and above."""
        _, out = made(tmp_path, about={"print_isbn": number})
        page = pypdfium2.PdfDocument(out / "print-cover-print.pdf")[0]
        drawn = page.render(scale=600 / 72).to_pil().convert("L")
        area = Sheet("print", 148.0, 210.0, 100, PAPERS["cream"], is_rtl=False).barcode
        box = bars_box(area)
        digits = read_ean(drawn, box.left / 25.4 * 600, box.width / 25.4 * 600, (box.top + 5) / 25.4 * 600)
        assert digits == (number if number.startswith("97") else "9780140449136")
        text = page.get_textpage().get_text_range()
        assert "".join(text.split()).count(digits) >= 1

    def test_a_book_without_a_print_isbn_has_a_white_area(self, tmp_path: Path) -> None:
        _, out = made(tmp_path)
        page = pypdfium2.PdfDocument(out / "print-cover-print.pdf")[0]
        drawn = page.render(scale=300 / 72).to_pil().convert("L")
        area = Sheet("print", 148.0, 210.0, 100, PAPERS["cream"], is_rtl=False).barcode
        left, top = (round(value / 25.4 * 300) + 2 for value in (area.left, area.top))
        size = [round(value / 25.4 * 300) - 6 for value in (area.width, area.height)]
        assert drawn.crop((left, top, left + size[0], top + size[1])).getextrema() == (255, 255)

    def test_a_long_description_is_set_smaller_then_cut(self, tmp_path: Path) -> None:
        _, out = made(tmp_path, about={"description": "Long sentences about salt & iron. " * 230})
        document = pypdfium2.PdfDocument(out / "print-cover-print.pdf")
        text = document[0].get_textpage().get_text_range()
        assert len(document) == 1
        assert "…" in text
        assert len(text) > 800

    def test_the_same_book_gives_the_same_bytes(self, tmp_path: Path) -> None:
        first, second = (made(tmp_path)[1] / "print-cover-print.pdf" for _ in range(2))
        assert first.read_bytes() == second.read_bytes()

    def test_screens_have_no_sheet(self, tmp_path: Path) -> None:
        result, _ = made(tmp_path, targets=("phone",))
        assert all(artifact.kind is not ArtifactKind.PRINT_COVER for artifact in result.artifacts)

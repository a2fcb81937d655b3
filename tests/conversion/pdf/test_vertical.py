"""Vertical text in PDFs: letters upright, lines downwards and from right to left, pages bound on the right."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from fontTools.ttLib import TTFont
from pypdfium2 import raw

from conversion.engine.book.model import Book, Chapter, Heading, Metadata, Paragraph, Ruby, Text, TocEntry
from conversion.engine.pdf import upright, write_pdfs
from conversion.engine.pdf.page_batch import Leaf, Link, PageBatch
from conversion.engine.pdf.turned import rotated, turn
from conversion.engine.targets import TARGETS

_LINE = "山路を登りながら、こう考えた。智に働けば角が立つ。「情」に棹させば流される（と）。"
_HEADERS_FOOTERS = ("草枕", "一")
needs_font = pytest.mark.skipif(
    not upright.faces_for("ja", _LINE), reason="no font for vertical Japanese is installed on this system"
)


def _book(*paragraphs: Paragraph, language: str = "ja") -> Book:
    blocks = [Heading(1, [Text("一")]), *paragraphs]
    about = Metadata(title="草枕", language=language, identifier="urn:uuid:1")
    return Book(about, [Chapter("one", "一", blocks)], [TocEntry("一", "one")], vertical=True)


def _letters(page: pdfium.PdfPage) -> list[tuple[str, float, float, float]]:
    """Character, left, middle from below and height."""
    texts = page.get_textpage()
    found = []
    for at in range(raw.FPDFText_CountChars(texts)):
        char = chr(raw.FPDFText_GetUnicode(texts, at))
        if upright.is_upright(char):
            left, bottom, right, top = texts.get_charbox(at)
            found.append((char, (left + right) / 2, (bottom + top) / 2, top - bottom))
    return found


def _drawn(page: pdfium.PdfPage) -> list[tuple[str, tuple[float, float, float, float]]]:
    """Every text the page shows, in the order of its content, with its box."""
    texts = page.get_textpage()
    found = []
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
        size = raw.FPDFTextObj_GetText(item, texts, None, 0)
        buffer = (raw.FPDF_WCHAR * (size // 2))()
        raw.FPDFTextObj_GetText(item, texts, buffer, size)
        found.append((bytes(buffer).decode("utf-16-le").rstrip("\0"), item.get_bounds()))
    return found


def _pdf(book: Book, folder: Path, target: str = "print") -> Path:
    return next(path for _, path, _ in write_pdfs(book, [TARGETS[target]], folder, jobs=1, cover=None))


class TestUpright:
    @needs_font
    def test_a_letter_is_turned_about_the_middle_of_its_square(self) -> None:
        regular = next(iter(upright.faces_for("ja", "一").values()))
        font = TTFont(io.BytesIO(regular))
        glyphs = font["glyf"]
        stroke = glyphs[font.getBestCmap()[ord("一")]]
        assert stroke.yMax - stroke.yMin > 4 * (stroke.xMax - stroke.xMin)  # a stroke across, now upright
        assert stroke.xMin >= 0
        assert stroke.xMax <= font["head"].unitsPerEm  # inside its square

    @needs_font
    def test_equal_texts_give_equal_bytes(self) -> None:
        assert upright.faces_for("ja", _LINE) == upright.faces_for("ja", _LINE[::-1])

    def test_latin_letters_lie_down(self) -> None:
        assert [char for char in "a1漢か、（ー…" if not upright.is_upright(char)] == ["a", "1"]

    def test_nothing_without_a_font_or_for_another_language(self, tmp_path: Path) -> None:
        assert upright.faces_for("ja", _LINE, [tmp_path]) == {}
        assert upright.faces_for("en", _LINE) == {}


class TestTurning:
    def test_a_page_its_links_and_its_anchors(self) -> None:
        batch = PageBatch([Leaf(200.0, 100.0, b"x\x9c\x03\0\0\0\0\1", links=[Link(b"/Rect [10 20 30 40]/F 4")])])
        batch.anchors = {"here": (0, 0.0, 100.0)}  # the top left corner
        turn(batch)
        leaf = batch.leaves[0]
        assert (leaf.width, leaf.height) == (100.0, 200.0)
        assert leaf.links[0].entries == b"/Rect[20.000 170.000 40.000 190.000]/F 4"
        assert batch.anchors["here"] == (0, 100.0, 200.0)  # comes to be the top right one

    def test_a_lying_target_has_the_same_type_area(self) -> None:
        target = TARGETS["print"]
        assert (rotated(target).measure_mm, rotated(target).text_height_mm) == (
            target.text_height_mm,
            target.measure_mm,
        )


@needs_font
class TestPages:
    def test_lines_run_downwards_and_from_right_to_left(self, tmp_path: Path) -> None:
        book = _book(*(Paragraph([Text(_LINE * 3)]) for _ in range(4)))
        with pdfium.PdfDocument(_pdf(book, tmp_path, "tablet")) as document:
            drawn = [
                line
                for page in list(document)[1:]
                for line in _drawn(page)
                if not line[0].isdigit() and line[0] not in _HEADERS_FOOTERS
            ]
        assert "".join(text for text, _ in drawn).count(_LINE) == 12
        lines = [box for text, box in drawn if len(text) > 12]
        assert all(top - bottom > 8 * (right - left) for left, bottom, right, top in lines)
        rights = [right for _, _, right, _ in lines]
        assert sum(now < before for before, now in pairwise(rights)) >= len(rights) - 2  # but for new pages

    def test_readings_stand_on_the_right(self, tmp_path: Path) -> None:
        book = _book(Paragraph([Ruby([("山路", "やまみち")]), Text("を登りながら")]))
        with pdfium.PdfDocument(_pdf(book, tmp_path)) as document:
            letters = {char: (x, height) for char, x, _, height in _letters(document[2])}
        assert letters["や"][0] > letters["山"][0] + 4
        assert letters["や"][1] < 0.7 * letters["山"][1]

    def test_the_book_is_bound_on_the_right(self, tmp_path: Path) -> None:
        book = _book(*(Paragraph([Text(_LINE * 8)]) for _ in range(14)))
        path = _pdf(book, tmp_path)
        with pikepdf.open(path) as pdf:
            assert pdf.Root.ViewerPreferences.Direction == "/R2L"
        margins = TARGETS["print"].margins
        with pdfium.PdfDocument(path) as document:
            right_pt = [document[at].get_width() - max(x for _, x, *_ in _letters(document[at])[1:]) for at in (4, 3)]
        assert right_pt[0] - right_pt[1] == pytest.approx((margins.inner - margins.outer) * 72 / 25.4, abs=8)

    def test_all_pages_stand_upright(self, tmp_path: Path) -> None:
        target = TARGETS["phone"]
        with pikepdf.open(_pdf(_book(Paragraph([Text(_LINE * 20)])), tmp_path, "phone")) as pdf:
            boxes = {tuple(round(float(side)) for side in page.MediaBox) for page in pdf.pages}
        assert boxes == {(0, 0, round(target.width_mm * 72 / 25.4), round(target.height_mm * 72 / 25.4))}

    def test_pages_lie_as_usual_where_no_letters_can_be_turned(self, tmp_path: Path) -> None:
        book = replace(_book(Paragraph([Text("An English book by mistake.")]), language="en"), vertical=True)
        with pdfium.PdfDocument(_pdf(book, tmp_path, "phone")) as document:
            text = " ".join(page.get_textpage().get_text_range() for page in document)
        assert "An English book by mistake." in text.replace("AN ENGLISH BOOK", "An English book")

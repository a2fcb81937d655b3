"""Pages of prose as a reader of the PDF finds them, and beside what WeasyPrint makes of the same book."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from pypdfium2 import raw

from conversion.engine.book.model import Figure, Heading, Math, Paragraph, Ruby, Table, Text
from conversion.engine.book.walk import plain
from conversion.engine.pdf.part import Part
from conversion.engine.pdf.prose.errors import Unsettable
from conversion.engine.targets import TARGETS, Target
from conversion.engine.typography.designs import DESIGNS
from tests.conversion.pdf.prose import books
from tests.conversion.pdf.prose.books import bound, chapter_of, press_for, prose, set_alone, text

_TARGETS = [TARGETS[name] for name in ("phone", "print", "large-print")]
_LETTER = re.compile(r"[^\W_]")
_POINTS_PER_MM = 72 / 25.4


def _words(content: str) -> str:
    return "".join(_LETTER.findall(content.replace("\u00ad", "").casefold()))


def _page_texts(pdf: bytes) -> list[str]:
    with pdfium.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range() for page in document]


def _boxes(pdf: bytes) -> list[list[tuple[float, float, float, float]]]:
    """The box of every letter of every page."""
    with pdfium.PdfDocument(pdf) as document:
        found = []
        for page in document:
            texts = page.get_textpage()
            count = raw.FPDFText_CountChars(texts)
            chars = [at for at in range(count) if chr(raw.FPDFText_GetUnicode(texts, at)).isalnum()]
            found.append([texts.get_charbox(at) for at in chars])
        return found


@pytest.mark.parametrize("target", _TARGETS, ids=lambda target: target.name)
@pytest.mark.parametrize("design", list(DESIGNS))
def test_every_word_is_there_in_order(tmp_path: Path, target: Target, design: str) -> None:
    book = books.novel(paragraphs=8)
    _, pdf = set_alone(book, target, tmp_path, DESIGNS[design])
    assert _words("".join(_page_texts(pdf))) == _words(plain(book.chapters[0].blocks))


@pytest.mark.parametrize("target", _TARGETS, ids=lambda target: target.name)
def test_nothing_stands_outside_the_type_area(tmp_path: Path, target: Target) -> None:
    _, pdf = set_alone(books.novel(paragraphs=8), target, tmp_path)
    width, height = target.width_mm * _POINTS_PER_MM, target.height_mm * _POINTS_PER_MM
    margins = target.margins
    sides = min(margins.inner, margins.outer) * _POINTS_PER_MM
    for boxes in _boxes(pdf):
        for left, bottom, right, top in boxes:
            assert sides - 2 <= left <= right <= width - sides + 2
            assert 0 < bottom < top < height


def test_elements_of_every_kind_keep_their_words(tmp_path: Path) -> None:
    book = books.everything()
    _, pdf = set_alone(book, TARGETS["print"], tmp_path)
    got = _words("".join(_page_texts(pdf)))
    for block in book.chapters[0].blocks:
        if isinstance(block, Heading | Paragraph) and not any(
            type(node).__name__ == "NoteRef" for node in block.inlines
        ):
            assert _words(plain([block])) in got


def test_a_short_note_stands_on_the_page_that_refers_to_it(tmp_path: Path) -> None:
    book = books.everything()
    _, pdf = set_alone(book, TARGETS["print"], tmp_path)
    page = next(content for content in _page_texts(pdf) if "in one paragraph" in content)
    assert _words("A short note with emphasis.") in _words(page)


@pytest.mark.parametrize("target", _TARGETS, ids=lambda target: target.name)
def test_no_heading_ends_a_page(tmp_path: Path, target: Target) -> None:
    blocks = []
    for number in range(12):
        blocks += [Heading(2, [Text(f"Section marked {number}")]), text(prose(70 + 9 * number, seed=number))]
    _, pdf = set_alone(chapter_of(*blocks), target, tmp_path)
    for content in _page_texts(pdf):
        assert "Section marked" not in content.strip().splitlines()[-1]


def test_equal_books_give_equal_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    one, other = (set_alone(books.everything(), TARGETS["tablet"], folder)[1] for folder in (first, second))
    assert one == other


def test_what_was_set_for_another_target_before_makes_no_difference(tmp_path: Path) -> None:
    book = books.novel(paragraphs=5)
    renderer = press_for(book, tmp_path)
    assert renderer.prose is not None
    renderer.prose.set_piece(TARGETS["phone"], 0, tmp_path, is_verso=False)
    after = Path(renderer.prose.set_piece(TARGETS["print"], 0, tmp_path, is_verso=False).path).read_bytes()
    alone = Path(set_alone(book, TARGETS["print"], tmp_path)[0].path).read_bytes()
    assert after == alone


_STRANGE = {
    "table": Table([]),
    "formula": Paragraph([Math("<math><mi>x</mi></math>", "x")]),
    "ruby": Paragraph([Ruby([("漢", "かん")])]),
    "no letters for it": text("שלום"),
    "no picture for it": Figure("0" * 64),
}


@pytest.mark.parametrize("name", list(_STRANGE))
def test_leaves_to_the_other_engine_what_it_cannot_set(tmp_path: Path, name: str) -> None:
    renderer = press_for(chapter_of(text(prose(20)), _STRANGE[name]), tmp_path)
    assert not renderer.is_ours(0)


def test_leaves_right_to_left_and_vertical_books_to_the_other_engine(tmp_path: Path) -> None:
    for change in ({"direction": "rtl"}, {"vertical": True}):
        assert not press_for(replace(books.novel(), **change), tmp_path).is_ours(0)


def test_a_refusal_while_setting_brings_in_the_other_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    renderer = press_for(books.novel(paragraphs=2), tmp_path)
    renderer.prepare([TARGETS["print"]], [0])
    assert renderer.prose is not None

    def refuse(*_: object, **__: object) -> Part:
        raise Unsettable("a mark")

    monkeypatch.setattr(renderer.prose, "set_piece", refuse)
    part = renderer.set_piece(TARGETS["print"], 0)
    assert part.pages >= 1


def test_fills_pages_about_as_weasyprint_does(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.mkdir()
    theirs.mkdir()
    book = books.novel(paragraphs=40)
    part, pdf = set_alone(book, TARGETS["print"], ours)
    renderer = press_for(book, theirs, is_prose_ours=False)
    renderer.prepare([TARGETS["print"]], [0])
    reference = renderer.set_piece(TARGETS["print"], 0)
    assert abs(part.pages - reference.pages) <= 1
    lines, reference_lines = (
        sum(len(content.strip().splitlines()) for content in _page_texts(each))
        for each in (pdf, bound(renderer, reference))
    )
    assert lines == pytest.approx(reference_lines, rel=0.05)  # total fit needs fewer

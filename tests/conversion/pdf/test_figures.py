"""In which figures a book counts its pages."""

from __future__ import annotations

import pytest

from conversion.engine.book.model import Book, Chapter, Metadata, Paragraph, Text
from conversion.engine.pdf.figures import WESTERN, figures_of, written


def _book(language: str, text: str) -> Book:
    return Book(Metadata(title="T", language=language), [Chapter("one", "One", [Paragraph([Text(text)])])])


@pytest.mark.parametrize(
    ("language", "text", "zero"),
    [
        ("ar", "في عام ١٩٤٨ و ٢٠٠٣", "٠"),
        ("ar-LB", "في عام 1948 و 2003", "0"),
        ("ar", "بلا أرقام", "٠"),
        ("fa-IR", "سال ۱۳۵۷", "۰"),
        ("he", "בשנת 1948", "0"),
        ("en", "In ١٩٤٨", "0"),
    ],
)
def test_the_texts_own(language: str, text: str, zero: str) -> None:
    assert figures_of(_book(language, text))[0] == zero


def test_numbers_are_written_in_them() -> None:
    assert written(1205, "٠١٢٣٤٥٦٧٨٩") == "١٢٠٥"
    assert written(1205, WESTERN) == "1205"

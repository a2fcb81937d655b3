"""Words that went in come out, in order; and when they do not, it is told."""

from __future__ import annotations

import zipfile
from pathlib import Path

from conversion.engine import checks
from conversion.engine.book.model import Book, Paragraph, Text
from conversion.engine.checks import fidelity
from conversion.engine.epub import write_epub
from tests.conversion.books import plain_book, rich_book


def _epub(book: Book, folder: Path) -> Path:
    path = folder / "book.epub"
    write_epub(book, path, cover=None, modified="2020-01-01T00:00:00Z")
    return path


def _edited(epub: Path, change) -> Path:
    """The archive with its chapters changed by `change(text)`."""
    path = epub.with_name("edited.epub")
    with zipfile.ZipFile(epub) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data.decode()).encode() if name.endswith(".xhtml") else data)
    return path


class TestOfEpub:
    def test_a_book_with_every_element_arrives(self, tmp_path: Path) -> None:
        book = rich_book()
        assert fidelity.of_epub(checks.analyse(book), _epub(book, tmp_path)) == []

    def test_lost_words_are_counted_and_quoted(self, tmp_path: Path) -> None:
        book = plain_book()
        last = "This sentence stands nowhere else in the book."
        book.chapters[1].blocks.append(Paragraph([Text(last)]))
        finding = fidelity.of_epub(
            checks.analyse(book), _edited(_epub(book, tmp_path), lambda text: text.replace(last, ""))
        )[0]
        assert finding.code == "epub.words-lost"
        assert finding.chapter == book.chapters[1].title
        assert finding.facts["paragraphs"] == 1
        assert last.startswith(finding.quote[:40])

    def test_moved_paragraphs_are_told(self, tmp_path: Path) -> None:
        book = plain_book()
        epub = _epub(book, tmp_path)
        book.chapters.reverse()
        assert [finding.code for finding in fidelity.of_epub(checks.analyse(book), epub)] == ["epub.words-moved"]

    def test_doubled_paragraphs_are_told(self, tmp_path: Path) -> None:
        book = plain_book()
        twice = "This sentence stands nowhere else in the book."
        book.chapters[1].blocks.append(Paragraph([Text(twice)]))
        epub = _edited(_epub(book, tmp_path), lambda text: text.replace(twice, f"{twice}</p><p>{twice}"))
        (finding,) = fidelity.of_epub(checks.analyse(book), epub)
        assert (finding.code, finding.chapter, finding.facts["paragraphs"]) == (
            "epub.words-doubled",
            book.chapters[1].title,
            1,
        )

    def test_what_the_author_wrote_twice_is_not_doubled(self, tmp_path: Path) -> None:
        book = plain_book()
        book.chapters[1].blocks += [Paragraph([Text("The boat went out and did not come home that day.")])] * 2
        assert fidelity.of_epub(checks.analyse(book), _epub(book, tmp_path)) == []

"""What cannot be written as it is formatted, checked, or read costs its look and never the book."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from conversion.engine.book.model import Note, Table
from conversion.engine.checks import registry
from conversion.engine.contract import ConversionResult
from conversion.engine.markup import blocks, xhtml
from tests.conversion.steps.test_missing_files import files, made, words

_BOOK = (
    "<h1>One</h1><p>The boat came in.</p><h1>Two</h1><p>Before it.<a epub:type=noteref href=#n>1</a></p>"
    "<table><tr><td>May</td><td>twelve</td></tr></table><p><a href=#end>After it</a>, <code>x = 1</code>.</p>"
    "<h1>Three</h1><p id=end>The end.</p><aside epub:type=footnote id=n><p>A small note.</p></aside>"
)


def raising(*given: object, **options: object) -> None:
    raise ZeroDivisionError


def told(result: ConversionResult) -> list[tuple[str, str]]:
    codes = ("epub.", "check.", "pdf.", "artifact.")
    found = [(one.code, one.chapter) for one in result.findings if one.code.startswith(codes)]
    return [each for each in found if each[0] != "epub.pages-unmarked"]


def pages(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(("xhtml", "json"))}


class TestChapters:
    def test_a_block_that_cannot_be_written_leaves_its_chapter_plain(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(blocks.RENDER, Table, raising)
        result = made(tmp_path, _BOOK, formats="web epub pdf")
        assert files(result) == {"web.zip", "book.epub", "book-phone.pdf", "book-print.pdf"}
        assert told(result) == [("epub.chapter-plain", "Two")]
        (two,) = [text for text in pages(tmp_path / "out" / "book.epub").values() if "Before it." in text]
        for kept in ("May", "twelve", "After it, x = 1.", "A small note.", 'epub:type="noteref"'):
            assert kept in two
        assert "<code>" not in two
        assert "twelve" in words(tmp_path / "out" / "book-print.pdf")
        assert pages(tmp_path / "out" / "web.zip")["text.json"].count("After it, x = 1.") == 1

    def test_a_note_that_cannot_be_written_is_plain_too(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        whole = xhtml.XhtmlMarkup._note

        def fail(self: xhtml.XhtmlMarkup, note: Note, note_id: str) -> str:
            if "<em>" in self.blocks(note.blocks):
                raise ZeroDivisionError
            return whole(self, note, note_id)

        monkeypatch.setattr(xhtml.XhtmlMarkup, "_note", fail)
        result = made(tmp_path, _BOOK.replace("A small note.", "A <em>small</em> note."), formats="web epub")
        assert told(result) == [("epub.chapter-plain", "Two")]
        assert any("A small note." in text for text in pages(tmp_path / "out" / "book.epub").values())

    def test_other_chapters_keep_their_look(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(blocks.RENDER, Table, raising)
        made(tmp_path, _BOOK.replace("The boat", "The <em>boat</em>"), formats="epub")
        assert any("<em>boat</em>" in text for text in pages(tmp_path / "out" / "book.epub").values())

    def test_what_no_chapter_is_to_blame_for_is_raised(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("conversion.engine.epub.builder.nav_document", raising)
        with pytest.raises(ZeroDivisionError):
            made(tmp_path, _BOOK, formats="epub")

    @pytest.mark.parametrize("error", [MemoryError, RecursionError])
    def test_what_protects_us_is_raised(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
    ) -> None:
        def protect(*given: object) -> None:
            raise error

        monkeypatch.setitem(blocks.RENDER, Table, protect)
        with pytest.raises(error):
            made(tmp_path, _BOOK, formats="epub")


class TestChecks:
    def test_one_that_fails_is_a_finding(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        checks = (raising, raising, *registry.BOOK_CHECKS)
        monkeypatch.setattr(registry, "BOOK_CHECKS", checks)
        result = made(tmp_path, _BOOK, formats="epub")
        assert told(result) == [("check.failed", "")]
        assert next(one.facts for one in result.findings if one.code == "check.failed") == {"count": 2}
        assert any(one.code == "metadata.author-missing" for one in result.findings)

    def test_so_is_the_one_on_the_finished_epub(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("conversion.engine.checks.fidelity.of_epub", raising)
        result = made(tmp_path, _BOOK, formats="epub")
        assert told(result) == [("check.failed", "")]
        assert files(result) == {"book.epub"}

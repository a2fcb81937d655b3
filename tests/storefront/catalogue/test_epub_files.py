"""Which file of a real EPUB has each block of an edition's text."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from common import storage
from conversion.engine.api import edition_text
from conversion.engine.epub import EPUB, write_epub
from conversion.engine.web import write_web
from storefront.catalogue.selectors.edition_texts import book_text
from storefront.catalogue.selectors.epub_files import files_of_blocks
from tests.conversion import books


@pytest.mark.parametrize("make", [books.rich_book, books.hostile_book], ids=["rich", "hostile"])
def test_each_block_is_in_the_file_that_is_named(make, tmp_path: Path) -> None:
    write_web(make(), tmp_path / "web.zip")
    write_epub(make(), tmp_path / "book.epub", cover=None, modified=books.MODIFIED, shape=EPUB)
    stored = []
    for name in ("web.zip", "book.epub"):
        with (tmp_path / name).open("rb") as file:
            stored.append(storage.private().save(f"test-{name}", file))
    text = book_text(stored[0])
    files = files_of_blocks(stored[1], text)
    assert len(files) == len(text.blocks)
    with zipfile.ZipFile(tmp_path / "book.epub") as archive:
        texts = {path: edition_text.chapter_texts(archive.read(path)) for path in set(files)}
    assert all(block in texts[path] for block, path in zip(text.blocks, files, strict=True))

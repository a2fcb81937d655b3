"""The web reader's archive: what a browser is given."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree

from conversion.engine.book.model import Book
from conversion.engine.web import write_web
from tests.conversion import books


def written(book: Book, path: Path) -> zipfile.ZipFile:
    write_web(book, path)
    return zipfile.ZipFile(path)


class TestWriteWeb:
    def test_manifest_leads_to_every_chapter(self, tmp_path: Path) -> None:
        archive = written(books.rich_book(), tmp_path / "web.zip")
        manifest = json.loads(archive.read("book.json"))
        assert [chapter["id"] for chapter in manifest["chapters"]] == ["dedication", "one", "two", "afterword"]
        assert {chapter["href"] for chapter in manifest["chapters"]} <= set(archive.namelist())
        assert manifest["toc"][0]["children"][0]["href"] == "chapters/one.xhtml#section-a"

    def test_manifest_counts_words_and_characters(self, tmp_path: Path) -> None:
        archive = written(books.plain_book(chapters=1), tmp_path / "web.zip")
        chapter = json.loads(archive.read("book.json"))["chapters"][0]
        assert chapter["words"] == 302
        assert chapter["characters"] > 1000

    def test_every_address_stays_in_the_archive(self, tmp_path: Path) -> None:
        archive = written(books.rich_book(), tmp_path / "web.zip")
        for name in archive.namelist():
            if name.endswith(".xhtml"):
                for element in ElementTree.fromstring(archive.read(name)).iter():
                    source = element.get("src", "../style.css")
                    assert source.removeprefix("../") in archive.namelist()

    def test_long_chapters_become_several_entries(self, tmp_path: Path) -> None:
        archive = written(books.plain_book(chapters=1, words=90_000), tmp_path / "web.zip")
        chapters = json.loads(archive.read("book.json"))["chapters"]
        assert [chapter["id"] for chapter in chapters] == ["chapter-1", "chapter-1-2"]

    def test_is_the_same_bytes_each_time(self, tmp_path: Path) -> None:
        written(books.rich_book(), tmp_path / "a.zip")
        written(books.rich_book(), tmp_path / "b.zip")
        assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()

    def test_survives_everything_that_can_be_wrong(self, tmp_path: Path) -> None:
        archive = written(books.hostile_book(), tmp_path / "web.zip")
        assert len(json.loads(archive.read("book.json"))["chapters"]) == 4

"""The text in the web archive: equal in every format, and a sample's place in its edition."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from conversion.engine.book.model import Book, Chapter, Division, Note, NoteRef
from conversion.engine.book.page import Page, PageText
from conversion.engine.book.page_text import running_text
from conversion.engine.book.sample import make_sample
from conversion.engine.edition_text import EditionText, SampleRun, chapter_texts, text_of_archive
from conversion.engine.epub import EPUB, KEPUB, EpubVariant, write_epub
from conversion.engine.readers import read_source
from conversion.engine.web import write_web
from tests.conversion import books


def web_text(book: Book, folder: Path, sample_of: Book | None = None) -> EditionText:
    write_web(book, folder / "web.zip", sample_of=sample_of)
    with zipfile.ZipFile(folder / "web.zip") as archive:
        assert "text.json" in archive.namelist()
        return text_of_archive(archive)


def epub_texts(book: Book, folder: Path, shape: EpubVariant) -> list[str]:
    """The blocks of an EPUB's chapters: without cover, title page and contents, which no web archive has."""
    write_epub(book, folder / "book.epub", cover=None, modified=books.MODIFIED, shape=shape)
    with zipfile.ZipFile(folder / "book.epub") as archive:
        package = next(name for name in archive.namelist() if name.endswith(".opf"))
        root = etree.fromstring(archive.read(package))
        hrefs = {item.get("id"): item.get("href") for item in root.iter("{*}item")}
        chapters = [item.get("idref") for item in root.iter("{*}itemref") if item.get("idref").startswith("text-")]
        base = package.rpartition("/")[0] + "/"
        return [text for key in chapters for text in chapter_texts(archive.read(base + hrefs[key]))]


def fixed_book() -> Book:
    book = books.plain_book(chapters=1)
    pages = []
    for number in (1, 2, 3):
        lines = [PageText(f"Page {number} be\u00ad", 0, 0, 9, 9), PageText("gins.", 0, 9, 9, 9)]
        picture = books.png(grey=number)
        book.assets[picture.sha256] = picture
        pages.append(Page(f"p{number}", picture.sha256, 40, 30, lines if number != 2 else [], ["Whole."]))
    return replace(book, chapters=[Chapter("c1", "One", running_text(pages), pages=pages)])


class TestEditionText:
    @pytest.mark.parametrize("book", [books.rich_book, books.hostile_book], ids=["rich", "hostile"])
    @pytest.mark.parametrize("shape", [EPUB, KEPUB], ids=lambda shape: shape.name)
    def test_is_the_same_in_every_format(self, book, shape: EpubVariant, tmp_path: Path) -> None:
        text = web_text(book(), tmp_path)
        assert epub_texts(book(), tmp_path, shape) == text.texts()

    def test_is_what_the_chapters_say(self, tmp_path: Path) -> None:
        stored = web_text(books.rich_book(), tmp_path)
        with zipfile.ZipFile(tmp_path / "web.zip") as archive, zipfile.ZipFile(tmp_path / "old.zip", "w") as old:
            for name in archive.namelist():
                if name != "text.json":
                    old.writestr(name, archive.read(name))
            assert text_of_archive(old) == stored

    def test_pages_have_the_words_of_their_lines(self, tmp_path: Path) -> None:
        text = web_text(fixed_book(), tmp_path)
        assert text.blocks == (
            (0, "Page 1 begins."),
            (0, "Whole."),
            (1, "Whole."),
            (2, "Page 3 begins."),
            (2, "Whole."),
        )


class TestSampleText:
    def check(self, sample: EditionText, edition: EditionText) -> None:
        """Every run is equal text."""
        for run in sample.sample_runs:
            here = sample.texts()[run.here : run.here + run.length]
            assert here == edition.texts()[run.there : run.there + run.length]

    def test_says_how_much_front_matter_is_before_it(self, tmp_path: Path) -> None:
        book = books.rich_book()
        edition, sample = web_text(book, tmp_path), web_text(make_sample(book, 3000), tmp_path, book)
        self.check(sample, edition)
        assert edition.sample_runs == ()
        assert sample.sample_runs[0] == SampleRun(0, 1, 7)  # after the dedication
        assert sum(run.length for run in sample.sample_runs) == len(sample.blocks)
        assert len(sample.sample_runs) == 2  # the notes of the chapter that is cut follow later in the edition

    def test_takes_long_chapters_in_pieces(self, tmp_path: Path) -> None:
        book = books.plain_book(chapters=3, words=90_000)
        edition, sample = web_text(book, tmp_path), web_text(make_sample(book, 5000), tmp_path, book)
        self.check(sample, edition)
        assert sample.sample_runs == (SampleRun(0, 0, len(sample.blocks)),)

    def test_a_note_whose_place_is_in_the_front_matter_is_in_no_run(self, tmp_path: Path) -> None:
        front = Chapter("front", "Front", [books.text("Before", NoteRef("n"))], division=Division.FRONT)
        body = Chapter("body", "Body", [books.text("One", NoteRef("n")), books.text("Two")])
        book = replace(
            books.plain_book(), chapters=[front, body], notes={"n": Note("n", [books.text("Noted.")])}, toc=[]
        )
        sample = web_text(make_sample(book, 1000), tmp_path, book)
        assert sample.texts() == ["One", "Noted."]
        assert sample.sample_runs == (SampleRun(0, 2, 1),)

    def test_pages(self, tmp_path: Path) -> None:
        book = fixed_book()
        sample = web_text(make_sample(book, 5000), tmp_path, book)
        assert sample.sample_runs == (SampleRun(0, 0, 3),)


@pytest.mark.parametrize("name", ["flatland", "wasteland", "kusamakura-japanese-vertical-writing"])
def test_books_of_the_corpus_are_the_same_in_every_format(corpus: Path, name: str, tmp_path: Path) -> None:
    source = corpus / name / f"{name}.epub"
    book = replace(read_source(source, source.name)[1].book, assets={}, cover="")  # pictures take long and say nothing
    text = web_text(book, tmp_path)
    assert len(text.blocks) > 100
    for shape in (EPUB, KEPUB):
        assert epub_texts(book, tmp_path, shape) == text.texts()
    sample = web_text(make_sample(book, 1000), tmp_path, book)
    TestSampleText().check(sample, text)
    assert sum(run.length for run in sample.sample_runs) == len(sample.blocks)

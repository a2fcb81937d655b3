"""Ways into the EPUB: landmarks, guide, page lists of the source and of our own print edition."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from conversion.engine.book.model import Book, Chapter, Division, Emphasis, Heading, Link, PageMark, Paragraph, Text
from conversion.engine.book.walk import walk
from conversion.engine.epub import write_epub
from conversion.engine.epub.printed_pages import letters_of, mark
from conversion.engine.markup import plain
from conversion.engine.pdf import write_pdfs
from conversion.engine.pdf.heads import PageHead as Page
from conversion.engine.targets import TARGETS
from tests.conversion import books

_OPF = "{http://www.idpf.org/2007/opf}"
_NCX = "{http://www.daisy.org/z3986/2005/ncx/}"


@pytest.fixture
def write(tmp_path: Path):
    def written(book: Book) -> zipfile.ZipFile:
        path = tmp_path / "book.epub"
        write_epub(book, path, cover=None, modified=books.MODIFIED)
        return zipfile.ZipFile(path)

    return written


def properties(archive: zipfile.ZipFile, name: str) -> list[str]:
    root = etree.fromstring(archive.read("EPUB/content.opf"))
    return [meta.text or "" for meta in root.iter(_OPF + "meta") if meta.get("property") == name]


class TestLandmarks:
    def test_name_each_kind_of_place_once_the_usual_ones_first(self, write) -> None:
        book = books.rich_book()
        for role in ("copyright-page", "glossary", "index", "glossary"):
            division = Division.FRONT if role == "copyright-page" else Division.BACK
            book.chapters.append(Chapter(role, role.title(), [books.text(role)], division, role))
        nav = etree.fromstring(write(book).read("EPUB/nav.xhtml"))
        kinds = [link.get("{http://www.idpf.org/2007/ops}type") for link in nav.iter("{*}a")]
        assert [kind for kind in kinds if kind] == [
            *("cover", "titlepage", "toc", "bodymatter"),
            *("dedication", "afterword", "copyright-page", "glossary", "index"),
        ]

    def test_are_the_guide_for_older_readers(self, write) -> None:
        root = etree.fromstring(write(books.rich_book()).read("EPUB/content.opf"))
        guide = {reference.get("type"): reference.get("href") for reference in root.iter(_OPF + "reference")}
        assert guide["text"] == "text/one.xhtml"
        assert guide["cover"] == "text/cover.xhtml"
        assert guide["title-page"] == "text/titlepage.xhtml"
        assert "afterword" not in guide  # a kind EPUB 2 does not know


class TestPackage:
    def test_says_which_way_its_text_runs(self, write) -> None:
        book = books.plain_book()
        book.direction = "rtl"
        assert etree.fromstring(write(book).read("EPUB/content.opf")).get("dir") == "rtl"

    def test_says_what_kind_of_number_an_isbn_is(self, write) -> None:
        book = books.plain_book()
        book.metadata.identifier = "urn:isbn:9783161484100"
        assert properties(write(book), "identifier-type") == ["15"]
        assert properties(write(books.plain_book()), "identifier-type") == []

    def test_sums_up_its_accessibility_in_its_own_language(self, write) -> None:
        book = books.plain_book()
        book.metadata.language = "de-AT"
        root = etree.fromstring(write(book).read("EPUB/content.opf"))
        summary = next(m for m in root.iter(_OPF + "meta") if m.get("property") == "schema:accessibilitySummary")
        assert summary.get("{http://www.w3.org/XML/1998/namespace}lang") == "de"
        assert (summary.text or "").startswith("Der Text ist echter Text")


class TestPagesOfTheSource:
    def test_are_listed_for_older_readers_too(self, write) -> None:
        root = etree.fromstring(write(books.rich_book()).read("EPUB/toc.ncx"))
        pages = [(page.get("type"), page.get("value")) for page in root.iter(_NCX + "pageTarget")]
        assert pages == [("normal", "1"), ("normal", "2"), ("special", None), ("special", None)]
        heads = {meta.get("name"): meta.get("content") for meta in root.iter(_NCX + "meta")}
        assert (heads["dtb:totalPageCount"], heads["dtb:maxPageNumber"]) == ("4", "2")

    def test_say_of_which_edition_they_are(self, write) -> None:
        book = books.rich_book()
        assert properties(write(book), "pageBreakSource") == ["unknown"]
        book.metadata.page_source = "urn:isbn:9783161484100"
        assert properties(write(book), "pageBreakSource") == ["urn:isbn:9783161484100"]


def marked(book: Book) -> list[tuple[str, str]]:
    """Each page mark with the words that follow it."""
    found = []
    for chapter in book.chapters:
        nodes = list(walk(chapter.blocks))
        for number, node in enumerate(nodes):
            if isinstance(node, PageMark):
                found.append((node.label, plain(nodes[number + 1 : number + 2])[:18]))
    return found


class TestMark:
    def book(self) -> Book:
        blocks = [
            Heading(1, [Text("The Beginning")]),
            Paragraph([Text("Some extraordinary words in a first paragraph that runs over the page, and on.")]),
            Paragraph([Text("Then "), Emphasis([Text("a stressed passage that holds the turn of a page")]), Text(".")]),
            Paragraph([Text("Read "), Link([Text("the long name of the link that holds it")], "#one"), Text(".")]),
        ]
        return replace(books.plain_book(), chapters=[Chapter("one", "The Beginning", blocks)])

    def test_marks_stand_before_the_word_a_page_begins_with(self) -> None:
        book = self.book()
        count = mark(
            book,
            [
                Page("i", "Title Page"),
                Page("1", "The Beginning\nSome extraordinary words in a first para-\n"),
                Page("2", "graph that runs over the page, and on.\nThen a stressed\n"),
                Page("3", "passage that holds the turn of a page.\nRead the long name\n"),
                Page("4", "of the link that holds it.\n"),
            ],
        )
        assert count == 4
        assert marked(book) == [
            ("1", "The Beginning"),
            ("2", "paragraph that run"),
            ("3", "passage that holds"),
            ("4", "the long name of t"),
        ]

    def test_no_word_changes(self) -> None:
        book = self.book()
        before = plain(book.chapters[0].blocks)
        mark(book, [Page("1", "The Beginning Some extra"), Page("2", "ordinary words in a first paragraph")])
        assert plain(book.chapters[0].blocks) == before

    def test_a_list_with_too_many_holes_is_not_made(self) -> None:
        book = self.book()
        strange = [Page(str(number), "Words from another book altogether") for number in range(2, 9)]
        assert mark(book, [Page("1", "The Beginning Some extraordinary"), *strange]) == 0
        assert marked(book) == []

    def test_ligatures_and_capitals_make_no_difference(self) -> None:
        assert letters_of("The ﬁrst — LINE-\nend") == "thefirstlineend"


class TestPagesOfAPrintEdition:
    def test_every_page_with_text_begins_where_the_pdf_begins_it(self, tmp_path: Path) -> None:
        book = books.plain_book(chapters=2, words=1500)
        heads: dict[str, list[Page]] = {}
        list(write_pdfs(book, [TARGETS["print"]], tmp_path, jobs=1, cover=None, heads=heads))
        pages = heads["print"]
        texts = {page.label: letters_of(page.text) for page in pages}
        count = mark(book, pages)
        marks = marked(book)
        assert count == len(marks) > 4
        for label, words in marks:
            assert letters_of(words)[-6:] in texts[label][:40]

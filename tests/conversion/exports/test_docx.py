"""DOCX out: a sound package, and our own reader gets the same Book from it, but for what is named here."""

from __future__ import annotations

import posixpath
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from conversion.engine.book import model
from conversion.engine.book.model import Book, Chapter, Contributor, Heading, Metadata, Paragraph, Text, TocEntry
from conversion.engine.book.walk import plain, walk
from conversion.engine.exports.docx import write_docx
from conversion.engine.readers import read_source
from tests.conversion import books

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def written(book: Book, folder: Path) -> Path:
    path = folder / "book.docx"
    write_docx(book, path)
    return path


def again(book: Book, folder: Path) -> Book:
    return read_source(written(book, folder), "book.docx")[1].book


def novel(*blocks: model.AnyBlock, **more: object) -> Book:
    first = Chapter("c-1", "One", [Heading(1, [Text("One")]), *blocks])
    second = Chapter("c-2", "Two", [Heading(1, [Text("Two")]), Paragraph([Text("The end of the tale.")])])
    return Book(Metadata("Salt", language="en", contributors=[Contributor("Ann Lee")]), [first, second], **more)  # type: ignore[arg-type]


def first_blocks(book: Book) -> list[model.AnyBlock]:
    return book.chapters[0].blocks[1:]


def bare(block: model.AnyBlock) -> model.AnyBlock:
    for node in walk([block]):
        if hasattr(node, "place"):
            node.place = model.SourcePlace()
    return block


class TestPackage:
    @pytest.mark.parametrize("name", ["rich_book", "hostile_book", "plain_book"])
    def test_is_sound(self, tmp_path: Path, name: str) -> None:
        with zipfile.ZipFile(written(getattr(books, name)(), tmp_path)) as archive:
            names = archive.namelist()
            assert names[0] == "[Content_Types].xml"
            assert len(set(names)) == len(names)
            roots = {one: etree.fromstring(archive.read(one)) for one in names if one.endswith((".xml", ".rels"))}
        types = roots["[Content_Types].xml"]
        parts = {str(one.get("PartName")) for one in types}
        extensions = {one.get("Extension") for one in types}
        assert {one for one in names if f"/{one}" not in parts and one.rpartition(".")[2] not in extensions} == set()
        for part, root in roots.items():
            if part.endswith(".rels"):
                folder = posixpath.dirname(posixpath.dirname(part))
                inside = [one for one in root if one.get("TargetMode") != "External"]
                assert {posixpath.join(folder, str(one.get("Target"))) for one in inside} <= set(names)
                assert len({one.get("Id") for one in root}) == len(root)

    def test_what_is_referred_to_is_there(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(written(books.rich_book(), tmp_path)) as archive:
            body = etree.fromstring(archive.read("word/document.xml"))
            styles = etree.fromstring(archive.read("word/styles.xml"))
            numbering = etree.fromstring(archive.read("word/numbering.xml"))
            notes = etree.fromstring(archive.read("word/footnotes.xml"))
            relationships = etree.fromstring(archive.read("word/_rels/document.xml.rels"))
        known = {style.get(f"{_W}styleId") for style in styles.iter(f"{_W}style")}
        used = {one.get(f"{_W}val") for tag in ("pStyle", "rStyle", "tblStyle") for one in body.iter(f"{_W}{tag}")}
        assert used <= known
        lists = {one.get(f"{_W}numId") for one in numbering.iter(f"{_W}num")} | {"0"}
        assert {one.get(f"{_W}val") for one in body.iter(f"{_W}numId")} <= lists
        assert {one.get(f"{_W}id") for one in body.iter(f"{_W}footnoteReference")} <= {
            one.get(f"{_W}id") for one in notes.iter(f"{_W}footnote")
        }
        ids = {one.get("Id") for one in relationships}
        assert {value for one in body.iter() for key, value in one.attrib.items() if key.startswith(_R)} <= ids
        names = [one.get(f"{_W}name") for one in body.iter(f"{_W}bookmarkStart")]
        assert {one.get(f"{_W}anchor") for one in body.iter(f"{_W}hyperlink") if one.get(f"{_W}anchor")} <= set(names)
        assert len(set(names)) == len(names)

    def test_has_the_same_bytes_each_time(self, tmp_path: Path) -> None:
        first = written(books.rich_book(), tmp_path).read_bytes()
        assert written(books.rich_book(), tmp_path).read_bytes() == first


class TestReadAgain:
    @pytest.mark.parametrize(
        "block",
        [
            books.text("Plain, ", model.Emphasis([Text("slanted")]), ", ", model.Strong([Text("bold")]), "."),
            books.text(model.SmallCaps([Text("small")]), " ", model.Underline([Text("under")]), " end"),
            books.text("x", model.Subscript([Text("2")]), " y", model.Superscript([Text("3")]), " z"),
            books.text("Run ", model.CodeSpan("make"), " now."),
            books.text("See ", model.Link([Text("this")], "https://example.org/a"), "."),
            books.text("He said ", model.Language([Text("bon soir")], "fr"), "."),
            books.text("One line", model.LineBreak(), "and another that is not short, not at all."),
            Paragraph([Text("In the middle of it")], align=model.Align.CENTER),
            Paragraph([Text("For Ada")], role="dedication"),
            model.Quotation([Paragraph([Text("Quoted words.")]), Paragraph([Text("And more.")])]),
            model.SceneBreak(sign="* * *"),
            model.CodeBlock("a = 1\n\nprint(a)"),
            model.Verse(
                [
                    [model.VerseLine([Text("The sea,")]), model.VerseLine([Text("the sea")], indent=2)],
                    [model.VerseLine([Text("is salt.")])],
                ]
            ),
            model.ListBlock([model.ListItem([Paragraph([Text("one")])]), model.ListItem([Paragraph([Text("two")])])]),
            model.ListBlock(
                [model.ListItem([Paragraph([Text("c")]), Paragraph([Text("more of c")])])],
                ordered=True,
                start=3,
                style="lower-alpha",
            ),
            model.ListBlock([model.ListItem([Paragraph([Text("done")])], checked=True)]),
            model.ListBlock(
                [
                    model.ListItem(
                        [
                            Paragraph([Text("outer")]),
                            model.ListBlock(
                                [model.ListItem([Paragraph([Text("inner")])])], ordered=True, style="decimal"
                            ),
                        ]
                    )
                ]
            ),
            model.DefinitionList([model.Definition([Text("Salt")], [Paragraph([Text("A mineral.")])])]),
            model.Aside([Paragraph([Text("Beside the text.")])]),
            model.Table(
                [
                    [model.Cell([Paragraph([Text(t)])], header=True) for t in ("A", "B", "C")],
                    [model.Cell([Paragraph([Text("1")])], rowspan=2), model.Cell([Paragraph([Text("2")])], colspan=2)],
                    [model.Cell([Paragraph([Text("3")])]), model.Cell([Paragraph([Text("4")])])],
                ],
                header_rows=1,
                caption=[Text("A table")],
            ),
        ],
        ids=lambda block: type(block).__name__,
    )
    def test_gives_the_same_block(self, tmp_path: Path, block: model.AnyBlock) -> None:
        found = first_blocks(again(novel(block, Paragraph([Text("After it, a paragraph.")])), tmp_path))
        assert [bare(one) for one in found] == [block, Paragraph([Text("After it, a paragraph.")])]

    def test_keeps_notes_as_notes(self, tmp_path: Path) -> None:
        book = novel(books.text("Salt", model.NoteRef("n-1"), " and pepper", model.NoteRef("n-2"), "."))
        book.notes = {
            "n-1": model.Note("n-1", [Paragraph([Text("First.")]), Paragraph([Text("Second.")])]),
            "n-2": model.Note("n-2", [Paragraph([Text("At the end.")])], kind="endnote"),
        }
        found = again(book, tmp_path)
        assert [(note.kind, plain(note.blocks)) for note in found.notes.values()] == [
            ("footnote", "First. Second."),
            ("endnote", "At the end."),
        ]
        assert plain(first_blocks(found)) == "Salt and pepper."

    def test_keeps_pictures_with_their_words(self, tmp_path: Path) -> None:
        picture = books.png(40, 30)
        book = novel(model.Figure(picture.sha256, alt='A "grey" sea', caption=[Text("The sea")]))
        book.assets[picture.sha256] = picture
        (figure,) = first_blocks(again(book, tmp_path))
        assert isinstance(figure, model.Figure)
        assert (figure.alt, figure.caption) == ('A "grey" sea', [Text("The sea")])

    def test_keeps_links_within_the_book(self, tmp_path: Path) -> None:
        book = novel(books.text("See ", model.Link([Text("the end")], "#c-2"), "."))
        found = again(book, tmp_path)
        (link,) = [node for node in walk(first_blocks(found)) if isinstance(node, model.Link)]
        anchors = [node.id for node in walk(found.chapters[1].blocks) if isinstance(node, model.Anchor)]
        assert link.href[1:] in anchors

    def test_keeps_formulas(self, tmp_path: Path) -> None:
        book = novel(books.text("Then ", model.Math(books.MATHML, "x = …"), " holds."))
        (formula,) = [node for node in walk(first_blocks(again(book, tmp_path))) if isinstance(node, model.Math)]
        texts = "".join("".join(etree.fromstring(formula.mathml).itertext()).split())
        assert texts == "".join("".join(etree.fromstring(books.MATHML).itertext()).split())
        assert "msqrt" in formula.mathml
        assert "mfrac" in formula.mathml

    def test_keeps_parts_title_and_authors(self, tmp_path: Path) -> None:
        chapters = []
        toc = []
        for part in (1, 2):
            chapters.append(Chapter(f"p-{part}", f"Part {part}", [Heading(1, [Text(f"Part {part}")])], role="part"))
            toc.append(TocEntry(f"Part {part}", f"p-{part}"))
            for number in (1, 2):
                title, name = f"Chapter {number}", f"c-{part}-{number}"
                chapters.append(Chapter(name, title, [Heading(1, [Text(title)]), Paragraph([Text("Words. " * 20)])]))
                toc[-1].children.append(TocEntry(title, name))
        about = Metadata("Salt", "A tale", [Contributor("Ann Lee"), Contributor("Bo Ek")], language="en")
        found = again(Book(about, chapters, toc), tmp_path)
        assert [(chapter.title, chapter.role) for chapter in found.chapters] == [
            (chapter.title, chapter.role) for chapter in chapters
        ]
        assert (found.metadata.title, found.metadata.subtitle) == ("Salt", "A tale")
        assert [person.name for person in found.metadata.contributors] == ["Ann Lee", "Bo Ek"]

    @pytest.mark.parametrize("top_role", ["part", "halftitlepage"])
    def test_chapters_of_a_book_of_several_parts_stay_chapters(self, tmp_path: Path, top_role: str) -> None:
        title = {"part": "Book I", "halftitlepage": "Salt"}[top_role]
        top = Chapter("b-1", title, [Heading(1, [Text(title)])], role=top_role)
        chapters, toc = [top], [TocEntry(title, "b-1")]
        for part in (1, 2):
            name = f"Part {part}: The Sea"
            epigraph = model.Quotation([Paragraph([Text("Nobody answered but the wind.")])])
            chapters.append(Chapter(f"p-{part}", name, [Heading(1, [Text(name)]), epigraph], role="part"))
            toc[0].children.append(TocEntry(name, f"p-{part}"))
            for number in (1, 2, 3):
                heading, key = f"{number}. Of the Nature of Salt", f"c-{part}-{number}"
                chapters.append(
                    Chapter(key, heading, [Heading(1, [Text(heading)]), Paragraph([Text("Words. " * 400)])])
                )
                toc[0].children[-1].children.append(TocEntry(heading, key))
        found = again(Book(Metadata("Salt", language="en"), chapters, toc), tmp_path)
        assert [chapter.title for chapter in found.chapters] == [chapter.title for chapter in chapters]

    def test_no_word_of_a_book_with_everything_is_lost(self, tmp_path: Path) -> None:
        book = books.rich_book()
        found = again(book, tmp_path)
        words = Counter(plain([block for chapter in book.chapters for block in chapter.blocks]).split())
        kept = Counter(plain([block for chapter in found.chapters for block in chapter.blocks]).split())
        assert words - kept == Counter()

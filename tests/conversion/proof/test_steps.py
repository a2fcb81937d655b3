"""The two outputs made in a real run: proof sheets beside PDFs, and the opening in every design."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from conversion.engine import pipeline
from conversion.engine.book.model import Book, Chapter, Division, Metadata, NoteRef, Paragraph, Text
from conversion.engine.contract import AuthorDetails, ConversionRequest, ConversionResult, Progress, Stage
from conversion.engine.proof.preview import opening_of
from conversion.engine.targets import TARGETS, with_gutter
from conversion.engine.typography.designs import DESIGNS
from tests.conversion.manuscripts import short_book


def convert(folder: Path, source: Path, name: str, **more) -> tuple[ConversionResult, list[Progress]]:
    out = folder / name
    out.mkdir()
    told: list[Progress] = []
    request = ConversionRequest(source, source.name, out, overrides=AuthorDetails(title="Salt", language="en"), **more)
    return pipeline.convert(request, told.append), told


class TestMakeProof:
    def test_a_sheet_for_each_pdf_the_same_every_time(self, tmp_path):
        source, wish = short_book(tmp_path), {"formats": ("pdf", "proof"), "targets": ("phone", "print")}
        first, told = convert(tmp_path, source, "a", **wish)
        assert [file.path for file in first.artifacts if file.kind == "proof"] == ["proof-phone.zip", "proof-print.zip"]
        assert Stage.PROOF in {progress.stage for progress in told}
        with zipfile.ZipFile(tmp_path / "a" / "proof-phone.zip") as archive:
            index = json.loads(archive.read("index.json"))
            assert {drawn["file"] for drawn in index["drawn"]} < set(archive.namelist())
        assert [chapter["title"] for chapter in index["chapters"]] == ["Chapter 1", "Chapter 2", "Chapter 3"]
        assert index["drawn"][0]["why"] == ["cover"]
        second, _ = convert(tmp_path, source, "b", **{**wish, "targets": ("print", "phone"), "jobs": 1})
        hashes = [{file.path: file.sha256 for file in made.artifacts} for made in (first, second)]
        assert hashes[0] == hashes[1]

    def test_thick_books_are_judged_by_the_margins_they_are_set_with(self, tmp_path):
        words = " ".join(f"word{n}" for n in range(300))
        source = tmp_path / "thick.md"
        source.write_text("\n\n".join(f"# Chapter {n}\n\n{words}" for n in range(200)))
        made, _ = convert(tmp_path, source, "a", formats=("pdf", "proof"), targets=("print",))
        pages = next(file.pages for file in made.artifacts if file.kind == "pdf")
        assert with_gutter(TARGETS["print"], pages) != TARGETS["print"]
        assert not [finding for finding in made.findings if finding.code == "page.line-too-long"]

    def test_nothing_without_pdfs(self, tmp_path):
        result, _ = convert(tmp_path, short_book(tmp_path), "a", formats=("proof",))
        assert result.artifacts == ()


class TestMakePreview:
    def test_the_opening_in_every_design(self, tmp_path):
        convert(tmp_path, short_book(tmp_path), "a", formats=("preview",), targets=("phone",))
        with zipfile.ZipFile(tmp_path / "a" / "preview.zip") as archive:
            index = json.loads(archive.read("index.json"))
            names = set(archive.namelist())
        assert index["chapter"] == "Chapter 1"
        assert [design["name"] for design in index["designs"]] == list(DESIGNS)
        assert all(design["pages"]["phone"][0]["file"] in names for design in index["designs"])


class TestOpeningOf:
    def chapter(self, name: str, division: Division, blocks: int = 1) -> Chapter:
        return Chapter(name, name, [Paragraph([Text("word " * 100)]) for _ in range(blocks)], division=division)

    def test_is_where_the_body_begins_and_no_longer_than_it_shows(self):
        book = Book(
            Metadata(title="Salt"),
            [self.chapter("preface", Division.FRONT), self.chapter("one", Division.BODY, blocks=50)],
            cover="0" * 64,
        )
        book.chapters[1].blocks[40] = Paragraph([NoteRef("n1")])
        cut = opening_of(book)
        assert [(chapter.id, len(chapter.blocks)) for chapter in cut.chapters] == [("one", 6)]
        assert (cut.cover, cut.toc, cut.notes) == ("", [], {})

    def test_passes_over_a_chapter_of_a_few_words(self):
        few = Chapter("few", "Synopsis", [Paragraph([Text("word")])])
        cut = opening_of(Book(Metadata(), [few, self.chapter("one", Division.BODY, blocks=3)]))
        assert [chapter.id for chapter in cut.chapters] == ["one"]
        assert [chapter.id for chapter in opening_of(Book(Metadata(), [few])).chapters] == ["few"]

    def test_of_a_book_without_chapters_is_empty(self):
        assert opening_of(Book(Metadata(), [])).chapters == []

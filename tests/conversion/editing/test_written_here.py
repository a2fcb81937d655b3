"""A book that begins empty: written in its chapter's document, built, continued in Word, and read again."""

from __future__ import annotations

from pathlib import Path

import pytest

from conversion.engine import pipeline
from conversion.engine.book.model import Heading, Paragraph, Text
from conversion.engine.book.walk import plain
from conversion.engine.contract import ConversionRequest, ConversionResult
from conversion.engine.editing import Block, changes, chapter_of, chapters_of
from conversion.engine.exports.own import empty_book, with_chapter
from conversion.engine.patches import Base, FitState, Patch, Piece
from conversion.engine.readers import read_source

NAME = "salt.octavo-book.json"
FORMATS = ("base", "book", "web", "cover", "epub", "docx")
AT = "2026-12-01T10:00:00Z"


class Desk:
    """A manuscript, and the patches over the base of its last build."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.source = folder / "manuscript.json"
        self.source.write_bytes(empty_book("Salt", "en"))
        self.patches: tuple[Patch, ...] = ()
        self.builds = 0
        self.base: Base
        self.out: Path

    def build(self) -> ConversionResult:
        self.builds += 1
        self.out = self.folder / f"out-{self.builds}"
        self.out.mkdir()
        bases = (self.folder / "base",) if self.patches else ()
        request = ConversionRequest(self.source, NAME, self.out, FORMATS, patches=self.patches, bases=bases)
        result = pipeline.convert(request, lambda progress: None)
        data = (self.out / "base.json.gz").read_bytes()
        (self.folder / "base").write_bytes(data)
        base = Base.from_bytes(data)
        assert base is not None
        self.base = base
        return result

    def type_into(self, chapter: str, *paragraphs: str) -> None:
        """Write into the empty paragraph of a chapter, and further ones after it."""
        document = chapter_of(self.base, self.patches, chapter)
        empty = next(block for block in document.blocks if block.kind == "paragraph")
        empty.text = (Piece(paragraphs[0]),)
        more = [Block(f"new-{n}", "paragraph", {}, (Piece(text),)) for n, text in enumerate(paragraphs[1:])]
        document.blocks.extend(more)
        made = changes(self.base, self.patches, document, author="ada", made_at=AT)
        self.patches = (*made.kept, *made.made)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_an_empty_book_is_built_and_cannot_be_published(desk: Desk) -> None:
    result = desk.build()
    assert {artifact.kind for artifact in result.artifacts} >= {"web", "epub", "base", "book", "docx"}
    assert ("structure.nothing-written", "blocker") in {(one.code, one.severity) for one in result.findings}
    (line,) = chapters_of(desk.base, ())
    assert line.title == "Chapter 1"


def test_what_is_written_is_built_and_goes_on_in_word(desk: Desk) -> None:
    desk.build()
    (line,) = chapters_of(desk.base, ())
    desk.type_into(line.id, "The sea is salt.", "Nobody knows why it is.", "Ada asked the lamp.")
    result = desk.build()
    assert {fit.state for fit in result.fits} == {FitState.APPLIED}
    assert "structure.nothing-written" not in {one.code for one in result.findings}
    assert result.words == 15
    written = ["Chapter 1", "The sea is salt.", "Nobody knows why it is.", "Ada asked the lamp."]
    for path, name in ((desk.out / "book.octavo-book.json", NAME), (desk.out / "book.docx", "salt.docx")):
        book = read_source(path, name)[1].book
        assert (book.metadata.title, book.metadata.language) == ("Salt", "en")
        assert [plain([block]) for block in book.chapters[0].blocks] == written
        assert [type(block) for block in book.chapters[0].blocks] == [Heading, *[Paragraph] * 3]


def test_chapters_are_added(desk: Desk) -> None:
    desk.build()
    (line,) = chapters_of(desk.base, ())
    desk.type_into(line.id, "The sea is salt.")
    desk.build()
    desk.source = desk.folder / "next.json"
    desk.source.write_bytes(with_chapter((desk.out / "book.octavo-book.json").read_bytes(), "The Lamp"))
    desk.patches = ()
    desk.build()
    lines = chapters_of(desk.base, ())
    assert [one.title for one in lines] == ["Chapter 1", "The Lamp"]
    desk.type_into(lines[1].id, "It burns.")
    result = desk.build()
    assert {fit.state for fit in result.fits} == {FitState.APPLIED}
    assert [(one.title, one.words) for one in result.chapters] == [("Chapter 1", 6), ("The Lamp", 4)]


def test_the_next_manuscript_has_the_corrections_in_it(desk: Desk) -> None:
    desk.build()
    (line,) = chapters_of(desk.base, ())
    desk.type_into(line.id, "The sea is salt.", "Nobody knows why it is.")
    before = desk.build()
    desk.source = desk.out / "book.octavo-book.json"
    desk.patches = ()
    after = desk.build()
    assert (after.words, [one.title for one in after.chapters]) == (
        before.words,
        [one.title for one in before.chapters],
    )
    book = read_source(desk.source, NAME)[1].book
    assert book.chapters[0].blocks[1] == Paragraph([Text("The sea is salt.")])

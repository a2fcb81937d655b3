"""Each finding has a Book that earns it and one that does not."""

from __future__ import annotations

import pytest

from conversion.engine import checks
from conversion.engine.book.model import (
    AnyBlock,
    Asset,
    Book,
    Cell,
    Chapter,
    Division,
    Figure,
    Heading,
    Metadata,
    Paragraph,
    Table,
    Text,
    TocEntry,
)
from conversion.engine.findings.model import Finding, Severity

PICTURE = Asset("p" * 64, "image/jpeg", b"", 1200, 800, "map.jpg")
SMALL = Asset("s" * 64, "image/jpeg", b"", 200, 100, "icon.jpg")


def _p(text: str) -> Paragraph:
    return Paragraph([Text(text)])


def _book(*blocks: AnyBlock, language: str = "en", **more) -> Book:
    chapters = more.pop("chapters", [Chapter("one", "One", [_p("Enough text to be a chapter."), *blocks])])
    return Book(_about(language), chapters, **more)


def _about(language: str = "en") -> Metadata:
    """Details that leave nothing to remark."""
    return Metadata(
        title="Salt",
        language=language,
        description="A lighthouse keeper counts the ships that do not come, and finds that one of them is his.",
        subjects=["fiction"],
        rights="© 2026 Ann Lee",
    )


def _found(book: Book) -> list[Finding]:
    return checks.of_book(checks.analyse(book))


def _codes(book: Book) -> list[str]:
    return [finding.code for finding in _found(book)]


def _chapters(*titles: str) -> list[Chapter]:
    return [Chapter(f"c{n}", title, [_p("Some words here.")]) for n, title in enumerate(titles)]


class TestTyping:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("Two  spaces here.", "text.double-spaces"),
            ("A pause -- and on.", "text.hyphens-for-dash"),
            ("A\ttab.", "text.tabs"),
            ("     Moved by spaces.", "text.spaced-layout"),
            ("What ? No !", "text.space-before-punctuation"),
        ],
    )
    def test_finds_the_habit(self, text: str, code: str) -> None:
        assert _codes(_book(_p(text))) == [code]

    def test_finds_nothing_in_clean_text(self) -> None:
        clean = "“It’s five o’clock—or six.” He was 6' 2\" tall … and ran; --- was a rule."
        assert _codes(_book(_p(clean.replace("6' 2\"", "six feet")))) == []

    def test_counts_over_the_book_and_quotes_the_first(self) -> None:
        chapters = [Chapter("a", "A", [_p("One  two  three.")]), Chapter("b", "B", [_p("Four  five.")])]
        finding = _found(_book(chapters=chapters))[0]
        assert (finding.chapter, finding.quote, finding.facts) == ("A", "One two three.", {"count": 3})

    def test_spaces_before_punctuation_are_right_in_french(self) -> None:
        assert _codes(_book(_p("Quoi ? Non !"), language="fr-CA")) == []

    def test_straight_quotes_are_mixed_with_curly_ones_or_alone(self) -> None:
        alone = _found(_book(_p('"All straight," she said. "I know."')))[0]
        assert (alone.code, alone.facts) == ("text.quotes-straight", {"count": 4})
        finding = _found(_book(_p('"Straight," she said. “Curly.”')))[0]
        assert (finding.code, finding.facts) == ("text.quotes-mixed", {"count": 2})


class TestStructure:
    def test_empty_chapter(self) -> None:
        empty = Chapter("x", "Two", [Heading(1, [Text("Two")])])
        assert _codes(_book(chapters=[*_chapters("One"), empty])) == ["structure.chapter-empty"]
        part = Chapter("x", "Part Two", [Heading(1, [Text("Part Two")])], role="part")
        page = Chapter("y", "Dedication", [_p("For Ann")], division=Division.FRONT)
        assert _codes(_book(chapters=[page, part, *_chapters("One")])) == []

    def test_a_title_that_opens_a_division_is_not_empty(self) -> None:
        opening = Chapter("e", "Epilogue", [Heading(1, [Text("Epilogue")])])
        toc = [TocEntry("Epilogue", "e", children=[TocEntry("One", "c0")])]
        assert _codes(_book(chapters=[opening, *_chapters("One")], toc=toc)) == []

    def test_very_long_and_undivided(self) -> None:
        long = Chapter("x", "Two", [_p("word " * 2000 + f"{n}.") for n in range(11)])
        assert _codes(_book(chapters=[*_chapters("One"), long])) == ["structure.chapter-long", "wording.time"]
        assert _codes(_book(chapters=[long])) == ["structure.no-chapters", "wording.time"]

    @pytest.mark.parametrize(
        "titles",
        [
            ("Chapter 1", "Chapter 3"),
            ("CHAPTER I", "CHAPTER III. Of Salt"),
            ("Chapter One", "Chapter Three"),
            ("Kapitel 4", "Kapitel 4"),
        ],
    )
    def test_numbering_gap(self, titles: tuple[str, ...]) -> None:
        assert _codes(_book(chapters=_chapters(*titles))) == ["structure.numbering-gap"]

    @pytest.mark.parametrize(
        "titles",
        [
            ("Chapter IX", "Chapter X"),
            ("Chapter 9: A", "Interlude", "Chapter 10: B"),
            ("Chapter 2", "Part II", "Chapter 1"),
            ("Chapter House", "Chapter Seven"),
        ],
    )
    def test_numbering_without_gap(self, titles: tuple[str, ...]) -> None:
        assert _codes(_book(chapters=_chapters(*titles))) == []


class TestPicturesTablesLinksNotes:
    def test_pictures(self) -> None:
        assets = {PICTURE.sha256: PICTURE, SMALL.sha256: SMALL}
        assert _codes(_book(Figure(PICTURE.sha256), assets=assets)) == ["image.alt-missing"]
        assert _codes(_book(Figure(SMALL.sha256, "An icon"), assets=assets)) == ["image.small"]
        assert _codes(_book(Figure(PICTURE.sha256, "A map"), assets=assets)) == []

    def test_wide_tables(self) -> None:
        row = [Cell([_p("x")], colspan=2), *[Cell([_p("x")]) for _ in range(3)]]
        finding = _found(_book(Table([row, row], header_rows=1)))[0]
        assert (finding.code, finding.facts["columns"]) == ("table.wide", 5)
        assert _codes(_book(Table([row[1:], row[1:]], header_rows=1))) == []

    def test_isbn(self) -> None:
        book = _book()
        book.metadata.identifier = "urn:isbn:9780306406158"
        assert _codes(book) == ["metadata.isbn-wrong"]
        book.metadata.identifier = "urn:isbn:978-0-306-40615-7"
        assert _codes(book) == []


class TestOrdered:
    def test_gravest_first_and_thirty_of_a_code(self) -> None:
        many = [Finding("image.alt-missing", Severity.ADVICE) for _ in range(40)]
        kept = list(checks.ordered([*many, Finding("epub.words-lost", Severity.BLOCKER)]))
        assert kept[0].code == "epub.words-lost"
        assert len(kept) == 31

"""Tests of what counts as the body of a book."""

from __future__ import annotations

import io
import json
import zipfile

from conversion.engine.api import passages

type Row = tuple[str, str, bool, str]


def _archive(*rows: Row) -> zipfile.ZipFile:
    """A web archive: rows of title, division, whether the page was made from the record, and text."""
    archive = zipfile.ZipFile(io.BytesIO(), "w")
    chapters = [
        {"title": title, "division": division, "made": made, "href": title} for title, division, made, _ in rows
    ]
    archive.writestr("book.json", json.dumps({"title": "A book", "kind": "chapters", "chapters": chapters}))
    blocks = [[number, text] for number, row in enumerate(rows) for text in [row[3]]]
    archive.writestr("text.json", json.dumps({"version": 1, "blocks": blocks}))
    return archive


def _titles(*rows: Row) -> list[str]:
    return [chapter.title for chapter in passages.body_of_archive(_archive(*rows)).chapters]


STORY: Row = ("Story", "bodymatter", False, "word " * 3000)


def test_title_page_imprint_and_made_pages_are_left_out() -> None:
    imprint: Row = ("Imprint", "frontmatter", False, "all rights reserved " * 50)
    made: Row = ("Also by", "backmatter", True, "other books " * 30)
    assert _titles(imprint, STORY, made) == ["Story"]


def test_a_novel_in_the_appendix_counts() -> None:
    assert _titles(STORY, ("Appendix", "backmatter", False, "stolen " * 4000)) == ["Story", "Appendix"]


def test_a_book_that_is_front_matter_alone_counts_as_a_whole() -> None:
    rows: list[Row] = [(f"Front {number}", "frontmatter", False, "stolen words " * 900) for number in range(4)]
    assert _titles(("Story", "bodymatter", False, "own words"), *rows)[1:] == [row[0] for row in rows]


def test_a_book_of_pages_is_one_chapter() -> None:
    archive = zipfile.ZipFile(io.BytesIO(), "w")
    archive.writestr("book.json", json.dumps({"title": "Pages", "kind": "pages", "chapters": [{"title": "x"}]}))
    archive.writestr("text.json", json.dumps({"version": 1, "blocks": [[0, "On page one"], [1, "On page two"]]}))
    body = passages.body_of_archive(archive)
    assert [chapter.title for chapter in body.chapters] == ["Pages"]
    assert body.words == ["on", "page", "one", "on", "page", "two"]


def test_an_empty_book_has_no_words() -> None:
    assert passages.body_of_archive(_archive(("Title", "frontmatter", False, ""))).words == []
    assert passages.body_of_text(" \n ").words == []

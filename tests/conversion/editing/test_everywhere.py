"""Every chapter of a book with every element is shown, comes back as JSON, and changes nothing by that."""

from __future__ import annotations

import json

import pytest

from conversion.engine.book.model import Book, Link
from conversion.engine.book.walk import walk
from conversion.engine.editing import changes, chapter_from_json, chapter_of, chapters_of
from conversion.engine.patches import Base, Revision, base_of
from conversion.engine.patches.leaves import leaves_of
from tests.conversion.books import hostile_book, rich_book
from tests.conversion.editing.wanted import built, shown


@pytest.mark.parametrize("book", [rich_book(), hostile_book()], ids=["rich", "hostile"])
def test_what_is_shown_is_what_is_built(book: Book) -> None:
    base = base_of(book)
    assert shown(base, []) == built(book, base, [])


def test_a_chapter_that_comes_back_unchanged_changes_nothing() -> None:
    book = rich_book()
    for leaf in leaves_of(book).leaves:
        for link in walk(leaf.inlines or []):
            if isinstance(link, Link):
                link.href = "https://example.org/a?q=1#top"  # as readers clean it
    base = base_of(book)
    lines = chapters_of(base, [])
    assert len(lines) == len(base.chapters)
    for line in lines:
        value = json.loads(json.dumps(chapter_of(base, [], line.id).to_json()))
        assert changes(base, [], chapter_from_json(value)) == Revision()


def test_a_stored_base_shows_the_same() -> None:
    base = base_of(rich_book())
    stored = Base.from_bytes(base.to_bytes())
    assert stored is not None
    assert stored.identity == base.identity
    for line in chapters_of(base, []):
        assert chapter_of(stored, [], line.id) == chapter_of(base, [], line.id)

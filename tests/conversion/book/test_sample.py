"""The part of a book a reader may try."""

from __future__ import annotations

import pytest

from conversion.engine.book.model import Book, Chapter, Division, Heading, Metadata, Note, NoteRef, Text, TocEntry
from conversion.engine.book.sample import make_sample
from conversion.engine.markup import word_count
from tests.conversion import books


def words(book: Book) -> int:
    return sum(map(word_count, book.chapters))


class TestTake:
    def test_begins_with_the_body_and_keeps_the_share(self) -> None:
        book = books.plain_book(chapters=10, words=300)
        part = make_sample(book, 1000)
        assert part.chapters[0].id == "chapter-1"
        assert words(book) * 0.1 <= words(part) <= words(book) * 0.13

    def test_leaves_out_the_front(self) -> None:
        book = books.plain_book()
        book.chapters.insert(0, Chapter("front", "Front", [books.text("front")], Division.FRONT))
        assert "front" not in [chapter.id for chapter in make_sample(book, 10_000).chapters]

    def test_ends_at_the_end_of_a_block(self) -> None:
        book = books.plain_book(chapters=2, words=300)
        last = make_sample(book, 1).chapters[-1]
        assert last.blocks == book.chapters[0].blocks[: len(last.blocks)]

    def test_never_ends_on_a_heading(self) -> None:
        blocks = [books.text("one two"), Heading(2, [Text("three four")]), books.text("five six")]
        book = Book(Metadata(), [Chapter("a", "A", blocks)])
        assert not isinstance(make_sample(book, 6000).chapters[0].blocks[-1], Heading)

    def test_keeps_only_the_notes_and_pictures_it_uses(self) -> None:
        book = books.rich_book()
        book.notes["other"] = Note("other", [books.text("not used")])
        part = make_sample(book, 3000)
        assert set(part.notes) == {"n1", "n2", "n3"}
        assert set(part.assets) == {book.cover}

    def test_follows_notes_of_notes(self) -> None:
        notes = {"a": Note("a", [books.text(NoteRef("b"))]), "b": Note("b", [books.text("x")])}
        book = Book(Metadata(), [Chapter("one", "One", [books.text("x", NoteRef("a"))])], notes=notes)
        assert set(make_sample(book, 10_000).notes) == {"a", "b"}

    def test_contents_name_only_what_is_there(self) -> None:
        book = books.plain_book(chapters=10)
        book.toc = [TocEntry("Part", "chapter-9", "", [TocEntry("In", "chapter-1")]), TocEntry("Out", "chapter-8")]
        assert [entry.title for entry in make_sample(book, 500).toc] == ["In"]

    def test_leaves_the_book_as_it_is(self) -> None:
        book = books.rich_book()
        make_sample(book, 500)
        assert book == books.rich_book()

    def test_a_book_without_body_gives_its_first_chapter(self) -> None:
        book = Book(Metadata(), [Chapter("a", "A", [books.text("x y z")], Division.FRONT)])
        assert words(make_sample(book, 100)) == 3

    @pytest.mark.parametrize("share", [0, -1, 10_001])
    def test_refuses_a_share_that_is_none(self, share: int) -> None:
        with pytest.raises(ValueError, match="basis points"):
            make_sample(books.plain_book(), share)

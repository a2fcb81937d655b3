"""Plain text: every word, laid out by empty lines alone."""

from __future__ import annotations

from conversion.engine.book.model import Note, NoteRef
from conversion.engine.exports.text import TextBook
from conversion.engine.markup import plain
from tests.conversion import books


def rendered() -> str:
    return TextBook(books.rich_book()).whole()


class TestWhole:
    def test_begins_with_title_and_author(self) -> None:
        assert rendered().startswith("Every Element & Its <Kin>\nA Test in Prose\nInes Marlow\n\n\n")

    def test_has_every_word(self) -> None:
        book = books.plain_book()
        text = "".join(TextBook(book).whole().split())
        for chapter in book.chapters:
            assert "".join(plain(chapter.blocks).split()) in text

    def test_notes_stand_where_their_chapter_ends(self) -> None:
        text = rendered()
        first = text.index("[1] A note with emphasis and [3].")
        assert text.index("Centred") < first < text.index("A heading that jumps")

    def test_a_note_nobody_refers_to_is_not_lost(self) -> None:
        book = books.plain_book()
        book.notes["x"] = Note("x", [books.text("Left over."), books.text(NoteRef("x"))])
        assert "[1] Left over." in TextBook(book).whole()

    def test_lists_verse_and_tables_keep_their_lines(self) -> None:
        text = rendered()
        assert "- one\n- two\n  - nested" in text
        assert "3. three\n4. four\n   more" in text
        assert "- [x] done\n- [ ] to do" in text
        assert "The wind went out\n        and did not come back" in text
        assert "Prices\nItem | Price\nRope | 4.00" in text
        assert "[A grey square]\nFig. 1: grey" in text
        assert "\n\n* * *\n\n" in text

"""What a save makes of a chapter's patches, one rule each."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from conversion.engine.book.model import (
    Anchor,
    AnyBlock,
    Book,
    Note,
    NoteRef,
    Paragraph,
    Quotation,
    Text,
    Verse,
    VerseLine,
)
from conversion.engine.editing import (
    Block,
    ChapterText,
    NotPossible,
    changes,
    chapter_of,
    take_back,
    texts,
)
from conversion.engine.patches import Base, Op, Patch, Piece, Revision, base_of
from conversion.engine.patches.pieces import plain
from tests.conversion.books import rich_book
from tests.conversion.editing.wanted import after, built, shown
from tests.conversion.patches.samples import LINES, book_of, paragraph


class Written:
    """A small book, its patches, and the chapter as it is shown."""

    def __init__(self, *blocks: str | AnyBlock, notes: Sequence[Note] = ()) -> None:
        self.book: Book = book_of(blocks or LINES)
        self.book.notes = {note.id: note for note in notes}
        self.base: Base = base_of(self.book)
        self.patches: list[Patch] = []

    @property
    def chapter(self) -> ChapterText:
        return chapter_of(self.base, self.patches, "c0")

    def save(self, chapter: ChapterText, author: str = "usr_author") -> Revision:
        revision = changes(self.base, self.patches, chapter, author=author, made_at="2026-12-01T00:00:00Z")
        self.patches = after(self.patches, revision)
        assert built(self.book, self.base, self.patches) == shown(self.base, self.patches)
        return revision

    def ops(self) -> list[Op]:
        return [patch.op for patch in self.patches]


def say(block: Block, text: str) -> None:
    block.text = (Piece(text),)


def new(text: str, number: int = 1, kind: str = "paragraph") -> Block:
    return Block(f"new-{number}", kind, {"level": 2} if kind == "heading" else {}, (Piece(text),))


class TestWords:
    def test_two_places_are_two_patches(self) -> None:
        text, chapter = Written(), Written().chapter
        say(chapter.blocks[1], LINES[1].replace("lamp", "light").replace("boat", "ship"))
        assert [(patch.op, patch.anchor.start) for patch in text.save(chapter).made] == [(Op.WORDS, 1), (Op.WORDS, 16)]

    def test_typing_on_revises(self) -> None:
        text = Written()
        chapter = text.chapter
        say(chapter.blocks[1], LINES[1].replace("lamp", "light"))
        (first,) = text.save(chapter).made
        chapter = text.chapter
        say(chapter.blocks[1], LINES[1].replace("lamp", "lantern"))
        revision = text.save(chapter, "usr_editor")
        assert [patch.revises for patch in revision.made] == [first.identity]
        assert revision.dropped == [first]
        assert revision.made[0].author == "usr_editor"

    def test_another_place_keeps_whose_the_first_was(self) -> None:
        text = Written()
        chapter = text.chapter
        say(chapter.blocks[1], LINES[1].replace("lamp", "light"))
        (first,) = text.save(chapter).made
        chapter = text.chapter
        say(chapter.blocks[2], LINES[2].replace("girl", "woman"))
        revision = text.save(chapter, "usr_editor")
        assert (revision.kept, revision.dropped) == ([first], [])
        assert [patch.author for patch in revision.made] == ["usr_editor"]

    def test_the_old_text_again_drops(self) -> None:
        text = Written()
        chapter, before = text.chapter, text.chapter
        say(chapter.blocks[1], LINES[1].replace("lamp", "light"))
        text.save(chapter)
        text.save(before)
        assert text.patches == []


class TestBlocks:
    def test_split_and_join_again(self) -> None:
        text = Written()
        chapter = text.chapter
        say(chapter.blocks[1], "The lamp went out at four,")
        rest = Block(
            "new-1", "paragraph", {}, (Piece(LINES[1].removeprefix("The lamp went out at four, ")),), origin="b1"
        )
        chapter.blocks.insert(2, rest)
        text.save(chapter)
        assert text.ops() == [Op.SPLIT]
        assert [block.id for block in text.chapter.blocks[:4]] == ["b0", "b1", "b1.6", "b2"]
        chapter = text.chapter
        say(chapter.blocks[1], LINES[1])
        del chapter.blocks[2]
        text.save(chapter)
        assert text.patches == []

    def test_joined(self) -> None:
        text = Written()
        chapter = text.chapter
        say(chapter.blocks[1], f"{LINES[1]} {LINES[2]}")
        del chapter.blocks[2]
        text.save(chapter)
        assert text.ops() == [Op.JOIN]

    def test_joined_without_a_blank(self) -> None:
        text = Written()
        chapter = text.chapter
        say(chapter.blocks[1], f"{LINES[1]}—{LINES[2]}")
        del chapter.blocks[2]
        text.save(chapter)
        assert plain(text.chapter.blocks[1].text) == f"{LINES[1]}—{LINES[2]}"

    def test_moved_words_of_the_end_to_the_next(self) -> None:
        """Cut the last words and put them in front of the next paragraph: a split whose rest is joined."""
        text = Written()
        chapter = text.chapter
        say(chapter.blocks[1], "The lamp went out at four,")
        tail = LINES[1].removeprefix("The lamp went out at four, ")
        chapter.blocks[2] = Block("new-1", "paragraph", {}, (Piece(f"{tail} {LINES[2]}"),), origin="b1")
        text.save(chapter)
        assert sorted(text.ops()) == [Op.JOIN, Op.SPLIT]

    def test_enter_before_the_first_word(self) -> None:
        text = Written()
        chapter = text.chapter
        rest = Block("new-1", "paragraph", {}, chapter.blocks[1].text, origin="b1")
        chapter.blocks[1].text = ()
        chapter.blocks.insert(2, rest)
        text.save(chapter)
        assert text.ops() == [Op.INSERT]

    def test_moved_with_its_note(self) -> None:
        note = Note("n1", [paragraph("A note.")])
        moved = paragraph("Moved with its note", NoteRef("n1", "1"), ".")
        text = Written(LINES[0], moved, LINES[1], LINES[2], notes=[note])
        chapter = text.chapter
        chapter.blocks.append(chapter.blocks.pop(1))
        text.save(chapter)
        assert sorted(text.ops()) == [Op.INSERT, Op.REMOVE]
        assert [shown.object for shown in text.chapter.notes] == [text.base.notes[0].key]

    def test_taken_back_it_is_not_there_twice(self) -> None:
        note = Note("n1", [paragraph("A note.")])
        moved = paragraph("Moved with its note", NoteRef("n1", "1"), ".")
        text = Written(LINES[0], moved, LINES[1], LINES[2], notes=[note])
        chapter, before = text.chapter, text.chapter
        chapter.blocks.append(chapter.blocks.pop(1))
        text.save(chapter)
        removal = next(patch for patch in text.patches if patch.op is Op.REMOVE)
        revision = take_back(text.base, text.patches, removal)
        assert len(revision.dropped) == 2
        assert chapter_of(text.base, revision.kept, "c0") == before

    def test_a_heading_that_is_split_into_a_paragraph(self) -> None:
        """The rest is of another kind: its words go, and come as a new block."""
        text = Written()
        chapter = text.chapter
        chapter.blocks[0].kind, chapter.blocks[0].attributes = "heading", {"level": 2}
        say(chapter.blocks[0], "It is a truth")
        chapter.blocks.insert(
            1, Block("new-1", "heading", {"level": 2}, (Piece("universally acknowledged"),), origin="b0")
        )
        text.save(chapter)
        assert [block.kind for block in text.chapter.blocks[:3]] == ["heading", "heading", "paragraph"]

    def test_quoted_and_not(self) -> None:
        text = Written()
        chapter = text.chapter
        chapter.blocks[1] = Block("new-1", "quotation", {}, blocks=[chapter.blocks[1]])
        text.save(chapter)
        assert text.ops() == [Op.KIND]
        chapter = text.chapter
        chapter.blocks[1] = chapter.blocks[1].blocks[0]
        text.save(chapter)
        assert text.patches == []

    def test_taken_out_of_a_quotation(self) -> None:
        text = Written(LINES[0], Quotation([paragraph(LINES[1]), paragraph(LINES[2])]), LINES[3])
        chapter = text.chapter
        chapter.blocks[1:2] = chapter.blocks[1].blocks
        text.save(chapter)
        assert text.ops() == [Op.KIND]

    def test_another_line_of_verse(self) -> None:
        verse = Verse([[VerseLine([Text("One line")]), VerseLine([Text("and another")])]])
        text = Written(LINES[0], verse, LINES[1])
        chapter = text.chapter
        chapter.blocks[1].blocks[0].blocks.append(Block("new-1", "line", {}, (Piece("and a third"),)))
        text.save(chapter)
        assert sorted(text.ops()) == [Op.INSERT, Op.REMOVE]
        assert [plain(line.text) for line in text.chapter.blocks[1].blocks[0].blocks][2] == "and a third"

    def test_all_blocks_gone(self) -> None:
        text = Written()
        chapter = text.chapter
        chapter.blocks = [new("All new.")]
        text.save(chapter)
        assert [plain(block.text) for block in text.chapter.blocks] == ["All new."]


class TestNotPossible:
    @pytest.mark.parametrize(
        ("kind", "code"), [("figure", "not-new-figure"), ("table", "empty"), ("definitions", "empty")]
    )
    def test_new_islands_without_anything_in_them(self, kind: str, code: str) -> None:
        text, chapter = Written(), Written().chapter
        chapter.blocks.append(Block("new-1", kind))
        with pytest.raises(NotPossible) as refused:
            text.save(chapter)
        assert (refused.value.code, refused.value.block) == (code, "new-1")

    def test_a_note_mark_twice(self) -> None:
        text = Written(paragraph("Here", NoteRef("n1", "1")), LINES[1], notes=[Note("n1", [paragraph("A note.")])])
        chapter = text.chapter
        chapter.blocks[1].text = (*chapter.blocks[1].text, *chapter.blocks[0].text)
        with pytest.raises(NotPossible, match="unknown-object b1"):
            text.save(chapter)

    def test_an_object_of_another_chapter(self) -> None:
        base = base_of(rich_book())
        wanted, other = chapter_of(base, [], "afterword"), chapter_of(base, [], "one")
        mark = next(piece for block in other.blocks for piece in block.text if piece.kept.startswith("note:"))
        wanted.blocks[0].text = (mark,)
        with pytest.raises(NotPossible, match="unknown-object"):
            changes(base, [], wanted)

    def test_no_title(self) -> None:
        text, chapter = Written(), Written().chapter
        chapter.attributes["title"] = ""
        with pytest.raises(NotPossible, match="no-title"):
            text.save(chapter)


def test_what_patches_say() -> None:
    text = Written()
    chapter = text.chapter
    say(chapter.blocks[1], LINES[1].replace("lamp", "light"))
    chapter.blocks[0].attributes["lang"] = "de"
    del chapter.blocks[3]
    chapter.blocks.append(new("Quite new."))
    text.save(chapter)
    said = {one.op: one for one in texts(text.base, text.patches).values()}
    words = said[Op.WORDS]
    assert (plain(words.before), plain(words.after), words.left) == ("lamp ", "light ", "The ")
    assert (said[Op.SET].name, said[Op.SET].old, said[Op.SET].new) == ("lang", "", "de")
    assert plain(said[Op.REMOVE].before) == LINES[3]
    assert plain(said[Op.INSERT].after) == "Quite new."
    assert words.chapter == "Chapter 0"


def test_a_note_is_edited_with_its_chapter() -> None:
    text = Written(
        paragraph("Here", NoteRef("n1", "1"), "."), notes=[Note("n1", [Paragraph([Text("A note of old.")])])]
    )
    chapter = text.chapter
    say(chapter.notes[0].blocks[0], "A note of new.")
    text.save(chapter)
    assert text.ops() == [Op.WORDS]
    assert plain(text.chapter.notes[0].blocks[0].text) == "A note of new."


def test_words_in_a_paragraph_that_had_only_a_link_target() -> None:
    text = Written(LINES[0], Paragraph([Anchor("here")]), LINES[1])
    stored = Base.from_bytes(text.base.to_bytes())
    assert stored is not None
    text.base = stored
    chapter = text.chapter
    say(chapter.blocks[1], "Words at last.")
    text.save(chapter)
    assert text.ops() == [Op.WORDS]
    assert plain(text.chapter.blocks[1].text) == "Words at last."

"""Chapters that are moved, merged, divided, left out and given titles: the list of them, and the book that is built."""

from __future__ import annotations

import random

import pytest

from conversion.engine.book.model import Book
from conversion.engine.editing import (
    Block,
    ChapterOp,
    LeaveOut,
    MergeChapter,
    MoveChapter,
    NotPossible,
    Retitle,
    SplitChapter,
    UnknownChapter,
    chapter_change,
    chapter_of,
    chapters_of,
)
from conversion.engine.patches import Base, Patch, Piece, base_of
from conversion.engine.patches.pieces import plain
from tests.conversion.editing.wanted import Author, after, built, save, shown
from tests.conversion.patches.samples import LINES, book_of

NOW = "2026-12-01T00:00:00.000000+00:00"


def book() -> Book:
    texts = [[f"{line} Number {chapter}{number}." for number, line in enumerate(LINES[:3])] for chapter in range(5)]
    return book_of(*texts)


class Text:
    """A book with its patches of chapters."""

    def __init__(self) -> None:
        self.book = book()
        self.base: Base = base_of(self.book)
        self.patches: list[Patch] = []
        self._made = 0

    def change(self, *ops: ChapterOp) -> Text:
        for op in ops:
            self._made += 1
            now = NOW.replace("00:00:00.", f"00:00:{self._made:02}.")
            revision = chapter_change(self.base, self.patches, op, author="usr_author", made_at=now)
            self.patches = after(self.patches, revision)
        assert built(self.book, self.base, self.patches) == shown(self.base, self.patches)
        return self

    @property
    def ids(self) -> list[str]:
        return [line.id for line in chapters_of(self.base, self.patches)]


class TestMoving:
    def test_behind_another(self) -> None:
        assert Text().change(MoveChapter("c0", "c3")).ids == ["c1", "c2", "c3", "c0", "c4"]

    def test_to_the_beginning(self) -> None:
        assert Text().change(MoveChapter("c3", None)).ids == ["c3", "c0", "c1", "c2", "c4"]

    def test_twice_is_one_patch(self) -> None:
        text = Text().change(MoveChapter("c0", "c3"), MoveChapter("c0", "c1"))
        assert text.ids == ["c1", "c0", "c2", "c3", "c4"]
        assert len(text.patches) == 1

    def test_back_to_its_place(self) -> None:
        assert Text().change(MoveChapter("c0", "c3"), MoveChapter("c0", None)).patches == []

    def test_behind_one_that_was_divided(self) -> None:
        text = Text().change(SplitChapter("c1", "b4", "New"), MoveChapter("c0", "from-4"))
        assert text.ids == ["c1", "from-4", "c0", "c2", "c3", "c4"]

    def test_in_between_the_halves(self) -> None:
        """The first half is moved instead."""
        text = Text().change(SplitChapter("c1", "b4", "New"), MoveChapter("c0", "c1"))
        assert text.ids == ["c1", "c0", "from-4", "c2", "c3", "c4"]

    def test_the_second_half_cannot_be_moved(self) -> None:
        with pytest.raises(NotPossible, match="divided-chapter"):
            Text().change(SplitChapter("c1", "b4", "New"), MoveChapter("from-4", None))

    @pytest.mark.parametrize("seed", range(20))
    def test_any_order(self, seed: int) -> None:
        chance = random.Random(seed)
        text, order = Text(), [f"c{number}" for number in range(5)]
        for _ in range(6):
            name = order.pop(chance.randrange(5))
            place = chance.randint(0, 4)
            order.insert(place, name)
            text.change(MoveChapter(name, order[place - 1] if place else None))
            assert text.ids == order


class TestMerging:
    def test_with_the_one_before(self) -> None:
        text = Text().change(MergeChapter("c1"))
        assert text.ids == ["c0", "c2", "c3", "c4"]
        assert len(chapter_of(text.base, text.patches, "c0").blocks) == 6

    def test_several(self) -> None:
        text = Text().change(MergeChapter("c1"), MergeChapter("c2"))
        assert len(chapter_of(text.base, text.patches, "c0").blocks) == 9

    def test_undone_by_dividing_again(self) -> None:
        assert Text().change(MergeChapter("c1"), SplitChapter("c0", "b3", "Any")).patches == []

    @pytest.mark.parametrize(
        ("ops", "code"),
        [
            ([MergeChapter("c0")], "first-chapter"),
            ([MoveChapter("c3", "c0"), MergeChapter("c3")], "not-next"),
            ([LeaveOut("c1"), MergeChapter("c1")], "left-out-chapter"),
            ([LeaveOut("c0"), MergeChapter("c1")], "left-out-chapter"),
        ],
    )
    def test_not_possible(self, ops: list[ChapterOp], code: str) -> None:
        with pytest.raises(NotPossible, match=code):
            Text().change(*ops)


class TestDividing:
    def test_at_a_block(self) -> None:
        text = Text().change(SplitChapter("c1", "b4", "A new one"))
        assert text.ids == ["c0", "c1", "from-4", "c2", "c3", "c4"]
        assert chapter_of(text.base, text.patches, "from-4").attributes["title"] == "A new one"

    def test_twice(self) -> None:
        text = Text().change(SplitChapter("c1", "b4", "Second"), SplitChapter("from-4", "b5", "Third"))
        assert text.ids[1:4] == ["c1", "from-4", "from-5"]

    def test_undone_by_merging(self) -> None:
        assert Text().change(SplitChapter("c1", "b4", "New"), MergeChapter("from-4")).patches == []

    @pytest.mark.parametrize("block", ["b3", "b0", "b9", "new-1", "p0123456789ab.0", "b4.2"])
    def test_not_at_this_block(self, block: str) -> None:
        with pytest.raises(NotPossible, match="not-at-this-block"):
            Text().change(SplitChapter("c1", block, "New"))

    @pytest.mark.parametrize("at", [0, 1, 2])
    def test_at_one_that_was_put_in(self, at: int) -> None:
        text = Text()
        wanted = chapter_of(text.base, text.patches, "c1")
        names = [Block(f"new-{n}", "paragraph", {}, (Piece(f"Put in {n}."),)) for n in range(3)]
        wanted.blocks[2:2] = names
        text.patches = save(text.base, text.patches, wanted) or []
        block = chapter_of(text.base, text.patches, "c1").blocks[2 + at]
        text.change(SplitChapter("c1", block.id, "New"))
        assert len(text.ids) == 6
        new = text.ids[text.ids.index("c1") + 1]
        found = [plain(one.text) for one in chapter_of(text.base, text.patches, new).blocks]
        assert found[: 3 - at] == [f"Put in {n}." for n in range(at, 3)]
        assert save(text.base, text.patches, chapter_of(text.base, text.patches, new)) == text.patches
        assert save(text.base, text.patches, chapter_of(text.base, text.patches, "c1")) == text.patches

    def test_not_at_one_that_was_put_in_at_the_end(self) -> None:
        text = Text()
        wanted = chapter_of(text.base, text.patches, "c1")
        wanted.blocks.append(Block("new-1", "paragraph", {}, (Piece("The end."),)))
        text.patches = save(text.base, text.patches, wanted) or []
        block = chapter_of(text.base, text.patches, "c1").blocks[-1]
        with pytest.raises(NotPossible, match="not-at-this-block"):
            text.change(SplitChapter("c1", block.id, "New"))

    def test_not_without_a_title(self) -> None:
        with pytest.raises(NotPossible, match="no-title"):
            Text().change(SplitChapter("c1", "b4", "  "))

    @pytest.mark.parametrize("seed", range(6))
    def test_both_halves_can_be_edited(self, seed: int) -> None:
        text = Text().change(SplitChapter("c1", "b4", "New"), MergeChapter("c3"))
        author = Author(random.Random(seed))
        for name in ("c1", "from-4", "c2"):
            wanted = author.edit(chapter_of(text.base, text.patches, name), 4)
            text.patches = save(text.base, text.patches, wanted) or text.patches
            assert built(text.book, text.base, text.patches) == shown(text.base, text.patches)


class TestLeavingOut:
    def test_it_stays_in_the_list(self) -> None:
        text = Text().change(LeaveOut("c1"))
        assert [line.is_left_out for line in chapters_of(text.base, text.patches)] == [False, True, *[False] * 3]

    def test_taken_in_again(self) -> None:
        assert Text().change(LeaveOut("c1"), LeaveOut("c1", is_left_out=False)).patches == []

    def test_not_the_last_one(self) -> None:
        with pytest.raises(NotPossible, match="last-chapter"):
            Text().change(*(LeaveOut(f"c{number}") for number in range(5)))

    def test_not_a_part(self) -> None:
        with pytest.raises(NotPossible, match="divided-chapter"):
            Text().change(SplitChapter("c1", "b4", "New"), LeaveOut("from-4"))


class TestTitles:
    def test_another(self) -> None:
        text = Text().change(Retitle("c1", "Storm"))
        assert [line.title for line in chapters_of(text.base, text.patches)][1] == "Storm"

    def test_of_a_part(self) -> None:
        text = Text().change(SplitChapter("c1", "b4", "New"), Retitle("from-4", "Newer"))
        assert chapter_of(text.base, text.patches, "from-4").attributes["title"] == "Newer"
        assert len(text.patches) == 1

    def test_the_old_one_again(self) -> None:
        assert Text().change(Retitle("c1", "Storm"), Retitle("c1", "Chapter 1")).patches == []

    def test_not_none(self) -> None:
        with pytest.raises(NotPossible, match="no-title"):
            Text().change(Retitle("c1", " "))


def test_unknown_chapters() -> None:
    for op in (MergeChapter("c9"), MoveChapter("c1", "c9"), Retitle("", "New")):
        with pytest.raises(UnknownChapter):
            Text().change(op)

"""Two people save the same chapter: what both did is kept where they did not touch the same."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable

import pytest

from conversion.engine.editing import Block, ChapterText, chapter_of, merged
from conversion.engine.patches import Base, Patch, Piece, base_of
from tests.conversion.books import rich_book
from tests.conversion.editing.wanted import Author, content, save
from tests.conversion.patches.samples import LINES, book_of

type Change = Callable[[ChapterText], None]


def three(mine: Change, theirs: Change) -> tuple[ChapterText, ChapterText, ChapterText]:
    ancestor = chapter_of(base_of(book_of(LINES)), [], "c0")
    both = copy.deepcopy(ancestor), copy.deepcopy(ancestor)
    mine(both[0])
    theirs(both[1])
    return ancestor, *both


def words(block: int, old: str, new: str) -> Change:
    def change(chapter: ChapterText) -> None:
        text = "".join(piece.text for piece in chapter.blocks[block].text)
        assert old in text
        chapter.blocks[block].text = (Piece(text.replace(old, new)),)

    return change


def removed(block: int) -> Change:
    return lambda chapter: chapter.blocks.pop(block) and None


def inserted(at: int, text: str, name: str = "new-1") -> Change:
    return lambda chapter: chapter.blocks.insert(at, Block(name, "paragraph", {}, (Piece(text),)))


def level(block: int, lang: str) -> Change:
    return lambda chapter: chapter.blocks[block].attributes.update(lang=lang)


def text_of(chapter: ChapterText, block: int) -> str:
    return "".join(piece.text for piece in chapter.blocks[block].text)


class TestTogether:
    def test_words_of_two_blocks(self) -> None:
        result = merged(*three(words(0, "truth", "fact"), words(3, "wind", "gale")))
        assert not result.conflicts
        assert "fact" in text_of(result.chapter, 0)
        assert "gale" in text_of(result.chapter, 3)

    def test_words_of_one_block_that_do_not_touch(self) -> None:
        result = merged(*three(words(1, "lamp", "light"), words(1, "boat", "ship")))
        assert not result.conflicts
        assert text_of(result.chapter, 1) == LINES[1].replace("lamp", "light").replace("boat", "ship")

    def test_the_same_change_twice(self) -> None:
        result = merged(*three(words(1, "lamp", "light"), words(1, "lamp", "light")))
        assert not result.conflicts
        assert text_of(result.chapter, 1) == LINES[1].replace("lamp", "light")

    def test_new_blocks_and_words(self) -> None:
        result = merged(*three(inserted(2, "Quite new."), words(2, "girl", "woman")))
        assert not result.conflicts
        assert text_of(result.chapter, 2) == "Quite new."
        assert "woman" in text_of(result.chapter, 3)

    def test_new_blocks_of_both(self) -> None:
        result = merged(*three(inserted(2, "Mine."), inserted(5, "Theirs.", "p0123456789ab.0")))
        assert not result.conflicts
        assert [text_of(result.chapter, n) for n in (2, 6)] == ["Mine.", "Theirs."]

    def test_what_was_saved_already_is_there_once(self) -> None:
        """The answer to a save was lost: the same block comes again, under the name of the browser."""
        result = merged(*three(inserted(2, "Mine."), inserted(2, "Mine.", "p0123456789ab.0")))
        assert not result.conflicts
        assert [text_of(result.chapter, n) for n in range(len(result.chapter.blocks))].count("Mine.") == 1

    def test_a_removed_block_and_words_elsewhere(self) -> None:
        result = merged(*three(removed(0), words(3, "wind", "gale")))
        assert not result.conflicts
        assert len(result.chapter.blocks) == len(LINES) - 1

    def test_a_block_of_a_patch_that_was_changed_since(self) -> None:
        """It has the name of another patch then."""
        ancestor = chapter_of(base_of(book_of(LINES)), [], "c0")
        inserted(2, "Quite new.", "p0123456789ab.0")(ancestor)
        mine, theirs = copy.deepcopy(ancestor), copy.deepcopy(ancestor)
        words(0, "truth", "fact")(mine)
        words(2, "new", "fresh")(theirs)
        theirs.blocks[2].id = "pba9876543210.0"
        result = merged(ancestor, mine, theirs)
        assert not result.conflicts
        assert [text_of(result.chapter, n) for n in (2, 3)] == ["Quite fresh.", LINES[2]]


class TestConflicts:
    @pytest.mark.parametrize(
        ("mine", "theirs", "code"),
        [
            (words(1, "lamp", "light"), words(1, "lamp", "lantern"), "words"),
            (words(1, "lamp went", "light went"), words(1, "went out", "died"), "words"),
            (removed(1), words(1, "lamp", "light"), "removed"),
            (words(1, "lamp", "light"), removed(1), "removed"),
            (level(1, "de"), level(1, "fr"), "attributes"),
        ],
    )
    def test_both_changed_the_same(self, mine: Change, theirs: Change, code: str) -> None:
        (conflict,) = merged(*three(mine, theirs)).conflicts
        assert (conflict.block, conflict.code) == ("b1", code)

    def test_it_has_the_words_of_all_three(self) -> None:
        ancestor, mine, theirs = three(words(1, "lamp", "light"), words(1, "lamp", "lantern"))
        (conflict,) = merged(ancestor, mine, theirs).conflicts
        both = (ancestor.blocks[1].text, mine.blocks[1].text, theirs.blocks[1].text)
        assert (conflict.base, conflict.mine, conflict.theirs) == both

    def test_both_moved_blocks(self) -> None:
        def swap(first: int, second: int) -> Change:
            def change(chapter: ChapterText) -> None:
                chapter.blocks[first], chapter.blocks[second] = chapter.blocks[second], chapter.blocks[first]

            return change

        conflicts = merged(*three(swap(0, 1), swap(3, 4))).conflicts
        assert [conflict.code for conflict in conflicts] == ["order"]

    def test_titles(self) -> None:
        def titled(title: str) -> Change:
            return lambda chapter: chapter.attributes.update(title=title)

        (conflict,) = merged(*three(titled("One"), titled("Two"))).conflicts
        assert (conflict.block, conflict.code) == ("", "attributes")


@pytest.mark.parametrize("seed", range(8))
def test_one_side_alone_is_that_side(seed: int) -> None:
    """Where nobody else changed anything, what was wanted comes out; where only the others did, theirs."""
    base: Base = base_of(rich_book())
    patches: list[Patch] = []
    author = Author(random.Random(seed))
    for chapter in ("one", "two"):
        ancestor = chapter_of(base, patches, chapter)
        wanted = author.edit(ancestor, 3)
        result = merged(ancestor, wanted, ancestor)
        assert not result.conflicts
        assert content(result.chapter.blocks) == content(wanted.blocks)
        theirs = merged(ancestor, ancestor, wanted)
        assert not theirs.conflicts
        assert content(theirs.chapter.blocks) == content(wanted.blocks)
        patches = save(base, patches, wanted) or patches

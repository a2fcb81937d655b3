"""Blocks that are certainly the same in two versions, and those of which that cannot be known."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversion.engine.align.sure import SurePairs, sure_pairs

from .test_align import LINES

BLOCKS = st.lists(st.sampled_from([*LINES, "* * *", "Yes.", "", "吾 輩 は 猫 で あ る 。"]), max_size=12)


def pairing(old: Sequence[str], new: Sequence[str]) -> SurePairs:
    old_words, new_words = [text.split() for text in old], [text.split() for text in new]
    return sure_pairs(old_words, new_words, [""] * len(old), [""] * len(new))


def pairs(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    return pairing(old, new).pairs


class TestOnce:
    def test_a_text_that_stands_once_in_both(self) -> None:
        assert pairs(LINES, ["New.", *LINES[3:], *LINES[:3]]) == {0: 4, 1: 5, 2: 6, 3: 1, 4: 2, 5: 3}

    def test_case_and_marks_around_words_change_nothing(self) -> None:
        assert pairs(LINES[:3], [LINES[0].upper(), LINES[1].replace(",", ";"), LINES[2]]) == {0: 0, 1: 1, 2: 2}

    def test_a_copy_and_its_original_are_nobodys(self) -> None:
        assert pairs(LINES, [*LINES, LINES[1]]) == {number: number for number in (0, 2, 3, 4, 5)}

    def test_a_copy_whose_original_was_edited_is_nobodys(self) -> None:
        edited = LINES[1].replace("lamp", "light").replace("mail", "last")
        assert 1 not in pairs(LINES, [*LINES[:1], edited, *LINES[2:], LINES[1]])

    def test_kinds_tell_blocks_of_the_same_text_apart(self) -> None:
        old = [["Hope"], LINES[0].split(), ["Hope"]]
        found = sure_pairs(old, [old[2], old[1], old[0]], ["heading", "", "line"], ["line", "", "heading"])
        assert found.pairs == {0: 2, 1: 1, 2: 0}


class TestCopiedAndEdited:
    """A paragraph was copied, and both were edited: which is the copy cannot be known."""

    LONG = "Every keeper of that light wrote down the hour and the wind before he climbed the stairs in fog."

    def test_has_no_partner(self) -> None:
        one, other = (
            self.LONG.replace("keeper", "warden"),
            self.LONG.replace("in fog", "at night").replace("hour", "time"),
        )
        found = pairing([LINES[0], self.LONG, LINES[4]], [LINES[0], one, LINES[4], other])
        assert found.pairs == {0: 0, 2: 2}
        assert not found.parts

    def test_nor_where_one_was_joined_with_the_next(self) -> None:
        one = self.LONG.replace("keeper", "warden")
        found = pairing([LINES[0], self.LONG, LINES[2]], [LINES[0], one, f"{one} {LINES[2]}"])
        assert 1 not in found.pairs
        assert 1 not in found.parts

    def test_a_run_of_words_that_was_used_again_is_no_copy(self) -> None:
        edited = self.LONG.replace("keeper", "warden")
        again = "Before he climbed the stairs he drank, and after it he slept until the bell rang again."
        assert pairs([LINES[0], self.LONG, LINES[4]], [LINES[0], edited, again, LINES[4]])[1] == 1


class TestRuns:
    def test_an_edited_block_wherever_it_went(self) -> None:
        edited = LINES[0].replace("winter", "summer")
        assert pairs(LINES, [*LINES[1:4], edited, *LINES[4:]])[0] == 3

    def test_a_block_of_which_half_is_elsewhere(self) -> None:
        first, _, second = LINES[1].partition(", and ")
        found = pairing(LINES, [LINES[0], first, *LINES[2:], second])
        assert found.parts[1] == [1, 6]

    def test_joined_blocks(self) -> None:
        found = pairing(LINES, [LINES[0], f"{LINES[1]} {LINES[2]}", *LINES[3:]])
        assert (found.parts.get(1, [found.pairs.get(1)]), found.parts.get(2, [found.pairs.get(2)])) == ([1], [1])


class TestBetweenPairs:
    TWINS = (LINES[0], "Yes.", LINES[1], "Yes.", LINES[2])

    def test_twins_between_pairs_that_are_as_close(self) -> None:
        assert pairs(self.TWINS, self.TWINS) == {number: number for number in range(5)}

    def test_a_twin_whose_neighbourhood_is_another(self) -> None:
        new = [LINES[0], LINES[1], "Yes.", LINES[2]]
        assert pairs(self.TWINS, new) == {0: 0, 2: 1, 3: 2, 4: 3}

    def test_a_twin_that_was_edited(self) -> None:
        new = [LINES[0], "Yes, yes.", LINES[1], "Yes.", LINES[2]]
        assert pairs(self.TWINS, new)[3] == 3
        assert pairs(self.TWINS, new).get(1) in (None, 1)

    def test_the_most_alike_of_several(self) -> None:
        old = [LINES[0], "He went away at once.", "She came in at last.", LINES[1]]
        new = [LINES[0], "He went away at last.", "Nobody knew it.", "She came in again at last.", LINES[1]]
        assert pairs(old, new) == {0: 0, 1: 1, 2: 3, 3: 4}

    def test_two_as_alike_are_none(self) -> None:
        old = [LINES[0], "He went away again.", LINES[1]]
        new = [LINES[0], "He went away now.", "He went away then.", LINES[1]]
        assert 1 not in pairs(old, new)

    def test_another_text_in_its_place_is_not_it(self) -> None:
        assert 1 not in pairs([LINES[0], "Chapter Two", LINES[1]], [LINES[0], "A hat", LINES[1]])


class TestProperties:
    @given(BLOCKS, BLOCKS)
    @settings(max_examples=200, deadline=None)
    def test_no_block_has_two_partners(self, old: list[str], new: list[str]) -> None:
        found = pairs(old, new)
        assert len(set(found.values())) == len(found)

    @given(BLOCKS, BLOCKS)
    @settings(max_examples=100, deadline=None)
    def test_what_stands_once_and_now_twice_has_none(self, old: list[str], new: list[str]) -> None:
        found = pairs(old, new)
        assert not [n for n, text in enumerate(old) if n in found and old.count(text) == 1 < new.count(text) and text]

    @given(st.lists(st.sampled_from(LINES), max_size=12, unique=True))
    def test_the_same_is_all_pairs(self, blocks: list[str]) -> None:
        assert pairs(blocks, blocks) == {number: number for number in range(len(blocks))}


@pytest.mark.parametrize("words", [("0", "1", "x"), ("吾", "輩", "は")])
def test_equal_cells_without_end_are_no_trap(words: tuple[str, ...]) -> None:
    chance = random.Random(1)
    old = [chance.choice(words) for _ in range(6000)]
    new = [chance.choice(words) for _ in range(6000)]
    start = time.process_time()
    pairing(old, new)
    assert time.process_time() - start < 10

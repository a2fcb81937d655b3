"""The search that would rather find nothing than other words."""

from __future__ import annotations

import pytest

from conversion.engine.align import Position, find_quote
from conversion.engine.align.quotes import CANDIDATES, QuoteFinder
from tests.conversion.align.test_align import LINES


def words(exact: str, prefix: str = "", suffix: str = "", blocks: tuple[str, ...] = LINES) -> str:
    found = find_quote(blocks, exact, prefix, suffix)
    if found is None:
        return ""
    assert found.start.block == found.end.block
    return blocks[found.start.block][found.start.offset : found.end.offset]


class TestFindQuote:
    def test_finds_the_words(self) -> None:
        assert words("the keeper slept through") == "the keeper slept through"

    def test_finds_them_with_other_marks_case_and_spaces(self) -> None:
        assert words("who is  there asked The girl") == "Who is there?” asked the girl"

    def test_finds_them_with_a_slip_and_a_word_more(self) -> None:
        assert words("a hat upon the wet stones, a godo one") == "a hat upon the stones, a good one"

    def test_chooses_by_what_stands_around(self) -> None:
        blocks = ("He said yes and left.", "She said yes and stayed.", "They said yes and wept.")
        assert find_quote(blocks, "said yes and", "She ", " stayed").start == Position(1, 4)  # type: ignore[union-attr]

    def test_refuses_two_places_as_good(self) -> None:
        assert words("yes", blocks=("He said yes and left.", "He said yes and left.")) == ""

    def test_refuses_words_that_are_not_there(self) -> None:
        assert words("an elephant walked through the burning library", "At noon ", " and sang") == ""

    def test_refuses_words_that_were_rewritten(self) -> None:
        assert words("The lamp burned on till six, and the cook slept all through the storm", "", " when the") == ""

    def test_goes_over_two_blocks(self) -> None:
        found = find_quote(LINES, f"{LINES[3][-12:]} {LINES[4][:14]}")
        assert found is not None
        assert (found.start.block, found.end.block) == (3, 4)

    def test_finds_japanese_by_character(self) -> None:
        blocks = ("吾輩は猫である。", "名前はまだ無い。", "どこで生れたかとんと見当がつかぬ。")
        assert words("生れたか頓と見当", blocks=blocks) == "生れたかとんと見当"

    @pytest.mark.parametrize(("exact", "blocks"), [("", LINES), ("word", ()), ("…", LINES), (" ", ("", ""))])
    def test_nothing_is_found_in_nothing(self, exact: str, blocks: tuple[str, ...]) -> None:
        assert words(exact, blocks=blocks) == ""

    def test_a_common_word_has_few_candidates(self) -> None:
        finder = QuoteFinder(["the cat and the dog and the mouse"] * 2000)
        assert len(finder._candidates([finder._vocabulary.key("the")], "", "")) == CANDIDATES
        assert finder.find("the", "mouse ", " cat") is None

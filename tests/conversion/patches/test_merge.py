"""Words stand in one place of another version, or in none."""

from __future__ import annotations

import pytest

from conversion.engine.patches.merge import Context, Reason, Span, where

BASE = ["He", "went", "to", "the", "door", "and", "stood", "there", "for", "a", "while", "in", "the", "rain", "."]


def find(base: str, old: str, theirs: str, wanted: str | None = None) -> Span | Reason:
    """Look for words of the base, which has them once, or for others in their place."""
    words, span = base.split(), old.split()
    start = next(n for n in range(len(words)) if words[n : n + len(span)] == span)
    keys = span if wanted is None else wanted.split()
    return where(Context(words, Span(start, start + len(span))), keys, theirs.split())


class TestWhere:
    @pytest.mark.parametrize(
        ("old", "theirs", "found"),
        [
            ("door", "He went to the door and stood there .", Span(4, 5)),
            ("door", "Then she went to the door and cried .", Span(5, 6)),
            ("door", "the door and", Span(1, 2)),
            ("door", "He went to a door and stood there .", Reason.CHANGED),
            ("door", "He went to the gate and stood there .", Reason.CHANGED),
            ("door", "He went to the door , and stood there .", Reason.CHANGED),
            ("door", "the door and stood , the door and stood", Reason.SEVERAL),
            ("door", "to the door and cried , then the door and wept", Reason.SEVERAL),
            ("door", "", Reason.CHANGED),
        ],
    )
    def test_words_with_one_on_each_side(self, old: str, theirs: str, found: Span | Reason) -> None:
        assert find(" ".join(BASE), old, theirs) == found

    def test_more_words_around_tell_two_places_apart(self) -> None:
        theirs = "He went to the door and stood there , then to the door and sat ."
        assert find(" ".join(BASE), "door", theirs) == Span(4, 5)

    def test_what_the_base_has_twice_needs_more_words_too(self) -> None:
        base = "to the door and stood , then the door and sat"
        context = Context(base.split(), Span(8, 9))
        assert where(context, ["door"], ["the", "door", "and", "stood", "for", "long"]) is Reason.SEVERAL
        assert where(context, ["door"], ["then", "the", "door", "and", "sat"]) == Span(2, 3)

    def test_a_common_word_at_the_edge_is_not_enough(self) -> None:
        """It was: a line that ended with another "and" was taken for the one that the author had shortened."""
        base, theirs = "and earth , and stars , and sea and sky", "and earth , and stars , and the and"
        assert find(base, "sea and sky", theirs, wanted="") is Reason.CHANGED
        assert find(base, "sea and sky", "and earth , and stars , and", wanted="") == Span(7, 7)

    def test_nothing_between_two_words_needs_four_of_them(self) -> None:
        assert find(" ".join(BASE), "the door", "then went to and stood still", wanted="") == Span(3, 3)
        assert find(" ".join(BASE), "the door", "stay to and fro", wanted="") is Reason.CHANGED

    def test_a_whole_block_may_be_short(self) -> None:
        assert find("Yes .", "Yes", "Yes .") == Span(0, 1)
        assert find("Yes", "Yes", "No", wanted="No") == Span(0, 1)

    def test_characters_of_scripts_without_spaces_are_half_a_word(self) -> None:
        base = "吾 輩 は 猫 で あ る 名 前 は ま だ 無 い"
        assert find(base, "猫", "は 猫 で す") is Reason.CHANGED
        assert find(base, "猫", "吾 輩 は 猫 で あ る") == Span(3, 4)

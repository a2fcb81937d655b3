"""A block's text in a plain field and back: words keep their marks, objects stay themselves."""

from __future__ import annotations

import random

import pytest

from publishing.editing.errors import TextInvalid
from publishing.editing.plain_text import code_from_plain, from_plain, to_plain

EMPHASIS = [["emphasis"]]
NOTE = ["\ufffc", [], "note:0123456789abcdef"]
PICTURE = ["\ufffc", [], "picture:0123456789abcdef"]
TEXT = ["The ", ["lamp", EMPHASIS], " went out", NOTE, " at four."]


def test_what_is_not_changed_comes_back() -> None:
    assert from_plain(TEXT, to_plain(TEXT)) == [TEXT]


def test_a_field_shows_words_and_numbers_objects() -> None:
    assert to_plain([*TEXT, PICTURE]) == "The lamp went out⟦note 1⟧ at four.⟦picture 2⟧"


def test_marks_stay_on_the_words_that_stay() -> None:
    assert from_plain(TEXT, "Then the lamp went out⟦note 1⟧ at five.") == [
        ["Then the ", ["lamp", EMPHASIS], " went out", NOTE, " at five."]
    ]


def test_a_word_in_place_of_one_gets_its_marks() -> None:
    (found,) = from_plain(TEXT, to_plain(TEXT).replace("lamp", "lantern"))
    assert found[1] == ["lantern", EMPHASIS]


def test_words_between_words_of_one_mark_get_it() -> None:
    (found,) = from_plain([["a long night", EMPHASIS]], "a very long night")
    assert found == [["a very long night", EMPHASIS]]


def test_words_at_the_end_get_none() -> None:
    assert from_plain([["a long night", EMPHASIS]], "a long night fell") == [[["a long night", EMPHASIS], " fell"]]


def test_an_empty_line_divides() -> None:
    assert from_plain(["One. Two."], "One.\n\nTwo.") == [["One."], ["Two."]]


def test_a_line_break_stays_in_the_block() -> None:
    assert from_plain(["One\u2028two"], "One\r\ntwo") == [["One\u2028two"]]


def test_an_object_can_be_moved_or_removed() -> None:
    assert NOTE in from_plain(TEXT, "⟦note 1⟧The lamp went out at four.")[0]
    assert NOTE not in from_plain(TEXT, "The lamp went out at four.")[0]


@pytest.mark.parametrize("typed", ["⟦note 2⟧", "⟦note⟧", "⟦note 0⟧", "⟦a b 1⟧", "⟦note 1⟧ and ⟦note 1⟧"])
def test_an_object_that_is_not_there_or_stands_twice_is_refused(typed: str) -> None:
    with pytest.raises(TextInvalid):
        from_plain(TEXT, typed)


def test_a_stand_in_that_is_typed_is_dropped() -> None:
    assert from_plain(["a"], "a\ufffc b") == [["a b"]]


def test_twins_may_both_stay() -> None:
    twice = ["x ", PICTURE, " y ", PICTURE]
    assert from_plain(twice, to_plain(twice)) == [twice]


def test_a_reading_aid_is_not_given_to_other_words() -> None:
    ruby = [["海", [["ruby", "うみ"]]], "だ"]
    (found,) = from_plain(ruby, "空だ")
    assert found == ["空だ"]


@pytest.mark.parametrize("seed", range(20))
def test_any_text_comes_back_as_typed(seed: int) -> None:
    chance = random.Random(seed)
    words = ["The", "lamp", "went", "out⟦note 1⟧", "at", "four."]
    chance.shuffle(words)
    typed = " ".join(words)
    (found,) = from_plain(TEXT, typed)
    assert to_plain(found) == typed


def test_code_keeps_its_empty_lines_and_blanks() -> None:
    assert code_from_plain("  if x:\r\n\r\n    y()\n") == [["  if x:\n\n    y()\n"]]

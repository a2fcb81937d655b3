"""Words that people copy or select, in the text of a block; and the same words later."""

from __future__ import annotations

import pytest

from publishing.comments.errors import WordsNotFound, WordsSeveralTimes
from publishing.comments.words import Range, find, find_again, quote_of

TEXT = "The lamp went out,\ufffc and the keeper\u2028slept. The lamp was cold."


def at(words: str) -> Range:
    return Range(TEXT.index(words), TEXT.index(words) + len(words))


class TestFind:
    def test_all_of_it_for_no_words(self) -> None:
        assert find(TEXT, "  ") == Range(0, len(TEXT))

    @pytest.mark.parametrize("words", ["keeper slept", "keeper\n slept", " keeper\u00a0slept "])
    def test_blanks_are_alike(self, words: str) -> None:
        assert TEXT[slice(*find(TEXT, words))] == "keeper\u2028slept"

    def test_signs_of_notes_are_not_typed(self) -> None:
        assert TEXT[slice(*find(TEXT, "went out, and"))] == "went out,\ufffc and"

    def test_what_is_before_says_which(self) -> None:
        assert find(TEXT, "lamp", "slept. The ") == Range(TEXT.rindex("lamp"), TEXT.rindex("lamp") + 4)

    def test_nothing_is_guessed(self) -> None:
        with pytest.raises(WordsSeveralTimes):
            find(TEXT, "lamp")
        with pytest.raises(WordsSeveralTimes):
            find(TEXT, "lamp", "The")
        for words in ("sailor", "keeper sl.pt", "lamp lamp"):
            with pytest.raises(WordsNotFound):
                find(TEXT, words)
        with pytest.raises(WordsNotFound):
            find(TEXT, "lamp", "Another ")
        with pytest.raises(WordsNotFound):
            find("\ufffc", "")


class TestFindAgain:
    quote = quote_of(TEXT, at("keeper"))

    def test_the_same_words_in_the_same_block(self) -> None:
        assert find_again({"p1.0": TEXT}, self.quote, ["p1.0"]) == ("p1.0", at("keeper"))

    def test_moved_into_another_block(self) -> None:
        assert find_again({"b1": "No.", "b7": TEXT}, self.quote, ["p1.0"]) == ("b7", at("keeper"))

    @pytest.mark.parametrize(
        "texts",
        [
            {},
            {"b1": TEXT.replace("keeper", "warden")},
            {"b1": TEXT.replace("and the", "and a")},
            {"b1": TEXT, "b2": TEXT},
            {"b1": f"{TEXT} It was."},
        ],
        ids=["gone", "other words", "other surroundings", "two copies", "its end is not the end"],
    )
    def test_nowhere_where_that_is_not_certain(self, texts: dict[str, str]) -> None:
        assert find_again(texts, self.quote, ["p1.0"]) is None

    def test_two_words_may_stand_anywhere(self) -> None:
        quote = quote_of("Yes. Never.", Range(0, 3))
        assert find_again({"b4": "Yes. Never."}, quote, ["p1.0"]) is None
        assert find_again({"p1.0": "Yes. Never."}, quote, ["p1.0"]) == ("p1.0", Range(0, 3))

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            (TEXT.replace("The lamp went", "At four the lamp had gone"), True),
            (TEXT.replace("slept", "was woken"), True),
            (TEXT.replace("and the keeper\u2028slept", "but the keeper woke"), False),
            (f"{TEXT} {TEXT}", False),
        ],
        ids=["before it", "after it", "on both sides", "twice"],
    )
    def test_in_its_own_block_one_side_may_change(self, text: str, found: bool) -> None:
        again = find_again({"p2.0": text, "b1": "Elsewhere."}, self.quote, ["p2.0"])
        assert (again is not None and text[slice(*again[1])] == "keeper") is found

    def test_in_its_own_block_three_words_are_enough(self) -> None:
        quote = quote_of("He had seen nothing yet.", Range(3, 19))
        text = "Nobody had seen nothing, they say."
        assert find_again({"p2.0": text}, quote, ["p2.0"]) == ("p2.0", Range(7, 23))
        assert find_again({"b1": text}, quote, ["p2.0"]) is None

"""Tests that words which look the same are the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion.engine.api import passages

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@pytest.mark.parametrize(
    "disguised",
    [
        "The quick brown fox",
        "THE QUICK BROWN FOX!",
        "“The quick – brown” fox …",
        "Th\u200be qu\u00adick br\u2060own f\ufeffox",
        "The q\u0301u\u0308ick br\u034fown fo\ufe0fx",
        "Thе quiсk brоwn fох",  # Cyrillic е, с, о, о, х
        "Τhe quіck brοwn fοx",  # Greek Τ, ο and Ukrainian і
        "Ｔｈｅ ｑｕｉｃｋ ｂｒｏｗｎ ｆｏｘ",
        "𝐓𝐡𝐞 𝐪𝐮𝐢𝐜𝐤 𝐛𝐫𝐨𝐰𝐧 𝐟𝐨𝐱",
        "The qu1ck br0wn f0x",
        "The\u3164 quick\u00a0brown\u2003fox",
    ],
)
def test_disguises_do_not_count(disguised: str) -> None:
    assert passages.fold_words(disguised) == ["the", "quick", "brown", "fox"]


def test_a_capital_of_another_alphabet_is_the_small_letter() -> None:
    assert passages.fold_words("НЕАVЕN") == passages.fold_words("heaven")


def test_other_words_stay_other_words() -> None:
    assert passages.fold_words("mother’s") == ["mother", "s"]
    assert passages.fold_words("Россия и мир") != passages.fold_words("Pocciia и nup")
    assert passages.fold_words("groß") == passages.fold_words("GROSS")


def test_scripts_without_spaces_are_counted_by_letters() -> None:
    assert passages.fold_words("山路を登りながら、こう考えた。") == [
        "山路",
        "を登",
        "りな",
        "から",
        "こう",
        "考え",
        "た",
    ]
    assert len(passages.fold_words("ภาษาไทยเป็นภาษา")) in {3, 4}


@given(_TEXT, _TEXT)
def test_words_do_not_depend_on_their_neighbours(one: str, other: str) -> None:
    assert passages.fold_words(f"{one} {other}") == passages.fold_words(one) + passages.fold_words(other)


@given(_TEXT)
def test_splitting_at_blanks_finds_the_same_words(text: str) -> None:
    assert passages.fold_words(text) == [word for part in text.split() for word in passages.fold_words(part)]


@given(st.text("abcdefghij klmnop", max_size=60), st.integers(0, 60), st.sampled_from("\u200b\u00ad\u0301\u2060\u180e"))
def test_no_invisible_character_changes_a_word(text: str, at: int, hidden: str) -> None:
    assert passages.fold_words(text[:at] + hidden + text[at:]) == passages.fold_words(text)

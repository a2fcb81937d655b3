from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.selectors.search_query import Asked, parse, without_article


class TestParse:
    @pytest.mark.parametrize(
        ("text", "words", "phrases", "without"),
        [
            ("Salt Roads", ("salt", "roads"), (), ()),
            ('the "glow of ice" teles', ("the", "glow", "of", "ice", "teles"), ("glow of ice",), ()),
            ("„Küche im Winter“", ("kuche", "im", "winter"), ("kuche im winter",), ()),
            ('"left open', ("left", "open"), ("left open",), ()),
            ('"one"', ("one",), (), ()),
            ("winter -crime", ("winter",), (), ("crime",)),
            ('winter -"the crime"', ("winter",), (), ("the", "crime")),
            ("well-known", ("well", "known"), (), ()),
            ("winter -winter", ("winter",), (), ()),
            ("- -- \" ' *", (), (), ()),
            ("978-3-16-148410-0", ("9783161484100",), (), ()),
            ("ISBN 3-16-148410-X", ("isbn", "3", "16", "148410", "x"), (), ()),
            ("3-16-148410-X", ("9783161484100",), (), ()),
        ],
    )
    def test_takes_a_query_apart(self, text, words, phrases, without) -> None:
        asked = parse(text)
        assert (asked.words, asked.phrases, asked.without) == (words, phrases, without)

    def test_the_last_word_is_finished_by_a_blank_or_a_quote(self) -> None:
        assert parse("salt roa").is_unfinished
        assert not parse("salt roa ").is_unfinished
        assert not parse('"salt roa"').is_unfinished
        assert parse("किताबे").is_unfinished

    @given(st.text(max_size=400))
    def test_makes_words_of_letters_and_digits_whatever_is_typed(self, text: str) -> None:
        asked = parse(text)
        for word in (*asked.words, *asked.without, *" ".join(asked.phrases).split()):
            assert word
            assert all(one.isalnum() or unicodedata.category(one).startswith("M") for one in word)
        assert len(asked.words) <= 8

    def test_nothing_is_nothing(self) -> None:
        assert parse("") == Asked()


@pytest.mark.parametrize(
    ("key", "title"),
    [("the glow", "glow"), ("glow", "glow"), ("the", "the"), ("die insel", "insel"), ("thermal", "thermal")],
)
def test_without_article(key: str, title: str) -> None:
    assert without_article(key) == title

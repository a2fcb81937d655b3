from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.search.backend import Term
from storefront.search.query import ParsedQuery, parse, without_article


def said(terms: tuple[Term, ...]) -> tuple[str, ...]:
    """Each as it would be typed: a beginning with a star."""
    return tuple(" ".join(term.words) + "*" * term.is_prefix for term in terms)


class TestParse:
    @pytest.mark.parametrize(
        ("text", "terms", "without", "title"),
        [
            ("Salt Roads", ("salt", "roads"), (), "salt roads"),
            ('the "glow of ice" teles', ("glow of ice", "teles"), (), "glow of ice teles"),
            ('"the glow"', ("the glow",), (), "glow"),
            ("„Küche im Winter“", ("kuche im winter",), (), "kuche im winter"),
            ('"left open', ("left open",), (), "left open"),
            ('"one"', ("one",), (), "one"),
            ("the", ("the",), (), "the"),
            ("kamala das", ("kamala", "das"), (), "kamala das"),
            ("winter -crime", ("winter",), ("crime",), "winter"),
            ('winter -"the crime"', ("winter",), ("the crime",), "winter"),
            ("well-known", ("well", "known"), (), "well known"),
            ("winter -winter", ("winter",), (), "winter"),
            ("- -- \" ' *", (), (), ""),
            ("978-3-16-148410-0", ("9783161484100",), (), "9783161484100"),
            ("ISBN 3-16-148410-X", ("isbn", "3", "16", "148410", "x"), (), "isbn 3 16 148410 x"),
            ("3-16-148410-X", ("9783161484100",), (), "9783161484100"),
            ("吾輩は猫", ("吾輩 輩は は猫",), (), "吾輩 輩は は猫"),
            ("吾輩 猫 -犬", ("吾輩", "猫*"), ("犬*",), "吾輩 猫"),
            ("「は猫」", ("は猫",), (), "は猫"),
        ],
    )
    def test_takes_a_query_apart(self, text, terms, without, title) -> None:
        query = parse(text)
        assert (said(query.terms), said(query.without), query.title) == (terms, without, title)

    def test_the_last_word_is_finished_by_a_blank_or_a_quote(self) -> None:
        assert parse("salt roa").is_unfinished
        assert not parse("salt roa ").is_unfinished
        assert not parse('"salt roa"').is_unfinished
        assert parse("किताबे").is_unfinished

    @given(st.text(max_size=400))
    def test_makes_words_of_letters_and_digits_whatever_is_typed(self, text: str) -> None:
        query = parse(text)
        for word in (word for term in (*query.terms, *query.without) for word in term.words):
            assert word
            assert all(one.isalnum() or unicodedata.category(one).startswith("M") for one in word)
        assert len(query.terms) <= 8

    def test_nothing_is_nothing(self) -> None:
        assert parse("") == ParsedQuery()


@pytest.mark.parametrize(
    ("key", "title"),
    [("the glow", "glow"), ("glow", "glow"), ("the", "the"), ("die insel", "insel"), ("thermal", "thermal")],
)
def test_without_article(key: str, title: str) -> None:
    assert without_article(key) == title

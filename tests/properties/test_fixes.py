"""Fixes of running text, over paragraphs that nobody would write: they change what they say and come to an end."""

from __future__ import annotations

from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversion.engine import checks, fixes
from conversion.engine.book.model import (
    Book,
    Chapter,
    Emphasis,
    Inline,
    LineBreak,
    Link,
    Metadata,
    Paragraph,
    Strong,
    Text,
)
from conversion.engine.findings.registry import REGISTRY

_WORDS = ("salt", "the", "Boat", "don", "t", "é", "12", "1914", "o", "Été", "x")
_SPACES = (" ", "  ", "\t", "\u00a0", " - ", "--", " -- ", " .", " ?", " )", "(")
_MARKS = ("...", ". . .", ",", ",,", ".", "!", ";", "-", "_", "*", "“", "”")
_MORE = ('"', "'", "‘", "’", "`", "«", "»", "\u00ad", "\u200b", "ﬁ", "&amp;", "&nbsp;", "Ã©")
_ADDRESS = ("https://skerrow.net/a-b", "ann@skerrow.net")
pieces = st.sampled_from((*_WORDS, *_WORDS, *_SPACES, *_MARKS, *_MORE, *_ADDRESS))
texts = st.lists(pieces, min_size=1, max_size=12).map(lambda parts: Text("".join(parts)))
inlines: st.SearchStrategy[Inline] = st.one_of(
    texts,
    texts.map(lambda text: Emphasis([text])),
    texts.map(lambda text: Strong([Emphasis([text])])),
    texts.map(lambda text: Link([text], "https://skerrow.net/")),
    st.just(LineBreak()),
)
paragraphs = st.lists(inlines, min_size=1, max_size=5).map(Paragraph)
languages = st.sampled_from(("en", "de", "fr", "sv", ""))


@st.composite
def books(draw: st.DrawFn) -> Book:
    """A Book of one or two chapters."""
    chapters = [
        Chapter(f"c{number}", f"Chapter {number}", draw(st.lists(paragraphs, min_size=1, max_size=3)))
        for number in range(1, draw(st.integers(2, 3)))
    ]
    return Book(Metadata(title="Salt", language=draw(languages)), chapters)


def words_of(book: Book) -> list[str]:
    """Letters and figures of each passage, whatever stands between them."""
    return ["".join(filter(str.isalnum, passage.text)) for passage in checks.analyse(book).prose]


TEXT_FIXES = sorted(code for code in fixes.FIXES if code.startswith(("text.", "emphasis.", "link.")))
OTHER_LETTERS = {"text.mojibake", "text.entities", "text.ligatures"}


@pytest.mark.parametrize("code", TEXT_FIXES)
@settings(max_examples=25, deadline=None)
@given(book=books())
def test_says_what_it_changes_and_comes_to_an_end(code: str, book: Book) -> None:
    before = deepcopy(book)
    mended = fixes.apply_fixes(book, [code])
    assert bool(mended.counts) == (book != before), "what changed is listed, and what is listed changed"
    if code in {code for code, check in REGISTRY.items() if check.safe} - OTHER_LETTERS:
        assert words_of(book) == words_of(before)
    once = deepcopy(book)
    assert fixes.apply_fixes(book, [code]).counts == {}
    assert book == once


@settings(max_examples=40, deadline=None)
@given(book=books())
def test_all_safe_ones_together_come_to_an_end(book: Book) -> None:
    safe = [code for code, check in REGISTRY.items() if check.safe]
    for _ in range(3):
        mended = fixes.apply_fixes(book, safe)
    assert mended.counts == {}

"""Each fix mends the golden book of its code: wholly, once, listed, and nothing besides."""

from __future__ import annotations

import tempfile
from collections import Counter
from copy import deepcopy
from pathlib import Path

import pytest

from conversion.engine import checks, fixes
from conversion.engine.book.model import Book
from conversion.engine.findings.registry import REGISTRY
from conversion.engine.readers import read_source
from conversion.engine.steps import author_details

from .cases import load
from .sources import request_for

CASES = load()
# Fixes that write other letters than were there, or take whole lines out.
_OTHER_LETTERS = {"text.mojibake", "text.entities", "text.ligatures"}
_TAKE_OUT = {"text.page-numbers", "text.running-heads", "structure.contents-typed", "structure.chapter-empty"}
_TAKE_MARKS = {"layout.list-typed", "scene.typed"}  # bullets, numbers and signs of a break


@pytest.fixture(scope="module", params=sorted(fixes.FIXES))
def code(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def book_of(code: str) -> Book:
    """The golden book as its reader gives it."""
    with tempfile.TemporaryDirectory() as folder:
        asked = request_for(CASES[code].book, Path(folder))
        book = read_source(asked.source, asked.name)[1].book
        author_details.complete(book, asked, lambda: "urn:x:golden")
    return book


def words_of(book: Book) -> Counter[str]:
    """The words of all passages, without the punctuation around them."""
    return Counter(word for passage in checks.analyse(book).prose for word in _letters(passage.text).split())


def _letters(text: str) -> str:
    return "".join(c if c.isalnum() else "" if c in "\u00ad\u200b-" else " " for c in text)


def test_mends_all_and_lists_it(code: str) -> None:
    book = book_of(code)
    mended = fixes.apply_fixes(book, [code])
    assert mended.counts[code] == len(mended.changes) > 0
    assert {change.code for change in mended.changes} == {code}
    assert all(change.before != change.after for change in mended.changes)
    assert code not in {finding.code for finding in checks.of_book(checks.analyse(book))}


def test_finds_nothing_more_to_mend(code: str) -> None:
    book = book_of(code)
    fixes.apply_fixes(book, [code])
    once = deepcopy(book)
    assert fixes.apply_fixes(book, [code]).counts == {}
    assert book == once


def test_leaves_other_words_as_they_were(code: str) -> None:
    book = book_of(code)
    before = words_of(book)
    mended = fixes.apply_fixes(book, [code])
    after = words_of(book)
    gone, come = before - after, after - before
    told_before = Counter(word for change in mended.changes for word in _letters(change.before).split())
    told_after = Counter(word for change in mended.changes for word in _letters(change.after).split())
    if code in _TAKE_OUT | _TAKE_MARKS:
        assert not come
        assert gone <= told_before
    elif code not in _OTHER_LETTERS:
        assert "".join(sorted("".join(gone.elements()))) == "".join(sorted("".join(come.elements())))
    assert set(gone) <= set(told_before)
    assert set(come) <= set(told_after) | {"", *(word for word in come if code in _OTHER_LETTERS)}


def test_is_not_made_unless_it_is_chosen(code: str) -> None:
    book = book_of(code)
    as_read = deepcopy(book)
    assert fixes.apply_fixes(book, []).counts == {}
    assert fixes.apply_fixes(book, [other for other in REGISTRY if other not in fixes.FIXES]).counts == {}
    assert book == as_read
    fixes.apply_fixes(book, [code])
    assert book != as_read
    assert book_of(code) == as_read, "the manuscript is as it was"


@pytest.mark.parametrize("code", sorted(code for code in fixes.FIXES if REGISTRY[code].safe))
def test_safe_ones_keep_every_word_and_paragraph(code: str) -> None:
    book = book_of(code)
    passages = [_letters(passage.text).replace(" ", "") for passage in checks.analyse(book).prose]
    fixes.apply_fixes(book, [code])
    kept = [_letters(passage.text).replace(" ", "") for passage in checks.analyse(book).prose]
    assert len(kept) == len(passages)
    if code not in _OTHER_LETTERS:
        assert kept == passages

"""What fixes would correct comes as patches: all of them make what the fixes make, and each can be undone by itself."""

from __future__ import annotations

import copy
import random

import pytest

from conversion.engine import fixes
from conversion.engine.book.model import Book, Heading, Paragraph, SceneBreak, Strong, Text
from conversion.engine.fixes.proposing import NOT_PROPOSED
from conversion.engine.patches import Fit, FitState, Op, Patch, apply_patches, base_of
from conversion.engine.patches.leaves import leaves_of
from conversion.engine.patches.words import text_of
from tests.conversion.patches.other_readings import messy
from tests.conversion.patches.samples import LINES, book_of, texts

CODES = [code for code in fixes.FIXES if code not in NOT_PROPOSED]


def dirty_book() -> Book:
    """A book with what the fixes correct: typing, scene breaks typed as text, headings in bold."""
    lines = [f"{line} “Yes ,”  he said... {number}" for number, line in enumerate(LINES)]
    chapters = [
        [
            Heading(1, [Text(f"Chapter {number}")]),
            *(Paragraph([Text(line)]) for line in lines),
            Paragraph([Text("* * *")]),
            *(Paragraph([Text(line)]) for line in lines),
            Paragraph([Strong([Text("A heading in bold")])]),
            *(Paragraph([Text(f"{line} -- {number}")]) for line in lines),
            SceneBreak(),
        ]
        for number in range(4)
    ]
    book = book_of(*chapters)
    book.metadata.language = "en"
    messy(book, random.Random(1))
    return book


def proposed(book: Book, codes: list[str] = CODES) -> list[Patch]:
    return fixes.propose_fixes(copy.deepcopy(book), codes)


def kinds_and_texts(book: Book) -> list[tuple[str, str]]:
    return [(leaf.kind, text_of(leaf.words)) for leaf in leaves_of(book).leaves]


@pytest.fixture(scope="module")
def book() -> Book:
    return dirty_book()


def test_all_of_them_make_what_the_fixes_make(book: Book) -> None:
    base, patches = base_of(book), proposed(book)
    fixed, patched = copy.deepcopy(book), copy.deepcopy(book)
    counts = fixes.apply_fixes(fixed, CODES).counts
    fits = apply_patches(patched, {base.identity: base}, patches).fits
    assert {fit.state for fit in fits} == {FitState.APPLIED}
    assert kinds_and_texts(patched) == kinds_and_texts(fixed)
    assert {patch.author for patch in patches} <= counts.keys()
    assert len(counts) > 4


@pytest.mark.parametrize("code", CODES)
def test_each_fix_alone(book: Book, code: str) -> None:
    base, patches = base_of(book), proposed(book, [code])
    fixed, patched = copy.deepcopy(book), copy.deepcopy(book)
    fixes.apply_fixes(fixed, [code])
    apply_patches(patched, {base.identity: base}, patches)
    assert kinds_and_texts(patched) == kinds_and_texts(fixed)
    assert {patch.author for patch in patches} <= {code}


def test_one_place_is_undone_by_itself(book: Book) -> None:
    base, patches = base_of(book), proposed(book)
    for patch in (one for one in patches[:20] if one.op is Op.WORDS):
        patched = copy.deepcopy(book)
        others = [one for one in patches if one is not patch and one.anchor.block == patch.anchor.block]
        apply_patches(patched, {base.identity: base}, others)
        words = leaves_of(patched).leaves[patch.anchor.block].words
        if not others:
            assert text_of(words) == base.blocks[patch.anchor.block].text


def test_what_was_decided_is_not_proposed_again(book: Book) -> None:
    patches = proposed(book)
    decided = [(patch, Fit(patch.identity, FitState.APPLIED, patch.anchor)) for patch in patches[::2]]
    again = fixes.propose_fixes(copy.deepcopy(book), CODES, decided)
    assert {patch.identity for patch in again} <= {patch.identity for patch in patches[1::2]}
    assert again


def test_a_patch_in_conflict_hides_nothing(book: Book) -> None:
    patches = proposed(book)
    fits = [(patch, Fit(patch.identity, FitState.CONFLICT, None)) for patch in patches]
    assert fixes.propose_fixes(copy.deepcopy(book), CODES, fits) == patches


def test_a_clean_book_has_no_proposals() -> None:
    clean = book_of(LINES[:2])
    before = texts(clean)
    assert proposed(clean, ["scene.typed", "structure.heading-bold"]) == []
    assert texts(clean) == before

"""Random saves of random chapters: what is shown is what was wanted, the build makes it so, and each patch can be
undone by itself."""

from __future__ import annotations

import random

import pytest

from conversion.engine.book.model import Book
from conversion.engine.editing import chapter_of, chapters_of
from conversion.engine.patches import base_of
from tests.conversion.books import rich_book
from tests.conversion.editing.wanted import Author, built, everything, save, shown

SEEDS = 12


def rounds(book: Book, seed: int, saves: int = 4) -> int:
    """Save chapters several times. Returns how many saves were possible."""
    chance = random.Random(seed)
    base = base_of(book)
    author = Author(chance)
    patches, possible = [], 0
    for _ in range(saves):
        line = chance.choice(chapters_of(base, patches))
        before = chapter_of(base, patches, line.id)
        wanted = author.edit(before, chance.randint(1, 6))
        saved = save(base, patches, wanted)
        if saved is None:
            continue
        possible += 1
        patches = saved
        now = chapter_of(base, patches, line.id)
        is_titled = wanted.attributes["title"] != before.attributes["title"]
        assert everything(now, None if is_titled else now) == everything(wanted, before)
        again = save(base, patches, now)
        assert again is not None
        assert len(again) <= len(patches)
        assert everything(chapter_of(base, again, line.id)) == everything(now)
    assert built(book, base, patches) == shown(base, patches)
    for patch in patches:
        others = [other for other in patches if other is not patch]
        assert built(book, base, others) == shown(base, others)
    return possible


@pytest.mark.parametrize("seed", range(SEEDS))
def test_saves(seed: int) -> None:
    assert rounds(rich_book(), seed) > 0


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(1000, 2000))
def test_many_saves(seed: int) -> None:
    rounds(rich_book(), seed)

"""Undo patches in random order, thousands of times.

    python -m bench.undo --corpus ../shared/corpus
    python -m bench.undo --corpus ../shared/corpus --blocks 2000 --saves 20

blocks   a block of a book with up to eight random edits becomes patches; with all of them it is the edited text, and as
         they are undone in random order the rest of them never changes; with none it is the base
saves    chapters of a book with every element are saved with random changes of words and blocks
         (`tests/conversion/editing/wanted.py`); as all patches are taken back in random order, the book that is built
         is at every step the one that is shown, and in the end the base

Exits with 1 at the first difference.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.patches import BOOKS, read
from conversion.engine.editing import chapter_of, chapters_of, take_back
from conversion.engine.patches import Base, Patch, base_of, patched, words_patches
from conversion.engine.patches.leaves import TEXT_KINDS
from conversion.engine.patches.words import Word, pieces_of_words, text_of, words_of
from tests.conversion.books import rich_book
from tests.conversion.editing.wanted import Author, built, save, shown
from tests.conversion.patches.corrections import edited

EDITS_AT_MOST = 8
SAVES_OF_A_ROUND = 4


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.undo", description="Undo patches in random order.")
    parser.add_argument("--corpus", type=Path, required=True, help="folder with a folder for each book")
    parser.add_argument("--book", default="flatland", choices=list(BOOKS))
    parser.add_argument("--blocks", type=int, default=20_000)
    parser.add_argument("--saves", type=int, default=200)
    options = parser.parse_args(arguments)
    base = base_of(read(options.corpus / BOOKS[options.book]))
    patches = wrong = 0
    for seed in range(options.blocks):
        count, is_right = undone_block(base, random.Random(f"block {seed}"))
        patches, wrong = patches + count, wrong + (not is_right)
    print(f"blocks: {options.blocks}, patches: {patches}, wrong: {wrong}", flush=True)
    taken = unlike = 0
    for seed in range(options.saves):
        count, is_right = undone_saves(random.Random(f"saves {seed}"))
        taken, unlike = taken + count, unlike + (not is_right)
    print(f"saves: {options.saves * SAVES_OF_A_ROUND}, patches: {taken}, wrong: {unlike}")
    return 1 if wrong or unlike else 0


def undone_block(base: Base, chance: random.Random) -> tuple[int, bool]:
    """Edit a block, and undo its patches one by one. Returns how many there were, and whether all was right."""
    filled = [number for number, block in enumerate(base.blocks) if block.kind in TEXT_KINDS and len(block.pieces)]
    number = chance.choice(filled)
    old = list(base.blocks[number].words)
    now = old
    for _ in range(chance.randint(1, EDITS_AT_MOST)):
        now = edited(now or old, chance.randrange(len(now or old)), _vocabulary(old), chance)
    made = words_patches(base, number, pieces_of_words(now))
    is_right = text_of(patched(old, made)) == text_of(words_of(pieces_of_words(now)))
    left = list(made)
    while left:
        gone = left.pop(chance.randrange(len(left)))
        text = text_of(patched(old, left))
        is_right &= text == _without(old, left) and gone not in left
    return len(made), is_right and text_of(patched(old, [])) == text_of(old)


def _vocabulary(words: Sequence[Word]) -> list[str]:
    return [word.text for word in words if word.text] or ["word"]


def _without(old: Sequence[Word], patches: Sequence[Patch]) -> str:
    """Return the text with patches written out by hand: from the end, each in its place."""
    words = [text_of([word]) for word in old]
    for patch in sorted(patches, key=lambda one: one.anchor.start, reverse=True):
        words[patch.anchor.start : patch.anchor.end] = ["".join(piece.text for piece in patch.edit.new)]  # type: ignore[union-attr]
    return "".join(words)


def undone_saves(chance: random.Random) -> tuple[int, bool]:
    """Save chapters, and take all patches back. Returns how many there were, and whether all was right."""
    book = rich_book()
    base = base_of(book)
    author = Author(chance)
    patches: list[Patch] = []
    for _ in range(SAVES_OF_A_ROUND):
        line = chance.choice(chapters_of(base, patches))
        wanted = author.edit(chapter_of(base, patches, line.id), chance.randint(1, 6))
        patches = save(base, patches, wanted) or patches
    count, is_right = len(patches), built(book, base, patches) == shown(base, patches)
    while patches:
        patches = take_back(base, patches, chance.choice(patches)).kept
        is_right &= built(book, base, patches) == shown(base, patches)
    return count, is_right and shown(base, patches) == built(book, base, [])


if __name__ == "__main__":
    sys.exit(main())

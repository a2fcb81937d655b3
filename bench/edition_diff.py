"""Measure whether the comparison of two editions finds what happened to chapters and words.

    python -m bench.edition_diff --corpus ../shared/corpus
    python -m bench.edition_diff --corpus ../shared/corpus --books pride-and-prejudice --seeds 1

Each run makes a next edition (`tests/conversion/edition_diff/next_editions.py`): all chapters renamed, three moved, one
split, two merged, a foreword; then 2 % of the paragraphs edited, or every one. Every word carries its number. Beside it
stands a comparison by title. Exits with 1 unless words added and removed are within 2 % or five words of the truth
everywhere, and at most one chapter in a hundred is misnamed.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from conversion.engine.edition_diff import TextChapter, compare
from conversion.engine.readers import read_source
from conversion.engine.web.text import parts_of
from tests.conversion.edition_diff.next_editions import MadeEdition, is_near, misnamed, next_edition

BOOKS = {
    "pride-and-prejudice": "docx",
    "flatland": "md",
    "poe-poetry": "docx",
    "rust-book": "md",
    "kusamakura-japanese-vertical-writing": "epub",
    "linear-algebra": "epub",
    "war-and-peace": "docx",
}
SHARES = {"2 %": 0.02, "every": 1.0}
FEWER_SEEDS = {"war-and-peace": 1}
MOST_MISNAMED = 0.01
HEAD = (
    "book",
    "paragraphs edited",
    "added: truth, found",
    "removed",
    "by title",
    "chapters",
    "misnamed",
    "CPU s a run",
)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.edition_diff", description="Compare editions by text.")
    parser.add_argument("--corpus", type=Path, required=True, help="folder with a folder for each book")
    parser.add_argument("--books", nargs="+", default=list(BOOKS), choices=list(BOOKS))
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args(arguments)
    print("| " + " | ".join(HEAD) + " |\n|" + "---|" * len(HEAD), flush=True)
    rows = [
        row(name, label, read(options.corpus, name), min(options.seeds, FEWER_SEEDS.get(name, options.seeds)))
        for name in options.books
        for label in SHARES
    ]
    total, wrong = sum(chapters for _, chapters, _ in rows), sum(misses for _, _, misses in rows)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\nChapters misnamed: {wrong} of {total}. Peak memory with the books: {peak} MB.")
    return 0 if all(is_held for is_held, _, _ in rows) and wrong <= MOST_MISNAMED * total else 1


def read(corpus: Path, name: str) -> list[TextChapter]:
    """Return the chapters of a book that have text."""
    path = corpus / name / f"{name}.{BOOKS[name]}"
    book = read_source(path, path.name)[1].book
    titles = [(chapter.id, chapter.title) for chapter in book.chapters]
    parts = [(key, list(parts)) for key, parts in groupby(parts_of(book), key=lambda part: part.key[0])]
    found = [
        TextChapter(title, tuple(text for part in chapter for text in part.running + part.notes))
        for (_, chapter), (_, title) in zip(parts, titles, strict=True)
    ]
    return [chapter for chapter in found if chapter.blocks]


def row(name: str, label: str, chapters: list[TextChapter], seeds: int) -> tuple[bool, int, int]:
    """Print the row of a book; return whether its words hold, its chapters, and how many of them were misnamed."""
    is_held, count, wrong, seconds = True, 0, 0, 0.0
    added, removed, titled = [], [], []
    for seed in range(seeds):
        made = next_edition(chapters, random.Random(f"{name} {seed}"), SHARES[label])
        start = time.process_time()
        found = compare(made.old, made.new)
        seconds += time.process_time() - start
        is_held = is_held and is_near(found.added, made.added) and is_near(found.removed, made.removed)
        added.append(f"{made.added}, {found.added}")
        removed.append(f"{made.removed}, {found.removed}")
        titled.append("{}, {}".format(*by_title(made)))
        count += len(made.chapters)
        wrong += len(misnamed(made, found))
    cells = [name, label, "; ".join(added), "; ".join(removed), titled[0], str(count), str(wrong)]
    print("| " + " | ".join([*cells, f"{seconds / seeds:.2f}"]) + " |", flush=True)
    return is_held, count, wrong


def by_title(made: MadeEdition) -> tuple[int, int]:
    """Return the words added and removed as a comparison by title has them, which knows only chapters of one name."""
    names, others = {chapter.title for chapter in made.old}, {chapter.title for chapter in made.new}
    return _words(one for one in made.new if one.title not in names), _words(
        one for one in made.old if one.title not in others
    )


def _words(chapters: Iterable[TextChapter]) -> int:
    return sum(len(block.split()) for chapter in chapters for block in chapter.blocks)


if __name__ == "__main__":
    sys.exit(main())

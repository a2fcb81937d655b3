"""Measure whether notes stay on their words when a book gets a new edition.

    python -m bench.anchoring --corpus ../shared/corpus
    python -m bench.anchoring --corpus ../shared/corpus --books flatland --seeds 1

Each run makes 200 notes of 1 to 90 words, fifty edits and a foreword (`tests/conversion/align/edits.py`), and places
the notes by alignment. `random`: edits fall anywhere. `aimed`: on noted words. `global`: besides, every quotation mark
and the commonest name are others. Then three editions in a row, aimed at all notes made so far: each note is placed
from its own edition straight in the newest.

"same" and "other" are notes on the same and on other words, "listed" those that are left to be placed by hand, all in
per cent of the notes that keep half of their words; "edges" are right to the word. Exits with 1 unless each row has
95 % on the same words and at most 1 % on other words.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from conversion.engine.readers import read_source
from conversion.engine.web.text import edition_text, parts_of
from tests.conversion.align.anchoring import LISTED, OTHER, RIGHT, Tally, anchored
from tests.conversion.align.edits import Edition, Note, edition, next_edition, notes

BOOKS = ("pride-and-prejudice", "flatland", "kusamakura-japanese-vertical-writing")
SETS = ("random", "aimed", "global")
NOTES = 200
LEAST_SAME, MOST_OTHER = 95.0, 1.0  # per cent
HEAD = ("set", "notes", "touched", "same", "other", "listed", "edges", "gone: listed, placed", "CPU s a pair")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.anchoring", description="Place notes in new editions.")
    parser.add_argument("--corpus", type=Path, required=True, help="folder with a folder for each book")
    parser.add_argument("--books", nargs="+", default=BOOKS)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args(arguments)
    books = {name: read(options.corpus / name / f"{name}.epub") for name in options.books}
    print("| " + " | ".join(HEAD) + " |\n|" + "---|" * len(HEAD), flush=True)
    rows = [one_set(kind, books, options.seeds) for kind in SETS]
    rows += three_editions(books, options.seeds)
    return 0 if all(rows) else 1


def read(path: Path) -> Edition:
    """Return the text of a book as its first edition."""
    book = read_source(path, path.name)[1].book
    return edition(edition_text(list(parts_of(book))).blocks)


def one_set(kind: str, books: dict[str, Edition], seeds: int) -> bool:
    """Print the row of a set and return whether it holds."""
    tally, timer = Tally(), Timer()
    for name, first in books.items():
        for seed in range(seeds):
            chance = random.Random(f"{name} {kind} {seed}")
            made = notes(first, chance, NOTES)
            place(first, next_edition(first, kind, chance, made), made, tally, timer)
    return row(kind, tally, timer)


def three_editions(books: dict[str, Edition], seeds: int) -> Iterator[bool]:
    """Print a row for notes of each of three editions, placed in the fourth."""
    tallies, timers = [Tally() for _ in range(3)], [Timer() for _ in range(3)]
    for name, first in books.items():
        for seed in range(seeds):
            chance = random.Random(f"{name} editions {seed}")
            editions, made = [first], [notes(first, chance, NOTES)]
            for _ in range(3):
                editions.append(next_edition(editions[-1], "aimed", chance, list(chain(*made))))
                made.append(notes(editions[-1], chance, NOTES))
            for index in range(3):
                place(editions[index], editions[3], made[index], tallies[index], timers[index])
    for index, label in enumerate(("three editions on", "two editions on", "one edition on")):
        yield row(label, tallies[index], timers[index])


class Timer:
    def __init__(self) -> None:
        self.seconds: list[float] = []


def place(old: Edition, new: Edition, made: Sequence[Note], tally: Tally, timer: Timer) -> None:
    start = time.process_time()
    anchors = anchored(old, new, made, tally)
    timer.seconds.append(time.process_time() - start)
    if len(anchors) != len(made):
        sys.exit(f"{len(made)} notes became {len(anchors)}")


def row(label: str, tally: Tally, timer: Timer) -> bool:
    """Print a row and return whether it holds."""
    counts = tally.counts
    same, other, listed = (tally.percent(verdict) for verdict in (RIGHT, OTHER, LISTED))
    cells = [
        label,
        str(counts["notes"]),
        str(counts["touched"]),
        *(f"{share:.1f}" for share in (same, other, listed)),
        f"{100 * counts['edges'] / counts['notes']:.1f}",
        f"{counts['gone_listed']}, {counts['gone_placed']}",
        f"{sum(timer.seconds) / len(timer.seconds):.2f}",
    ]
    print("| " + " | ".join(cells) + " |", flush=True)
    return same >= LEAST_SAME and other <= MOST_OTHER


if __name__ == "__main__":
    sys.exit(main())

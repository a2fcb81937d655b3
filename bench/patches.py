"""Measure whether author's patches survive the next upload of a manuscript.

    python -m bench.patches --corpus ../shared/corpus --seeds 10
    python -m bench.patches --corpus ../shared/corpus --sets second --books flatland poe --seeds 2

Each run makes 100 patches of a book (`tests/conversion/patches/corrections.py`), a third of them on purpose where words
or paragraphs repeat.

second    a second version (`tests/conversion/patches/versions.py`): two chapters moved, paragraphs 2 % gone, 3 %
          rewritten, 20 % edited, 1 % each copied, swapped, split and joined, quotation marks straight in half, and a
          twelfth of the corrections made in the manuscript too. Every word carries its origin.
uploads   three such versions in a row; patches are anchored anew in each
formats   the same book in another format
fixes     all fixes of the engine switched on, in a book that needs them, and off again
engine    another version of the engine, which reads the same book in another way

"wrong" are patches that were applied to other words, or found adopted where the correction is not. Exits with 1 unless
wrong is 0 everywhere, and enough are applied or adopted.
"""

from __future__ import annotations

import argparse
import copy
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from conversion.engine import fixes
from conversion.engine.book.model import Book
from conversion.engine.patches import base_of
from conversion.engine.readers import read_source
from tests.conversion.patches.corrections import Tally, carried, carried_by_context, correct, patches
from tests.conversion.patches.other_readings import another_engine, messy
from tests.conversion.patches.versions import Editor, first_version

BOOKS = {
    "pride": "pride-and-prejudice/pride-and-prejudice.docx",
    "flatland": "flatland/flatland.md",
    "poe": "poe-poetry/poe-poetry.docx",
    "rust": "rust-book/rust-book.md",
    "japanese": "kusamakura-japanese-vertical-writing/kusamakura-japanese-vertical-writing.epub",
    "arabic": "regime-anticancer-arabic/regime-anticancer-arabic.epub",
    "algebra": "linear-algebra/linear-algebra.epub",
    "war": "war-and-peace/war-and-peace.docx",
}
FORMATS = {
    "pride": ("docx", "epub", "txt", "html", "md"),
    "flatland": ("md", "epub", "txt", "html", "writer-libreoffice/flatland.odt", "writer-libreoffice/flatland.docx"),
    "poe": ("docx", "epub", "html", "txt"),
}
NOVELS = ("pride", "flatland", "poe")  # that the other sets are made with
HARDER = frozenset({"japanese", "arabic", "algebra"})
LEAST, LEAST_HARDER = 75.0, 60.0  # per cent applied or adopted in a second version
LEAST_OF_UPLOADS = (75.0, 60.0, 48.0)
LEAST_OF_FORMATS, LEAST_OF_READINGS = 85.0, 90.0
PATCHES = 100
FEWER_SEEDS = {"war": 3}
HEAD = (
    "set",
    "book",
    "patches",
    "applied %",
    "adopted %",
    "wrong",
    "conflicts %",
    "of them words gone %",
    "CPU s a run",
)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.patches", description="Carry patches to new versions.")
    parser.add_argument("--corpus", type=Path, required=True, help="folder with a folder for each book")
    parser.add_argument("--books", nargs="+", default=list(BOOKS), choices=list(BOOKS))
    parser.add_argument("--sets", nargs="+", default=list(SETS), choices=list(SETS))
    parser.add_argument("--seeds", type=int, default=10)
    options = parser.parse_args(arguments)
    print("| " + " | ".join(HEAD) + " |\n|" + "---|" * len(HEAD), flush=True)
    rows = [
        is_held
        for kind in options.sets
        for name in options.books
        if kind == "second" or name in NOVELS
        for is_held in SETS[kind](name, options.corpus, min(options.seeds, FEWER_SEEDS.get(name, options.seeds)))
    ]
    return 0 if all(rows) else 1


def read(path: Path) -> Book:
    return read_source(path, path.name)[1].book


def second_version(name: str, corpus: Path, seeds: int) -> Iterator[bool]:
    """Print the row of a book and yield whether it holds."""
    tally = Tally()
    first = first_version(read(corpus / BOOKS[name]))
    base = base_of(first.book)
    for seed in range(seeds):
        chance = random.Random(f"{name} {seed}")
        made = patches(first, base, chance, PATCHES)
        editor = Editor(first, chance)
        correct(editor, made, base.identity)
        carried(editor.edit(), [base], made, tally)
    yield row("second", name, tally, LEAST_HARDER if name in HARDER else LEAST)


def three_uploads(name: str, corpus: Path, seeds: int) -> Iterator[bool]:
    """Print a row for each of three versions in a row. Patches in conflict are tried again from their own base."""
    first = first_version(read(corpus / BOOKS[name]))
    tallies = [Tally() for _ in LEAST_OF_UPLOADS]
    for seed in range(seeds):
        chance = random.Random(f"{name} uploads {seed}")
        bases = [base_of(first.book)]
        made = patches(first, bases[0], chance, PATCHES)
        version = first
        for tally in tallies:
            editor = Editor(version, chance)
            correct(editor, made, bases[-1].identity)
            version = editor.edit()
            base, made = carried(version, bases, made, tally)
            bases.append(base)
    for number, (tally, least) in enumerate(zip(tallies, LEAST_OF_UPLOADS, strict=True), 1):
        yield row(f"upload {number}", name, tally, least)


def other_formats(name: str, corpus: Path, seeds: int) -> Iterator[bool]:
    """Print a row for each other format of a book."""
    folder = corpus / BOOKS[name].partition("/")[0]
    own, *others = FORMATS[name]
    first = first_version(read(folder / f"{folder.name}.{own}"))
    base = base_of(first.book)
    for other in others:
        path = corpus / other if "/" in other else folder / f"{folder.name}.{other}"
        tally = Tally()
        for seed in range(min(seeds, 2)):
            chance = random.Random(f"{name} {other} {seed}")
            carried_by_context(read(path), base, patches(first, base, chance, PATCHES), tally)
        yield row(f"{own} to {path.suffix[1:]}", name, tally, LEAST_OF_FORMATS)


def fixes_on_and_off(name: str, corpus: Path, seeds: int) -> Iterator[bool]:
    """Print a row for all fixes switched on, and one for off again."""
    book = read(corpus / BOOKS[name])
    messy(book, random.Random(name))
    on, off = Tally(), Tally()
    first = first_version(book)
    base = base_of(book)
    places = 0
    for seed in range(min(seeds, 2)):
        chance = random.Random(f"{name} fixes {seed}")
        fixed = copy.deepcopy(book)
        places = sum(fixes.apply_fixes(fixed, list(fixes.FIXES)).counts.values())
        after, made = carried_by_context(fixed, base, patches(first, base, chance, PATCHES), on)
        carried_by_context(copy.deepcopy(book), after, [one for one in made if one.patch.base == after.identity], off)
    yield row(f"fixes on ({places} places)", name, on, LEAST_OF_READINGS)
    yield row("fixes off again", name, off, LEAST_OF_READINGS)


def another_reading(name: str, corpus: Path, seeds: int) -> Iterator[bool]:
    """Print a row for an engine that reads the same book in another way."""
    first = first_version(read(corpus / BOOKS[name]))
    base = base_of(first.book)
    tally = Tally()
    for seed in range(min(seeds, 2)):
        chance = random.Random(f"{name} engine {seed}")
        made = patches(first, base, chance, PATCHES)
        other = copy.deepcopy(first.book)
        another_engine(other)
        carried_by_context(other, base, made, tally)
    yield row("another engine", name, tally, LEAST_OF_READINGS)


SETS: dict[str, Callable[[str, Path, int], Iterator[bool]]] = {
    "second": second_version,
    "uploads": three_uploads,
    "formats": other_formats,
    "fixes": fixes_on_and_off,
    "engine": another_reading,
}


def row(kind: str, name: str, tally: Tally, least: float) -> bool:
    """Print a row and return whether it holds."""
    counts = tally.counts
    gone = 100 * counts["gone"] / max(1, counts["conflict"])
    cells = [
        kind,
        name,
        str(counts["patches"]),
        *(f"{tally.percent(each):.1f}" for each in ("applied", "adopted")),
        str(counts["wrong"]),
        f"{tally.percent('conflict'):.1f}",
        f"{gone:.0f}",
        f"{sum(tally.seconds) / len(tally.seconds):.2f}",
    ]
    print("| " + " | ".join(cells) + " |", flush=True)
    return counts["wrong"] == 0 and tally.fitting >= least


if __name__ == "__main__":
    sys.exit(main())

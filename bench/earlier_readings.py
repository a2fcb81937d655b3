"""Measure what becomes of patches and readers' notes that were made when an earlier engine read the book.

    git worktree add /tmp/earlier 8eb9b8d3
    python -m bench.earlier_readings --corpus ../shared/corpus --earlier /tmp/earlier

The earlier engine reads five books in a process of its own; today's rules of patches make a base of its reading and
corrections in it (`tests/conversion/patches/corrections.py`), and notes of 1 to 90 words in its edition's text. Today's
engine then reads the same files, applies the patches and places the notes. The manuscript is the same, so nothing is
gone from it but what one of the two readings left out.

A patch or note is wrong where the words around it are others, lost where nothing is said about it. Exits with 1 unless
both are 0.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path

from conversion.engine.align import Placer, Position, align
from conversion.engine.book.model import Book
from conversion.engine.patches import Base, base_of, patch_from_json, patch_to_json
from conversion.engine.readers import read_source
from conversion.engine.web.text import edition_text, parts_of
from tests.conversion.align.edits import edition, notes
from tests.conversion.patches.corrections import HALF, Made, Tally, carried_by_context, patches
from tests.conversion.patches.versions import first_version

BOOKS = {
    "pride": "pride-and-prejudice/pride-and-prejudice.docx",
    "flatland": "flatland/flatland.md",
    "poe": "poe-poetry/poe-poetry.docx",
    "rust": "rust-book/rust-book.md",
    "japanese": "kusamakura-japanese-vertical-writing/kusamakura-japanese-vertical-writing.epub",
}
PATCHES, NOTES = 300, 300
# Of today's tree: the rules of patches, whose stored form the earlier ones did not have, and what makes the examples.
_OF_TODAY = (
    "conversion/engine/patches",
    "conversion/engine/align",
    "tests/conversion/patches",
    "tests/conversion/align",
)
_HEAD = ("book", "blocks then, now", "patches: applied", "adopted", "conflict", "wrong", "lost")
_NOTES_HEAD = ("notes: same words", "near", "unplaced", "wrong", "lost")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.earlier_readings", description="Carry what older ones read.")
    parser.add_argument("--corpus", type=Path, required=True, help="folder with a folder for each book")
    parser.add_argument("--earlier", type=Path, help="a checkout of an earlier commit")
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.write:
        for name, path in BOOKS.items():
            (options.write / f"{name}.json").write_text(json.dumps(made_now(name, options.corpus / path)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        read_by_earlier(options.earlier, options.corpus, Path(folder))
        print("| " + " | ".join((*_HEAD, *_NOTES_HEAD)) + " |")
        print("|" + "---|" * len((*_HEAD, *_NOTES_HEAD)), flush=True)
        rows = [row(name, options.corpus / path, Path(folder)) for name, path in BOOKS.items()]
    return 0 if all(rows) else 1


def read_by_earlier(earlier: Path, corpus: Path, folder: Path) -> None:
    """Have the earlier engine read the books, with today's patches over its tree."""
    tree = folder / "tree"
    for part in ("conversion", "tests/conversion", "bench"):
        shutil.copytree(earlier / part, tree / part)
    (tree / "tests" / "__init__.py").touch()
    project = Path(__file__).resolve().parents[1]
    for part in _OF_TODAY:
        shutil.rmtree(tree / part)
        shutil.copytree(project / part, tree / part)
    shutil.copy(__file__, tree / "bench")
    command = [sys.executable, "-P", "-m", "bench.earlier_readings", "--corpus", str(corpus), "--write", str(folder)]
    subprocess.run(command, check=True, cwd=tree, env=dict(os.environ, PYTHONPATH=str(tree)))


def read(path: Path) -> Book:
    return read_source(path, path.name)[1].book


def made_now(name: str, path: Path) -> dict[str, object]:
    """Return patches with their base, and notes with their text, of a book as this engine reads it."""
    book = read(path)
    first, base = first_version(book), base_of(book)
    made = patches(first, base, random.Random(f"{name} patches"), PATCHES)
    text = edition(edition_text(list(parts_of(book))).blocks)
    noted = notes(text, random.Random(f"{name} notes"), NOTES)
    return {
        "base": base.to_bytes().hex(),
        "patches": [patch_to_json(one.patch) for one in made],
        "texts": text.texts(),
        "notes": [[*note.start, *note.end] for note in noted],
    }


def row(name: str, path: Path, folder: Path) -> bool:
    """Print the row of a book and return whether nothing is wrong or lost."""
    stored = json.loads((folder / f"{name}.json").read_text())
    base = Base.from_bytes(bytes.fromhex(stored["base"]))
    if base is None:
        sys.exit("the stored base cannot be read")
    tally = Tally()
    made = [Made(patch_from_json(one), [], (0, 0)) for one in stored["patches"]]
    after, _ = carried_by_context(read(path), base, made, tally)
    counts = tally.counts
    told = sum(counts[state] for state in ("applied", "adopted", "conflict"))
    noted = placed_notes(stored["texts"], edition_text(list(parts_of(read(path)))).texts(), stored["notes"])
    cells = [
        name,
        f"{len(base.blocks)}, {len(after.blocks)}",
        *(str(counts[state]) for state in ("applied", "adopted", "conflict", "wrong")),
        str(len(made) - told),
        *(str(noted[verdict]) for verdict in ("same", "near", "unplaced", "wrong")),
        str(len(stored["notes"]) - noted.total()),
    ]
    print("| " + " | ".join(cells) + " |", flush=True)
    return counts["wrong"] == noted["wrong"] == 0 and told == len(made) and noted.total() == len(stored["notes"])


def placed_notes(before: list[str], now: list[str], stored: list[list[int]]) -> Counter[str]:
    """Place notes and count them: on the same words, on words much like them, on others, or unplaced."""
    placer = Placer(align(before, now), before, now)
    found: Counter[str] = Counter()
    for block, offset, last, end in stored:
        anchor = placer.place(Position(block, offset), Position(last, end))
        if anchor.start is None or anchor.end is None:
            found["unplaced"] += 1
            continue
        old = _words(before, (block, offset), (last, end))
        new = _words(now, anchor.start, anchor.end)
        is_here = _alike(_around(before, (block, offset), (last, end)), _around(now, anchor.start, anchor.end))
        found["wrong" if not is_here or not _alike(old, new) else "same" if old == new else "near"] += 1
    return found


def _words(texts: list[str], start: Sequence[int], end: Sequence[int]) -> list[str]:
    inside = [texts[block] for block in range(start[0], end[0] + 1)]
    inside[-1] = inside[-1][: end[1]]
    inside[0] = inside[0][start[1] :]
    return _divided(inside)


def _around(texts: list[str], start: Sequence[int], end: Sequence[int]) -> list[str]:
    before = _divided([*texts[max(0, start[0] - HALF) : start[0]], texts[start[0]][: start[1]]])
    after = _divided([texts[end[0]][end[1] :], *texts[end[0] + 1 : end[0] + HALF]])
    return [*before[-HALF:], *after[:HALF]]


def _divided(texts: list[str]) -> list[str]:
    """Words without marks; letters where a script has no spaces."""
    words = ["".join(char for char in word if char.isalnum()) for text in texts for word in text.split()]
    return [part for word in words if word for part in (word if not word.isascii() and len(word) > 30 else [word])]


def _alike(one: list[str], other: list[str]) -> bool:
    return not one or SequenceMatcher(None, one, other, autojunk=False).ratio() >= 0.5


if __name__ == "__main__":
    sys.exit(main())

"""Converts a book with each odd character in each field, and looks into every file.

    python -m bench.odd_characters                 all characters, all fields
    python -m bench.odd_characters quote tag       just these characters

A row for each character. First it stands in every field at once, and every file is made: EPUBs are held against
EPUBCheck. Then it stands in one field after the other, and all files but PDFs and what comes of them are made.
A cell says "ok" or how many faults there are; they are listed below the row.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.epubcheck_all import Outcome, hold
from tests.properties import odd

_QUICK = ("web", "sample", "epub", "kepub", "kindle", "text", "markdown")
_EPUBS = ("book.epub", "sample.epub", "book.kepub.epub", "book-kindle.epub")


def examine(character: str, fields: tuple[str, ...], formats: tuple[str, ...], *, is_held: bool) -> list[str]:
    """The faults of one book."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            result = odd.made(folder, character, fields, formats)
        except Exception as error:
            return [f"failed: {type(error).__name__}: {error}"]
        found = list(odd.faults(folder, result, character, fields))
        if is_held:
            found += [fault for epub in _EPUBS for fault in _held(folder / "out" / epub)]
    return found


def _held(epub: Path) -> Iterator[str]:
    outcome = Outcome(epub.name)
    hold(epub, outcome)
    yield from (f"{epub.name}: {message.strip()}" for message in outcome.messages)


def main() -> int:
    names = sys.argv[1:] or list(odd.ODD)
    print(f"{'character':<14} {'all files':>9} " + " ".join(f"{field[:9]:>9}" for field in odd.FIELDS), flush=True)
    bad = books = 0
    for name in names:
        character = odd.ODD[name]
        rows = [examine(character, odd.FIELDS, odd.FORMATS, is_held=True)]
        rows += [examine(character, (field,), _QUICK, is_held=False) for field in odd.FIELDS]
        cells = [f"{len(found) or 'ok':>9}" for found in rows]
        print(
            f"{name:<14} {' '.join(cells)}",
            *(f"    {fault}" for found in rows for fault in found),
            sep="\n",
            flush=True,
        )
        books += len(rows)
        bad += sum(map(bool, rows))
    print(f"{books} books of {len(names)} characters in {len(odd.FIELDS)} fields; {bad} with faults")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

"""Converts a book with each odd character in each field, and looks into every file.

    python -m bench.odd_characters                 all characters, all fields
    python -m bench.odd_characters quote tag       just these characters

A row for each character: it stands in every field at once, and every file is made; EPUBs are held against EPUBCheck.
Where there are faults it then stands in one field after the other, to tell which one it is, and all files but PDFs and
what comes of them are made. Says "ok" or how many faults there are; they are listed below the row.
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
    bad = 0
    for name in names:
        faults = examine(odd.ODD[name], odd.FIELDS, odd.FORMATS, is_held=True)
        print(f"{name:<14} {len(faults) or 'ok'}", *(f"    {fault}" for fault in faults), sep="\n", flush=True)
        if faults:
            _narrow(odd.ODD[name])
        bad += bool(faults)
    print(f"{len(names)} characters in {len(odd.FIELDS)} fields each: {bad} with faults")
    return 1 if bad else 0


def _narrow(character: str) -> None:
    for field in odd.FIELDS:
        faults = examine(character, (field,), _QUICK, is_held=False)
        print(*(f"    in {field}: {fault}" for fault in faults), sep="\n", end="", flush=True)


if __name__ == "__main__":
    sys.exit(main())

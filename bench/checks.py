"""Times the checks and lists what they remark, to look for false alarms.

    python -m bench.checks --corpus                    every readable file of ../shared/corpus and of demo/books
    python -m bench.checks book.docx --examples 10     one file, with more examples of each code
    python -m bench.checks book.docx --times           CPU seconds of each check

Times are CPU seconds, the best of five runs, with the one walk over the Book ("look") first.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from conversion.engine import checks
from conversion.engine.book.model import Book
from conversion.engine.errors import ConversionError
from conversion.engine.findings.model import Finding
from conversion.engine.readers import read_source

PROJECT = Path(__file__).resolve().parent.parent
CORPUS = PROJECT.parent / "shared" / "corpus"
SUFFIXES = {".docx", ".odt", ".epub", ".html", ".md", ".txt"}
RUNS = 5


def best_s(work: Callable[[], object]) -> float:
    """The least CPU seconds of several runs."""
    times = []
    for _ in range(RUNS):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times)


def files(chosen: list[Path], *, corpus: bool) -> list[Path]:
    """The files to look at: smaller ones of the corpus are features of formats and hold little text."""
    if not corpus:
        return chosen
    found = [*CORPUS.rglob("*"), *(PROJECT / "demo" / "books").iterdir()]
    return chosen + sorted(path for path in found if path.suffix in SUFFIXES and path.is_file())


def tell(path: Path, book: Book, from_reader: list[Finding], examples: int) -> Counter[str]:
    """Print the remarks on a book, each code with its first examples."""
    looked = checks.look(book)
    seconds = best_s(lambda: checks.of_book(checks.look(book)))
    found = checks.of_book(looked)
    print(f"\n== {path.name}: {looked.words} words, {len(book.chapters)} chapters, {seconds:.3f} s")
    if from_reader:
        print("   told by the reader:", ", ".join(sorted({finding.code for finding in from_reader})))
    by_code: dict[str, list[Finding]] = {}
    for finding in found:
        by_code.setdefault(finding.code, []).append(finding)
    for code, same in by_code.items():
        print(f"   {same[0].severity:8} {code} x{len(same)}")
        for finding in same[:examples]:
            facts = " ".join(f"{name}={value}" for name, value in finding.facts.items())
            print(f"            [{finding.chapter[:30]}] {facts} | {finding.quote}")
    return Counter({code: len(same) for code, same in by_code.items()})


def tell_times(book: Book) -> None:
    """Print what each check costs on a book that was looked at but whose words were not counted yet."""
    print(f"look {best_s(lambda: checks.look(book)):.4f}")
    looked = checks.look(book)
    for family, members in checks.FAMILIES.items():
        for check in members:
            started = time.process_time()
            list(check(looked))
            first = time.process_time() - started
            again = best_s(lambda check=check: list(check(looked)))  # type: ignore[misc]
            print(f"{first:.4f} first, {again:.4f} again  {family}: {check.__name__}")
    print(f"all with look {best_s(lambda: checks.of_book(checks.look(book))):.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path, nargs="*")
    parser.add_argument("--corpus", action="store_true", help="every file of the corpus and of the demonstration")
    parser.add_argument("--examples", type=int, default=3, metavar="N", help="examples printed of each code")
    parser.add_argument("--times", action="store_true", help="what each check costs")
    options = parser.parse_args()
    gc.set_threshold(50_000, 20, 50)  # as the converter's child has it
    total: Counter[str] = Counter()
    for path in files(options.file, corpus=options.corpus):
        try:
            reading = read_source(path, path.name)[1]
        except ConversionError as error:
            print(f"\n== {path.name}: refused, {error.code}", file=sys.stderr)
            continue
        if options.times:
            tell_times(reading.book)
        else:
            total += tell(path, reading.book, reading.findings, options.examples)
    if len(total) > 1:
        print("\n== in all")
        for code, count in sorted(total.items()):
            print(f"   {count:5} {code}")


if __name__ == "__main__":
    main()

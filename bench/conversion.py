"""Times the stages of a conversion, each on its own: read, EPUB, web chapters, sample, PDFs.

    python bench/conversion.py book.docx
    python bench/conversion.py book.docx --targets phone print --jobs 2 --repeat 5

Times are CPU seconds of this process and its children, the best of the repeats (PDFs are made once), with wall time
beside them.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from conversion.engine import epub, web  # noqa: E402
from conversion.engine.book import sample  # noqa: E402
from conversion.engine.book.model import Book  # noqa: E402
from conversion.engine.markup import word_count  # noqa: E402
from conversion.engine.readers import read_source  # noqa: E402
from conversion.engine.targets import TARGETS  # noqa: E402

MODIFIED = "2020-01-01T00:00:00Z"


def cpu_s() -> float:
    """Return the CPU seconds of this process and its finished children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def measure(name: str, stage: Callable[[], object], repeat: int) -> None:
    """Print the best time of a stage."""
    best: tuple[float, float] | None = None
    for _ in range(repeat):
        cpu, wall = cpu_s(), time.perf_counter()
        stage()
        taken = (cpu_s() - cpu, time.perf_counter() - wall)
        best = taken if best is None else min(best, taken)
    if best is not None:
        print(f"{name:<28} {best[0]:8.3f} s CPU {best[1]:8.3f} s wall", flush=True)


def make_pdfs(book: Book, names: list[str], jobs: int, folder: Path) -> None:
    """Write the PDFs, telling of each when it is ready."""
    from conversion.engine.pdf import write_pdfs

    started = time.perf_counter()
    targets = [TARGETS[name] for name in names]
    for target, path, pages in write_pdfs(book, targets, folder, jobs=jobs, cover=None):
        kilobytes = path.stat().st_size / 1000
        print(f"  {target.name:<26} {pages:6} pages {kilobytes:9.1f} kB after {time.perf_counter() - started:6.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--targets", nargs="*", default=["phone", "ereader", "tablet", "print"], choices=list(TARGETS))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    file: Path = arguments.file
    book = read_source(file, file.name)[1].book
    words = sum(map(word_count, book.chapters))
    print(f"{file.name}: {words} words in {len(book.chapters)} chapters")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measure("read", lambda: read_source(file, file.name), arguments.repeat)
        measure(
            "epub",
            lambda: epub.write_epub(book, folder / "book.epub", cover=None, modified=MODIFIED),
            arguments.repeat,
        )
        measure("web", lambda: web.write_web(book, folder / "web.zip"), arguments.repeat)
        measure("sample", lambda: sample.take(book, 1000), arguments.repeat)
        if arguments.targets:
            measure("pdf", lambda: make_pdfs(book, arguments.targets, arguments.jobs, folder), 1)
    peaks = [resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(f"peak memory: {peaks[0]} MB here, {peaks[1]} MB in the largest child")


if __name__ == "__main__":
    main()

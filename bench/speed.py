"""Measure time and memory of conversions, ours and the peers', on the same files in the same run.

    python -m bench.speed --corpus ../shared/corpus             ours
    python -m bench.speed --corpus ../shared/corpus --peers     and pandoc, calibre, Chromium, WeasyPrint
    python -m bench.speed --corpus DIR --only novel-epub --repeat 9

CPU seconds are user and system time of all processes; memory is the peak of all processes together. Each figure is the
median of `--repeat` runs (half as many for peers and PDFs, one for PDFs of peers). "warm" is a conversion as a worker
runs it, "process" is `manage.py convert` from start to end. Ratios compare CPU seconds with our whole process. Exits
with 1 when a run failed. Peers that are not installed are skipped and named.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench import speed_ours, speed_peers
from bench.speed_measure import Cost, Failed, median, repeated

_NOVEL, _HUGE = "pride-and-prejudice/pride-and-prejudice.docx", "war-and-peace/war-and-peace.docx"


@dataclass
class Bench:
    """The requested options and the results."""

    corpus: Path
    folder: Path
    repeat: int
    peers: frozenset[str]
    failures: list[str] = field(default_factory=list)
    _ours: dict[str, float] = field(default_factory=dict)

    def add(self, case: str, by: str, measure: Callable[[], tuple[Cost, str] | Cost]) -> None:
        """Print one line of the table, or note why there is none."""
        try:
            found = measure()
        except Failed as failure:
            self.failures.append(f"{case}, {by}: {failure}")
            return
        cost, note = found if isinstance(found, tuple) else (found, "")
        if by == "process":
            self._ours[case] = cost.cpu_s
        ratio = f"{cost.cpu_s / self._ours[case]:.1f}" if case in self._ours else ""
        figures = f"{cost.cpu_s:.2f} | {cost.wall_s:.2f} | {cost.peak_mb:.0f} | {ratio}"
        print(f"| {case} | {by} | {figures} | {note} |", flush=True)

    def file(self, name: str) -> Path:
        return (self.corpus / name).resolve()

    @property
    def half(self) -> int:
        """Return the number of repetitions for slow cases."""
        return max(1, self.repeat // 2)


def novel_epub(bench: Bench) -> None:
    """Convert the novel to EPUB."""
    _epub(bench, "novel-epub", bench.file(_NOVEL))


def huge_epub(bench: Bench) -> None:
    """Convert the huge book to EPUB."""
    _epub(bench, "huge-epub", bench.file(_HUGE))


def _epub(bench: Bench, case: str, source: Path) -> None:
    out, formats = bench.folder / case, ("epub",)
    bench.add(case, "warm", lambda: median(speed_ours.by_server(source, formats, bench.repeat)["costs"]))
    bench.add(case, "process", lambda: repeated(bench.repeat, lambda: speed_ours.by_process(source, out, formats)))
    for peer in sorted(bench.peers & {"pandoc", "calibre"}):
        bench.add(case, peer, lambda: repeated(bench.half, lambda: speed_peers.epub_by(peer, source, bench.folder)))  # noqa: B023


def novel_pdfs(bench: Bench) -> None:
    """Convert the novel to four PDFs: phone, ereader, tablet, print."""
    case, source, out = "novel-pdfs", bench.file(_NOVEL), bench.folder / "novel-pdfs"
    bench.add(case, "warm", lambda: median(speed_ours.by_server(source, ("pdf",), bench.half)["costs"]))
    bench.add(case, "process", lambda: repeated(bench.half, lambda: speed_ours.by_process(source, out, ("pdf",))))
    for peer in sorted(bench.peers & {"calibre", "chromium", "weasyprint"}):
        bench.add(case, peer, lambda: speed_peers.pdfs_by(peer, source, bench.folder))  # noqa: B023


def edited(bench: Bench) -> None:
    """Edit one chapter of the novel, and make everything again with the cache."""
    case, source, changed = "edited", bench.file(_NOVEL), bench.folder / "edited.docx"
    speed_ours.edit(source, changed)
    everything = speed_ours.EVERYTHING
    bench.add(case, "without cache", lambda: speed_ours.by_process(changed, bench.folder / "plain", everything))
    bench.add(case, "process", lambda: repeated(bench.repeat, lambda: _edited_once(bench, source, changed)))
    bench.add(case, "warm", lambda: repeated(bench.repeat, lambda: _edited_warm(bench, source, changed)))


def _edited_once(bench: Bench, source: Path, changed: Path) -> Cost:
    """Convert the edited book with a cache filled by the unedited one."""
    cache = Path(tempfile.mkdtemp(dir=bench.folder))
    speed_ours.by_process(source, bench.folder / "first", speed_ours.EVERYTHING, "--cache", cache)
    return speed_ours.by_process(changed, bench.folder / "edited", speed_ours.EVERYTHING, "--cache", cache)


def _edited_warm(bench: Bench, source: Path, changed: Path) -> Cost:
    """Convert the edited book the same way on a warm server."""
    cache = Path(tempfile.mkdtemp(dir=bench.folder))
    return speed_ours.by_server(source, speed_ours.EVERYTHING, 1, cache=cache, then=changed)["costs"][0]


def first_chapter(bench: Bench) -> None:
    """Convert the novel to all formats, and measure the seconds until the first chapters can be read."""

    def measure() -> tuple[Cost, str]:
        told = speed_ours.by_server(bench.file(_NOVEL), speed_ours.EVERYTHING, bench.half)
        return median(told["costs"]), f"readable after {statistics.median(told['web_s']):.2f} s"

    bench.add("first-chapter", "warm", measure)


CASES: dict[str, Callable[[Bench], None]] = {
    "novel-epub": novel_epub,
    "huge-epub": huge_epub,
    "novel-pdfs": novel_pdfs,
    "edited": edited,
    "first-chapter": first_chapter,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, help="folder with the novel and the huge book")
    parser.add_argument("--peers", action="store_true", help="also measure the peers")
    parser.add_argument("--only", choices=tuple(CASES), action="append", help="only this case; can be repeated")
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    versions = speed_peers.versions() if options.peers else {}
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", *map(" ".join, versions.items()), sep=", ")
    print("\n| case | by | CPU s | wall s | peak MB | times ours | |\n|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(prefix="speed-") as name:
        bench = Bench(options.corpus, Path(name), max(1, options.repeat), frozenset(versions))
        for case in options.only or CASES:
            CASES[case](bench)
    print(*bench.failures, sep="\n")
    return 1 if bench.failures else 0


if __name__ == "__main__":
    sys.exit(main())

"""Time and memory of conversions, ours beside the peers', on the same files in the same run.

    python -m bench.speed --corpus ../shared/corpus             ours
    python -m bench.speed --corpus ../shared/corpus --peers     and pandoc, calibre, Chromium, WeasyPrint
    python -m bench.speed --setup                               install calibre first (apt-get, root)
    python -m bench.speed --corpus DIR --only novel-epub --repeat 9 --json speed.json

Cases: novel-epub, huge-epub, novel-pdfs, edited, first-chapter, equal-bytes. CPU seconds are user and system time of
all processes, memory is the peak of all processes together; each figure is the median of `--repeat` runs (half as many
for peers and PDFs, one for PDFs of peers). "warm" is a conversion as a worker runs it, "process" is `manage.py convert`
from start to end. Ratios are CPU seconds against our whole process. Leaves with 1 when a run failed or bytes differ.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench import speed_ours, speed_peers
from bench.speed_measure import Cost, Failed, median, repeated

_NOVEL, _HUGE = "pride-and-prejudice/pride-and-prejudice.docx", "war-and-peace/war-and-peace.docx"


@dataclass
class Row:
    case: str
    by: str
    cost: Cost
    note: str = ""


@dataclass
class Bench:
    """What is asked for, and what was found."""

    corpus: Path
    folder: Path
    repeat: int
    has_peers: bool
    rows: list[Row] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def add(self, case: str, by: str, measure: Callable[[], tuple[Cost, str] | Cost]) -> None:
        """Take one figure into the table, or the reason why there is none."""
        try:
            found = measure()
        except Failed as failure:
            self.failures.append(f"{case}, {by}: {failure}")
            return
        cost, note = found if isinstance(found, tuple) else (found, "")
        self.rows.append(Row(case, by, cost, note))
        print(
            f"{case:<14} {by:<14} {cost.cpu_s:8.2f} s CPU {cost.wall_s:8.2f} s {cost.peak_mb:6.0f} MB  {note}",
            flush=True,
        )

    def file(self, name: str) -> Path:
        return (self.corpus / name).resolve()


# ---------------------------------------------------------------- cases


def novel_epub(bench: Bench) -> None:
    """The novel as EPUB."""
    _epub(bench, "novel-epub", bench.file(_NOVEL))


def huge_epub(bench: Bench) -> None:
    """The huge book as EPUB."""
    _epub(bench, "huge-epub", bench.file(_HUGE))


def _epub(bench: Bench, case: str, source: Path) -> None:
    out = bench.folder / case
    formats = ("epub",)
    bench.add(case, "warm", lambda: median(speed_ours.by_server(source, formats, bench.repeat)["costs"]))
    bench.add(case, "process", lambda: repeated(bench.repeat, lambda: speed_ours.by_process(source, out, formats)))
    for peer in ("pandoc", "calibre") if bench.has_peers else ():
        times = max(1, bench.repeat // 2)
        bench.add(case, peer, lambda: repeated(times, lambda: speed_peers.epub_by(peer, source, bench.folder)))  # noqa: B023


def novel_pdfs(bench: Bench) -> None:
    """The novel as four PDFs: phone, ereader, tablet, print."""
    case, source, out = "novel-pdfs", bench.file(_NOVEL), bench.folder / "novel-pdfs"
    times = max(1, bench.repeat // 2)
    bench.add(case, "warm", lambda: median(speed_ours.by_server(source, ("pdf",), times)["costs"]))
    bench.add(case, "process", lambda: repeated(times, lambda: speed_ours.by_process(source, out, ("pdf",))))
    for peer in ("calibre", "chromium", "weasyprint") if bench.has_peers else ():
        bench.add(case, peer, lambda: speed_peers.pdfs_by(peer, source, bench.folder))  # noqa: B023


def edited(bench: Bench) -> None:
    """One chapter of the novel edited, and everything made again with what the cache holds."""
    case, source = "edited", bench.file(_NOVEL)
    changed = bench.folder / "edited.docx"
    speed_ours.edited(source, changed)
    everything = speed_ours.EVERYTHING
    bench.add(case, "without cache", lambda: speed_ours.by_process(changed, bench.folder / "plain", everything))
    bench.add(case, "process", lambda: _edited_once(bench, source, changed))
    bench.add(case, "warm", lambda: _edited_warm(bench, source, changed))
    plain, again = (speed_ours.digests(bench.folder / name) for name in ("plain", "edited"))
    if plain != again:
        bench.failures.append(f"{case}: the cache changed the bytes of {_different(plain, again)}")


def _edited_once(bench: Bench, source: Path, changed: Path) -> tuple[Cost, str]:
    """Runs on caches that the unedited book filled, one for each; with the hits of the last."""
    costs: list[Cost] = []
    note = ""
    for number in range(bench.repeat):
        cache = bench.folder / f"cache-{number}"
        speed_ours.by_process(source, bench.folder / "first", speed_ours.EVERYTHING, "--cache", cache)
        for path in cache.iterdir():
            os.utime(path, (1, 1))
        before = {path.name for path in cache.iterdir()}
        out = bench.folder / "edited"
        costs.append(speed_ours.by_process(changed, out, speed_ours.EVERYTHING, "--cache", cache))
        found = [path for path in cache.iterdir() if path.name in before and path.stat().st_mtime > 1]
        made = {path.name for path in cache.iterdir()} - before
        note = f"{len(found)} of {len(found) + len(made)} parts found"
    return median(costs), note


def _edited_warm(bench: Bench, source: Path, changed: Path) -> tuple[Cost, str]:
    """The edited book on a warm server, after the unedited one has filled a cache; a cache and a server for each."""
    costs: list[Cost] = []
    for number in range(bench.repeat):
        cache = bench.folder / f"warm-cache-{number}"
        cache.mkdir()
        told = speed_ours.by_server(source, speed_ours.EVERYTHING, 1, cache=cache, then=changed)
        costs += told["costs"]
    return median(costs), ""


def first_chapter(bench: Bench) -> None:
    """The novel, everything: seconds until the first chapters can be read."""

    def measure() -> tuple[Cost, str]:
        told = speed_ours.by_server(bench.file(_NOVEL), speed_ours.EVERYTHING, max(1, bench.repeat // 2))
        return median(told["costs"]), f"readable after {statistics.median(told['web_s']):.2f} s"

    bench.add("first-chapter", "warm", measure)


def equal_bytes(bench: Bench) -> None:
    """Two runs, one with a single process for pages and one with two."""
    found = []
    for jobs in ("1", "2"):
        out = bench.folder / f"run-{jobs}"
        speed_ours.by_process(bench.file(_NOVEL), out, speed_ours.EVERYTHING, "--jobs", jobs)
        found.append(speed_ours.digests(out))
    if found[0] == found[1]:
        print(f"equal-bytes    {len(found[0])} files of two runs are the same", flush=True)
    else:
        bench.failures.append(f"equal-bytes: {_different(*found)} differ")


def _different(one: dict[str, str], other: dict[str, str]) -> str:
    return ", ".join(sorted(name for name in one | other if one.get(name) != other.get(name)))


CASES: dict[str, Callable[[Bench], None]] = {
    "novel-epub": novel_epub,
    "huge-epub": huge_epub,
    "novel-pdfs": novel_pdfs,
    "edited": edited,
    "first-chapter": first_chapter,
    "equal-bytes": equal_bytes,
}

# ---------------------------------------------------------------- the table


def table(rows: list[Row]) -> str:
    """The figures as Markdown, with ratios of CPU seconds against our whole process."""
    lines = ["| case | by | CPU s | wall s | peak MB | times ours | |", "|---|---|---|---|---|---|---|"]
    for row in rows:
        ours = next((one.cost.cpu_s for one in rows if one.case == row.case and one.by == "process"), 0.0)
        ratio = f"{row.cost.cpu_s / ours:.1f}" if ours else ""
        cost = row.cost
        figures = f"{cost.cpu_s:.2f} | {cost.wall_s:.2f} | {cost.peak_mb:.0f} | {ratio}"
        lines.append(f"| {row.case} | {row.by} | {figures} | {row.note} |")
    return "\n".join(lines)


def about() -> dict[str, Any]:
    """The machine and the programs, since figures without them say little."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        "",
    )
    return {
        "processor": model,
        "processors": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": sys.version.split()[0],
        **speed_peers.versions(),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--corpus", type=Path, help="folder with the novel and the huge book")
    parser.add_argument("--peers", action="store_true", help="measure the peers too")
    parser.add_argument("--setup", action="store_true", help="install calibre with apt-get, as root")
    parser.add_argument("--only", choices=tuple(CASES), action="append", help="one case; may be given several times")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    if options.setup:
        speed_peers.setup()
    if options.corpus is None:
        return 0 if options.setup else parser.error("--corpus is missing")
    if options.peers and (lacking := speed_peers.missing()):
        parser.error(f"{', '.join(lacking)} cannot be found; --setup installs calibre")
    with tempfile.TemporaryDirectory(prefix="speed-") as name:
        bench = Bench(options.corpus, Path(name), max(1, options.repeat), options.peers)
        before = about()
        for case in options.only or CASES:
            CASES[case](bench)
    print(f"\n{table(bench.rows)}\n\n{', '.join(f'{key} {value}' for key, value in before.items())}")
    print(*bench.failures, sep="\n")
    if options.json:
        found = [{"case": row.case, "by": row.by, **asdict(row.cost), "note": row.note} for row in bench.rows]
        options.json.write_text(
            json.dumps({"about": before, "rows": found, "failures": bench.failures}, indent=1) + "\n"
        )
    return 1 if bench.failures else 0


if __name__ == "__main__":
    sys.exit(main())

"""Sets the same manuscripts with the prose engine and with WeasyPrint alone, and prints what each costs and makes.

    python -m bench.setting ../shared/corpus/pride-and-prejudice/pride-and-prejudice.docx
    python -m bench.setting --targets phone,print book.docx other.epub

One process each, one after the other: seconds of processor time for setting and joining, without reading the
manuscript; the most memory; pages; and how many of a target's pages begin with the same words in both.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

_ENGINES = {"prose": True, "weasyprint": False}
_COMPARED_LETTERS = 24


@dataclass(frozen=True, slots=True)
class Measured:
    """What one engine took. `pages` by target; `heads` are the first letters of the pages of facing targets."""

    cpu_s: float
    peak_mb: int
    pages: dict[str, int]
    heads: dict[str, list[str]]


def set_once(source: Path, targets: Sequence[str], *, is_prose_ours: bool) -> Measured:
    """Read a manuscript and set it in this process and its helpers."""
    from functools import partial

    from conversion.engine import pdf
    from conversion.engine.epub.printed_pages import letters_of
    from conversion.engine.pdf.heads import PageHead
    from conversion.engine.pdf.press import Press
    from conversion.engine.readers import read_source
    from conversion.engine.targets import TARGETS

    book = read_source(source, source.name)[1].book
    pdf.Press = partial(Press, is_prose_ours=is_prose_ours)  # type: ignore[attr-defined, assignment]
    heads: dict[str, list[PageHead]] = {}
    before = _cpu_s()
    with tempfile.TemporaryDirectory() as folder:
        wanted = [TARGETS[name] for name in targets]
        made = pdf.write_pdfs(book, wanted, Path(folder), jobs=1, cover=None, heads=heads)
        pages = {target.name: count for target, _, count in made}
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    texts = {name: [letters_of(page.text)[:_COMPARED_LETTERS] for page in found] for name, found in heads.items()}
    return Measured(_cpu_s() - before, peak >> 10, pages, texts)


def _cpu_s() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def measure(source: Path, targets: Sequence[str], engine: str) -> Measured:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "bench.setting", str(source), "--targets", ",".join(targets), "--engine", engine]
    done = subprocess.run(command, cwd=PROJECT, env=os.environ, stdout=subprocess.PIPE, check=True)
    return Measured(**json.loads(done.stdout))


def tell(source: Path, targets: Sequence[str]) -> None:
    """Print one manuscript's rows."""
    ours, theirs = (measure(source, targets, engine) for engine in _ENGINES)
    for name, found in (("prose engine", ours), ("WeasyPrint", theirs)):
        pages = ", ".join(f"{target} {count}" for target, count in found.pages.items())
        print(f"| {source.name} | {name} | {found.cpu_s:.2f} | {found.peak_mb} | {pages} |", flush=True)
    print(f"| | {theirs.cpu_s / ours.cpu_s:.1f} times faster | | | {_alike(ours, theirs)} |")


def _alike(ours: Measured, theirs: Measured) -> str:
    """How many pages of the targets with a page list begin with the same words."""
    told = []
    for target, heads in ours.heads.items():
        if heads:
            known = set(theirs.heads[target])
            told.append(f"{target}: {sum(head in known for head in heads)} of {len(heads)} pages begin alike")
    return ", ".join(told)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--targets", default="phone,ereader,tablet,print")
    parser.add_argument("--engine", choices=list(_ENGINES), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    targets = arguments.targets.split(",")
    if arguments.engine:
        found = set_once(arguments.files[0], targets, is_prose_ours=_ENGINES[arguments.engine])
        print(json.dumps(asdict(found)))
        return
    print("| manuscript | set by | CPU s | peak MB | pages |\n|---|---|---|---|---|")
    for source in arguments.files:
        tell(source, targets)


if __name__ == "__main__":
    main()

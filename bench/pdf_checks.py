"""Makes the PDFs of every book given and holds each against rules that a machine can measure (`pdf_rules.py`).

    python -m bench.pdf_checks --corpus ../shared/corpus              every manuscript of a corpus
    python -m bench.pdf_checks --designs classic,technical book.docx  in several designs
    python -m bench.pdf_checks --targets print --rules whole book.md  only these pages and rules

tagged: all content of every page is in the structure or an artifact. told: title, displayed, and language. contents:
the printed contents are the outline's. inside: nothing stands beyond an edge. whole: tables, code and paragraphs have
all their words. embedded: faces are in the file. order: Arabic and Japanese in the order of reading. vertical: as it
says. A table for each file; leaves with 1 if any rule is broken.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.epubcheck_all import SUFFIXES
from bench.pdf_rules import RULES, Pdf
from conversion.engine import pipeline
from conversion.engine.contract import ArtifactKind, ConversionRequest
from conversion.engine.errors import AuthorFixable, ConversionError
from conversion.engine.steps import outputs
from conversion.engine.steps.run import Run
from conversion.engine.targets import TARGETS
from conversion.engine.typography.designs import DESIGNS

DEFAULT_TARGETS = ("phone", "ereader", "tablet", "print")


def made(manuscript: Path, folder: Path, design: str, targets: tuple[str, ...]) -> Run:
    """Read a manuscript and write its PDFs into a folder."""
    request = ConversionRequest(manuscript, manuscript.name, folder, ("pdf",), targets, design=design)
    run = Run(request, lambda progress: None)
    outputs.take_cover(run)
    pipeline.read(run)
    outputs.make_pdfs(run)
    return run


def held(run: Run, folder: Path, rules: list[str]) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Each target with its complaints by rule."""
    for artifact in sorted((a for a in run.artifacts if a.kind is ArtifactKind.PDF), key=lambda a: a.target):
        pdf = Pdf(folder / artifact.path, run.book, TARGETS[artifact.target])
        try:
            yield artifact.target, {rule: list(RULES[rule](pdf)) for rule in rules}
        finally:
            pdf.close()


def look(manuscript: Path, name: str, options: argparse.Namespace) -> int:
    """Print the table of one file; return how many rules are broken."""
    bad = 0
    print(f"\n{name}")
    for design in options.designs:
        with tempfile.TemporaryDirectory() as place:
            started = time.perf_counter()
            try:
                run = made(manuscript, Path(place), design, options.targets)
            except ConversionError as error:
                print(f"  {design:<10} {'refused' if isinstance(error, AuthorFixable) else 'FAILED'}: {error.code}")
                bad += not isinstance(error, AuthorFixable)
                continue
            for target, complaints in held(run, Path(place), options.rules):
                marks = "  ".join(f"{rule} {'BROKEN' if found else 'ok'}" for rule, found in complaints.items())
                print(f"  {design:<10} {target:<12} {marks}")
                for rule, found in complaints.items():
                    print(*(f"      {rule}: {complaint}" for complaint in found), sep="\n", end="\n" if found else "")
                bad += sum(map(bool, complaints.values()))
            print(f"  {time.perf_counter() - started:.1f} s", flush=True)
    return bad


def manuscripts(options: argparse.Namespace) -> Iterator[tuple[Path, str]]:
    yield from ((path, path.name) for path in options.files)
    if options.corpus is not None:
        for path in sorted(options.corpus.rglob("*")):
            if path.suffix.lower() in SUFFIXES and path.is_file() and path.name != "LICENSES.md":
                yield path, str(path.relative_to(options.corpus))


def _chosen(allowed: tuple[str, ...]) -> object:
    def chosen(text: str) -> tuple[str, ...]:
        names = tuple(text.split(","))
        if unknown := [name for name in names if name not in allowed]:
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: choose from {', '.join(allowed)}")
        return names

    return chosen


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--designs", type=_chosen(tuple(DESIGNS)), default=("classic",))
    parser.add_argument("--targets", type=_chosen(tuple(TARGETS)), default=DEFAULT_TARGETS)
    parser.add_argument("--rules", type=_chosen(tuple(RULES)), default=tuple(RULES))
    options = parser.parse_args()
    bad = looked = 0
    for path, name in manuscripts(options):
        looked += 1
        bad += look(path, name, options)
    print(f"\n{looked} manuscripts, {bad} rules broken")
    return 1 if bad or not looked else 0


if __name__ == "__main__":
    sys.exit(main())

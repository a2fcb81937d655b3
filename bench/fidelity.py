"""Holds what our EPUBs contain against what others find in the same manuscripts.

    python bench/fidelity.py --corpus ../shared/corpus       every manuscript of the corpus
    python bench/fidelity.py book.docx other.md              just these
    python bench/fidelity.py --details 20 book.docx          with at most 20 differences each, in words

Second opinions: pandoc's tree for DOCX, ODT, Markdown, HTML and EPUB; mammoth for
DOCX as well; the pages themselves, by a reader of the bench's own, for HTML and EPUB; the file's own words for TXT.
A row counts the words in order, then words under each mark, then notes, links, pictures, tables, headings, list items
and formulas, each as "kept/there" where something is missing. Words are compared in order (see `fidelity_text.py`).
Differences that are right are listed with their reasons in `fidelity_known.py`; any other makes the exit status 1.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

import mammoth  # noqa: E402

from bench import fidelity_markup, fidelity_pandoc  # noqa: E402
from bench.fidelity_known import explain  # noqa: E402
from bench.fidelity_text import COUNTS, MARKS, Comparison, Opinion, Tape, compare  # noqa: E402
from conversion.engine.contract import ConversionRequest  # noqa: E402
from conversion.engine.errors import ConversionError  # noqa: E402
from conversion.engine.pipeline import convert  # noqa: E402
from conversion.engine.process import pandoc  # noqa: E402
from conversion.engine.process.sandbox import SandboxPolicy  # noqa: E402

# What pandoc is told a file is. Quotation marks are compared as typed.
PANDOC_FORMATS = {
    ".docx": "docx",
    ".odt": "odt",
    ".md": "markdown-smart-implicit_figures",
    ".html": "html",
    ".epub": "epub",
}
MARKDOWN_DIALECTS = {"rust-book.md": "gfm"}


@dataclass
class Row:
    """One opinion about one file. `refused` is the code of a refusal."""

    file: str
    opinion: str
    compared: Comparison = field(default_factory=Comparison)
    refused: str = ""

    def unexplained(self) -> dict[str, int]:
        amounts = {f"refused {self.refused}": 1} if self.refused else self.compared.amounts()
        return {kind: n for kind, n in amounts.items() if not explain(self.file, self.opinion, kind, n)}

    def text(self) -> str:
        head = f"{self.file:<34} {self.opinion:<8}"
        if self.refused:
            return f"{head} refused: {self.refused}"
        c = self.compared
        cells = [_share(c.words - c.lost, c.words) + (f"+{c.extra}" if c.extra else "")]
        cells += [_share(c.marked[kind] - c.unmarked[kind], c.marked[kind]) for kind in MARKS]
        cells += [_share(got, wanted) for wanted, got in (c.counts[kind] for kind in COUNTS)]
        return f"{head} {cells[0]:>15} " + " ".join(f"{cell:>11}" for cell in cells[1:])


def _share(kept: int, there: int) -> str:
    return str(there) if kept >= there else f"{kept}/{there}"


def opinions(path: Path) -> Iterator[tuple[str, Opinion]]:
    """What others find in the file."""
    form = MARKDOWN_DIALECTS.get(path.name) or PANDOC_FORMATS.get(path.suffix)
    if form is not None:
        yield "pandoc", fidelity_pandoc.read(path, form)
    if path.suffix == ".docx":
        with path.open("rb") as stream:
            yield "mammoth", fidelity_markup.read_html(f"<body>{mammoth.convert_to_html(stream).value}</body>")
    elif path.suffix == ".html":
        yield "pages", fidelity_markup.read_html(path.read_bytes())
    elif path.suffix == ".epub":
        yield "pages", fidelity_markup.read_epub(path)
    elif path.suffix == ".txt":
        tape = Tape()
        tape.add(path.read_text(encoding="utf-8"), 0)
        yield "words", Opinion(tape.words())


def examine(path: Path) -> list[Row]:
    """Convert one file and compare."""
    with tempfile.TemporaryDirectory() as folder:
        request = ConversionRequest(path, path.name, Path(folder), formats=("epub",))
        try:
            convert(pandoc.prepare(request, Path(folder), SandboxPolicy()).request, lambda progress: None)
        except ConversionError as error:
            return [Row(path.name, "engine", refused=error.code)]
        made = fidelity_markup.read_epub(Path(folder) / "book.epub")
    return [Row(path.name, name, compare(opinion, made)) for name, opinion in opinions(path)]


def tell(rows: list[Row], details: int) -> int:
    """Print rows with what is unexplained; returns how many are."""
    bad = 0
    for row in rows:
        print(row.text(), flush=True)
        missing = row.unexplained()
        bad += bool(missing)
        for kind, amount in missing.items():
            print(f"    NOT EXPLAINED {kind}: {amount}")
            quotes = [quote for other, quote in row.compared.differences if other == kind]
            print(*(f"        {quote}" for quote in quotes[:details]), sep="\n")
        for kind, amount in (row.compared.amounts() if not row.refused else {f"refused {row.refused}": 1}).items():
            if reason := explain(row.file, row.opinion, kind, amount):
                print(f"    {kind} {amount}: {reason}")
    return bad


def total(rows: list[Row]) -> None:
    """Print the shares kept over all rows, known differences included."""
    wanted: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for row in rows:
        c = row.compared
        wanted["words"] += c.words
        lost["words"] += c.lost
        wanted.update(c.marked)
        lost.update(c.unmarked)
        for kind, (there, got) in c.counts.items():
            wanted[kind] += there
            lost[kind] += max(0, there - got)
    for kind, there in wanted.items():
        print(f"{kind:<12} {there:>9} {100 * (there - lost[kind]) / max(1, there):8.3f} %")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--details", type=int, default=5)
    arguments = parser.parse_args()
    files = arguments.files
    if arguments.corpus:
        files += sorted(
            p for p in arguments.corpus.glob("*/*") if p.suffix in (*PANDOC_FORMATS, ".txt") and p.name != "LICENSES.md"
        )
    print(f"{'file':<34} {'opinion':<8} {'words':>15} " + " ".join(f"{kind:>11}" for kind in (*MARKS, *COUNTS)))
    rows: list[Row] = []
    bad = 0
    for path in files:
        found = examine(path)
        bad += tell(found, arguments.details)
        rows += found
    total(rows)
    print(f"{len(rows)} comparisons of {len(files)} files; {bad} with differences that are not explained")
    return 1 if bad or not rows else 0


if __name__ == "__main__":
    sys.exit(main())

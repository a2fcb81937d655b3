"""Counts what manuscripts hold and what their EPUBs do, and prints what is lost on the way.

    python -m tests.conversion.fidelity --corpus ../shared/corpus           every manuscript of a corpus
    python -m tests.conversion.fidelity --corpus ../shared/corpus --pairs   one book in several formats, in pairs

The counting (`counts.py`) shares no code with the readers. Exits with 1 if anything is lost that `KNOWN` does not say.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pypandoc

from conversion.engine.contract import ConversionRequest
from conversion.engine.errors import AuthorFixable
from conversion.engine.pipeline import convert
from tests.conversion.fidelity.counts import Counts, lost, of_epub, of_source

SUFFIXES = (".docx", ".odt", ".md", ".html", ".epub", ".txt", ".rtf")
OURS = frozenset({"cover.xhtml", "sample-end.xhtml"})
BOOKS = ("pride-and-prejudice", "poe-poetry", "flatland", "war-and-peace")
# What is not lost although the EPUB has less of it, by manuscript and column.
KNOWN: dict[tuple[str, str], str] = {
    ("pageref.docx", "words"): "a generated contents list",
    ("flatland.epub", "words"): "the heading over the notes",
    ("shp-inline-shape-access.docx", "pictures"): "on the author's machine",
    ("war-and-peace.epub", "words"): "the heading over the notes",
    ("poe-poetry.epub", "words"): "the heading over the notes",
    ("poe-poetry.docx in epub", "words"): "titles that this edition hides",
    ("flatland.docx in md", "emphasis"): "variables, small capitals in the book and italics in Writer",
    ("flatland.docx in epub", "emphasis"): "variables, small capitals in the book and italics in Writer",
    ("formatting.rtf", "words"): "pandoc writes capitals out",
    ("rust-book.md", "emphasis"): "inside of code",
    ("rust-book.md", "words"): "pandoc takes what is between two dollar signs for a formula",
    ("flatland.docx", "pictures"): "on the author's machine",
    ("flatland.html", "pictures"): "in files beside this one",
    ("childrens-literature.epub", "pictures"): "the cover, which has no page of its own",
    ("regime-anticancer-arabic.epub", "pictures"): "the cover, which has no page of its own",
}
_HEAD = (
    *(
        "manuscript",
        "words",
        "lost",
        "moved",
        "of notes",
        "lost",
        "notes",
        "emphasised",
        "lost",
        "formulas",
        "pictures",
    ),
)
_SHOWN = 12


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.conversion.fidelity", description="Count what is kept.")
    parser.add_argument("--corpus", type=lambda given: Path(given).resolve(), required=True)
    parser.add_argument("--pairs", action="store_true", help="compare one book in several formats instead")
    parser.add_argument("--only", default="", help="manuscripts with this in their name")
    options = parser.parse_args(arguments)
    found = pairs(options.corpus) if options.pairs else files(options.corpus, options.only)
    print("| " + " | ".join(_HEAD) + " |\n|" + "---|" * len(_HEAD), flush=True)
    is_good = [row(name, wanted, got) for name, wanted, got in found]
    print(f"\n{len(is_good)} rows, {is_good.count(False)} of them with losses")
    return 0 if all(is_good) else 1


def files(corpus: Path, only: str) -> Iterator[tuple[str, Counts, Counts | str]]:
    """Yield the name of each manuscript, what it holds, and what its EPUB does, or why it was refused."""
    for path in sorted(path for path in corpus.glob("*/*") if path.suffix in SUFFIXES and only in path.name):
        yield path.name, of_source(path), of_result(path, with_details=True)


def of_result(path: Path, *, with_details: bool) -> Counts | str:
    """Count the EPUB of a manuscript."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as beside:
        source = with_pictures(path, Path(beside)) if path.suffix == ".md" else path
        request = ConversionRequest(source, source.name, Path(folder), ("epub",), ())
        try:
            convert(request, lambda progress: None)
        except AuthorFixable as refusal:
            return refusal.code
        return of_epub(Path(folder) / "book.epub", but=OURS, with_details=with_details)


def with_pictures(path: Path, folder: Path) -> Path:
    """Return a ZIP of a Markdown file and the pictures in folders beside it; the file itself where there are none."""
    pictures = sorted(each for each in path.parent.glob("*/**/*") if each.is_file())
    if not pictures:
        return path
    made = folder / f"{path.stem}.zip"
    with zipfile.ZipFile(made, "w") as archive:
        for each in (path, *pictures):
            archive.write(each, str(each.relative_to(path.parent)))
    return made


def pairs(corpus: Path) -> Iterator[tuple[str, Counts, Counts | str]]:
    """Yield what the EPUB of a book in one format holds, and that of the same book in another."""
    with tempfile.TemporaryDirectory() as folder:
        for book in BOOKS:
            given = [path for suffix in SUFFIXES for path in corpus.glob(f"*/{book}{suffix}")]
            paths = [*given, *made_by_pandoc(given[0], Path(folder))]
            first = of_result(paths[0], with_details=False)
            for path in paths[1:]:
                by = "" if path in given else ", made by pandoc"
                other = of_result(path, with_details=False)
                if isinstance(first, Counts) and isinstance(other, Counts):
                    name = f"{book}{paths[0].suffix} in {path.suffix[1:]}{by}"
                    yield name, *((first, other) if path.suffix != ".txt" else (as_text(first), as_text(other)))


def as_text(counts: Counts) -> Counts:
    """What plain text can hold: words, those of notes among them, without the numbers of notes."""
    words = [word for word in (*counts.words, *counts.notes) if not word.isdigit()]
    return Counts(words, pictures=counts.pictures, formulas=counts.formulas)


def made_by_pandoc(path: Path, folder: Path) -> Iterator[Path]:
    """The book in formats that the corpus does not have it in."""
    for suffix in (".odt", ".rtf", ".docx"):
        made = folder / f"{path.stem}{suffix}"
        if suffix == path.suffix:
            continue
        subprocess.run([pypandoc.get_pandoc_path(), "-s", str(path), "-o", str(made)], check=True, cwd=path.parent)
        yield made


def row(name: str, wanted: Counts, got: Counts | str) -> bool:
    """Print the row of a manuscript and return whether nothing is lost."""
    if isinstance(got, str):
        is_empty = not wanted.words
        print(f"| {name} | {len(wanted.words)} | refused: {got} |" + " |" * 8, flush=True)
        return is_empty or (name, "refused") in KNOWN
    # A source that does not say what is a note has its words among the others.
    there = got.words if wanted.references else [*got.words, *got.notes]
    missing, moved = lost(wanted.words, there)
    if not wanted.references:  # there a note has its number at both ends, which here are links
        numbers = [word for word in missing if word.isdigit()][: 2 * got.references]
        missing = [word for word in missing if word not in numbers]
    missing_notes, _ = lost([word for word in wanted.notes if not word.isdigit()], got.notes)
    dull, _ = lost(wanted.emphasis or [], got.emphasis or [])
    for kind, words in (("lost", missing), ("notes lost", missing_notes), ("emphasis lost", dull)):
        if words:
            print(f"{name}: {kind}: {' '.join(words[:_SHOWN])}", file=sys.stderr)
    cells = [
        *(name, len(wanted.words), len(missing), len(moved), len(wanted.notes), len(missing_notes)),
        f"{got.references} of {wanted.references}",
        *(("–", "–") if wanted.emphasis is None else (len(wanted.emphasis), len(dull))),
        *(f"{got.formulas} of {wanted.formulas}", f"{got.pictures} of {wanted.pictures}"),
    ]
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)
    short = {
        "words": len(missing),
        "notes": len(missing_notes) + (got.references < wanted.references),
        "emphasis": len(dull),
        "formulas": got.formulas < wanted.formulas,
        "pictures": got.pictures < wanted.pictures,
    }
    return not any(count and (name, kind) not in KNOWN for kind, count in short.items())


if __name__ == "__main__":
    sys.exit(main())

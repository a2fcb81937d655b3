"""Take every book of the corpus through DOCX and count what is left of it.

    python -m bench.word_round --corpus ../shared/corpus
    python -m bench.word_round --corpus ../shared/corpus --only flatland --show

Each source is read, written as DOCX as authors get it to go on in Word, and read again by the reader for uploads. Words
are counted one by one and must stand in the same order; notes, pictures and formulas where they stand in the text. A
chapter without a heading gets one, so its title is not new. Exits with 1 if anything is lost, new, or elsewhere.

Pages of fixed layout have no DOCX.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from conversion.engine.book.model import Book, Figure, Heading, InlineImage, Math, NoteRef, Text
from conversion.engine.book.walk import plain, walk
from conversion.engine.errors import AuthorFixable
from conversion.engine.exports.docx import write_docx
from conversion.engine.readers import read_source

SUFFIXES = frozenset({".docx", ".odt", ".rtf", ".epub", ".md", ".html", ".txt"})
_SHOWN = 12
HEAD = ("book", "words", "lost", "new", "notes", "pictures", "formulas", "chapters", "verdict")


@dataclass(frozen=True, slots=True)
class Counts:
    """What is in a book."""

    words: tuple[str, ...]
    noted: tuple[str, ...]  # words of notes
    notes: int
    pictures: int
    formulas: int
    chapters: int


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.word_round", description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path, required=True, help="folder with a folder for each book")
    parser.add_argument("--only", default="", help="part of a path")
    parser.add_argument("--show", action="store_true", help="show words that are lost or new")
    options = parser.parse_args(arguments)
    print("\t".join(HEAD))
    failed = 0
    for path in sources(options.corpus, options.only):
        name = str(path.relative_to(options.corpus))
        try:
            book = read_source(path, path.name)[1].book
        except AuthorFixable as refusal:
            print(f"{name}\tnot read: {refusal.code}")
            continue
        if book.is_fixed:
            print(f"{name}\tpages of fixed layout")
            continue
        before = counts(with_headings(book))
        after = counts(through_word(book))
        lost, new = difference(before.words + before.noted, after.words + after.noted)
        pairs = [(getattr(before, what), getattr(after, what)) for what in ("notes", "pictures", "formulas")]
        is_same = before.words == after.words and not lost and not new and all(one == other for one, other in pairs)
        failed += not is_same
        columns = [name, str(len(before.words)), str(len(lost)), str(len(new))]
        columns += [str(one) if one == other else f"{one} -> {other}" for one, other in pairs]
        columns += [f"{before.chapters} -> {after.chapters}", "same" if is_same else "DIFFERS"]
        print("\t".join(columns), flush=True)
        if options.show:
            print("  lost:", " ".join(lost[:_SHOWN]), "\n  new:", " ".join(new[:_SHOWN]))
    return 1 if failed else 0


def sources(corpus: Path, part: str = "") -> Iterator[Path]:
    """Yield the corpus's books in formats that hold text."""
    for path in sorted(corpus.rglob("*")):
        if path.suffix.lower() in SUFFIXES and part in str(path) and path.name != "LICENSES.md":
            yield path


def with_headings(book: Book) -> Book:
    """Return the book with the headings that chapters get on their way through Word, where they have none."""
    chapters = []
    for number, chapter in enumerate(book.chapters):
        first = chapter.blocks[0] if chapter.blocks else None
        has_heading = number == 0 or not chapter.title or (isinstance(first, Heading) and first.level == 1)
        heading = [] if has_heading else [Heading(1, [Text(chapter.title)])]
        chapters.append(replace(chapter, blocks=[*heading, *chapter.blocks]))
    return replace(book, chapters=chapters)


def counts(book: Book) -> Counts:
    """Count what is in a book, notes included."""
    blocks = [block for chapter in book.chapters for block in chapter.blocks]
    noted = [block for note in book.notes.values() for block in note.blocks]
    nodes = [*walk(blocks), *walk(noted)]
    return Counts(
        words=tuple(_words(blocks)),
        noted=tuple(_words(noted)),
        notes=sum(isinstance(node, NoteRef) for node in nodes),
        pictures=sum(isinstance(node, Figure | InlineImage) for node in nodes),
        formulas=sum(isinstance(node, Math) for node in nodes),
        chapters=len(book.chapters),
    )


def difference(before: Sequence[str], after: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the words that are lost and those that are new."""
    one, other = Counter(before), Counter(after)
    return list((one - other).elements()), list((other - one).elements())


def through_word(book: Book) -> Book:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.docx"
        write_docx(book, path)
        return read_source(path, path.name)[1].book


def _words(blocks: Iterable[object]) -> Iterator[str]:
    for block in blocks:
        yield from plain([block]).split()  # type: ignore[list-item]


if __name__ == "__main__":
    sys.exit(main())

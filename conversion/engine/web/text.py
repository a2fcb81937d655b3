"""The canonical text that goes into an archive, and where the blocks of a sample stand in its edition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from ..book.model import Book, Chapter
from ..edition_text import EditionText, SampleRun, TextBlock, page_texts, split_texts
from ..markup.survey import survey
from ..markup.xhtml import XhtmlMarkup

PIECE_CHARACTERS = 200_000

type Key = tuple[str, int]  # an id, and how often it was there before: nothing else makes ids unique


class Part:
    """The blocks of one chapter file or page, with the key it has in the edition and in its sample alike."""

    def __init__(self, key: Key, running: list[str], notes: Sequence[str] = ()) -> None:
        self.key = key
        self.running = running
        self.notes = list(notes)
        self.count = len(running) + len(notes)


def edition_text(parts: Sequence[Part]) -> EditionText:
    """Return the text of an archive's parts."""
    blocks = [TextBlock(index, text) for index, part in enumerate(parts) for text in part.running + part.notes]
    return EditionText(tuple(blocks))


def sample_text(parts: Sequence[Part], edition: Iterable[Part]) -> EditionText:
    """Return the text of a sample's archive, and where its blocks stand in the edition.

    A sample is a run of the edition's blocks from the first chapter of the body, except that the notes at the end of
    its last chapter follow where the chapter is cut. A note that the front matter cites first is in another place of
    the edition: it is in no run.
    """
    text = edition_text(parts)
    return EditionText(text.blocks, tuple(_merged(_runs(parts, edition))))


def chapter_parts(chapters: Iterable[Chapter], pages: Iterable[str]) -> Iterator[Part]:
    """Yield the parts of a book, given the chapter and the XHTML of each file."""
    seen: Counter[str] = Counter()
    for chapter, page in zip(chapters, pages, strict=True):
        yield Part((chapter.id, seen[chapter.id]), *split_texts(page.encode("utf-8", "replace")))
        seen[chapter.id] += 1


def page_parts(book: Book) -> Iterator[Part]:
    """Yield the parts of a book of pages."""
    from .pages import page_words  # loads Pillow, which few books need here

    seen: Counter[str] = Counter()
    for page in book.pages:
        yield Part((page.id, seen[page.id]), page_texts(page_words(page)))
        seen[page.id] += 1


def parts_of(book: Book) -> Iterator[Part]:
    """Yield the parts of a book one by one: whoever needs the first ones only, renders no more."""
    if book.is_fixed:
        yield from page_parts(book)
        return
    surveyed = survey(book, piece_characters=PIECE_CHARACTERS)
    markup = XhtmlMarkup(surveyed, assets="", asset_names=dict.fromkeys(surveyed.assets, ""), style="")
    pages = (markup.page(index) for index in range(len(surveyed.pieces)))
    yield from chapter_parts((piece.chapter for piece in surveyed.pieces), pages)


def _runs(parts: Sequence[Part], edition: Iterable[Part]) -> Iterator[SampleRun]:
    wanted: dict[Key, tuple[int, Part]] = {}
    here = there = 0
    for part in parts:
        wanted[part.key] = here, part
        here += part.count
    for whole in edition:
        if whole.key in wanted:
            here, part = wanted.pop(whole.key)
            yield from _runs_of_part(part, whole, here, there)
        there += whole.count
        if not wanted:
            return


def _runs_of_part(part: Part, whole: Part, here: int, there: int) -> Iterator[SampleRun]:
    equal = takewhile(lambda pair: pair[0] == pair[1], zip(part.running, whole.running, strict=False))
    if count := sum(1 for _ in equal):
        yield SampleRun(here, there, count)
    here += len(part.running)
    there += len(whole.running)
    start = 0
    for index, note in enumerate(part.notes):
        if note in whole.notes[start:]:
            start = whole.notes.index(note, start) + 1
            yield SampleRun(here + index, there + start - 1, 1)


def _merged(runs: Iterable[SampleRun]) -> Iterator[SampleRun]:
    last: SampleRun | None = None
    for run in runs:
        if last is not None and run.here - last.here == run.there - last.there == last.length:
            last = SampleRun(last.here, last.there, last.length + run.length)
            continue
        if last is not None:
            yield last
        last = run
    if last is not None:
        yield last

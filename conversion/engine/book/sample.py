"""The free sample of a book: from the first chapter of the body, up to a share of the body's words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .model import Anchor, AnyBlock, Book, Chapter, Figure, Heading, InlineImage, NoteRef, TocEntry
from .page_text import running_text
from .walk import count_words, plain, walk

_BASIS = 10_000


def make_sample(book: Book, share_bps: int) -> Book:
    """Return a book of its own with the first `share_bps` basis points of the body's words.

    The sample ends after the block that reaches the share, so it never breaks off inside a paragraph, and it has at
    least one block. It keeps the notes, pictures and contents entries it uses, and the source's cover. A book without a
    body contributes its first chapters; a book of pages its first page, which serves as its front, and a share of the
    others. Raises ValueError for a share outside 1 to 10,000.
    """
    if not 1 <= share_bps <= _BASIS:
        raise ValueError(f"a sample's share is 1 to {_BASIS} basis points, not {share_bps}")
    if book.is_fixed:
        return closed(book, _first_pages(book, share_bps))
    body = list(book.body()) or [chapter for chapter in book.chapters if not chapter.is_made]
    words = [[count_words(plain([block])) for block in chapter.blocks] for chapter in body]
    wanted = -(-sum(map(sum, words)) * share_bps // _BASIS)
    chapters: list[Chapter] = []
    for chapter, counts in zip(body, words, strict=True):
        if wanted <= 0 and chapters:
            break
        kept = _blocks_to_keep(counts, wanted)
        wanted -= sum(counts[:kept])
        chapters.append(replace(chapter, blocks=_without_loose_heading(chapter.blocks, kept)))
    return closed(book, chapters)


def _first_pages(book: Book, share_bps: int) -> list[Chapter]:
    wanted = 1 - (-(len(book.pages) - 1) * share_bps // _BASIS)
    chapters = []
    for chapter in book.chapters:
        pages = chapter.pages[:wanted]
        wanted -= len(pages)
        if pages:
            chapters.append(replace(chapter, pages=pages, blocks=running_text(pages)))
    return chapters


def _blocks_to_keep(counts: list[int], wanted: int) -> int:
    total = 0
    for number, count in enumerate(counts, 1):
        total += count
        if total >= wanted:
            return number
    return len(counts)


def _without_loose_heading(blocks: list[AnyBlock], kept: int) -> list[AnyBlock]:
    """Return the blocks of the sample. One that would end on a heading also takes the block after it."""
    while kept < len(blocks) and isinstance(blocks[kept - 1], Heading):
        kept += 1
    return blocks[:kept]


def closed(book: Book, chapters: list[Chapter]) -> Book:
    """Return the chapters as a self-contained book. Links are the exception: writers drop links to what is not
    there."""
    blocks = [block for chapter in chapters for block in chapter.blocks]
    notes = _note_ids(book, blocks)
    used = [*blocks, *(block for note_id in notes for block in book.notes[note_id].blocks)]
    assets = {node.asset for node in walk(used) if isinstance(node, Figure | InlineImage)} | {book.cover}
    assets |= set(book.kept.pictures if book.kept is not None else ())
    anchors = {node.id for node in walk(used) if isinstance(node, Anchor)}
    ids = {chapter.id for chapter in chapters}
    return replace(
        book,
        chapters=chapters,
        toc=_entries(book.toc, ids, anchors),
        notes={key: note for key, note in book.notes.items() if key in notes},
        assets={key: asset for key, asset in book.assets.items() if key in assets},
    )


def _note_ids(book: Book, blocks: Iterable[AnyBlock]) -> set[str]:
    """Return the ids of the notes that are referenced, including references from notes."""
    found: set[str] = set()
    waiting = list(blocks)
    while waiting:
        refs = [node.note_id for node in walk(waiting) if isinstance(node, NoteRef)]
        new = {note_id for note_id in refs if note_id in book.notes and note_id not in found}
        found |= new
        waiting = [block for note_id in new for block in book.notes[note_id].blocks]
    return found


def _entries(entries: list[TocEntry], ids: set[str], anchors: set[str]) -> list[TocEntry]:
    kept: list[TocEntry] = []
    for entry in entries:
        children = _entries(entry.children, ids, anchors)
        if entry.chapter_id in ids and (not entry.anchor or entry.anchor in anchors):
            kept.append(replace(entry, children=children))
        else:
            kept.extend(children)
    return kept

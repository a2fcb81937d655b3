"""Patches of chapters: their titles and roles, their order, chapters that are merged, divided or left out.

A chapter is where most of its words are. The contents follow: entries are moved, renamed and removed with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..book import clean
from ..book.model import Anchor, AnyBlock, Book, Chapter, Heading, Paragraph, TocEntry
from ..book.walk import walk
from .attributes import LEFT_OUT, may_set, set_attribute
from .leaves import Container, Leaf
from .merge import Reason
from .model import MergeChapterEdit, MoveChapterEdit, Patch, SetEdit, SplitChapterEdit
from .outcome import Outcome, Patching, adopted, applied, conflict, index_of
from .placing import Placing


def set_chapter(patch: Patch, edit: SetEdit, at: Placing, book: Patching) -> Outcome:
    """Set an attribute of a chapter that still has the value that the author saw, or leave the chapter out."""
    number = at.old.chapter_of(patch.anchor)
    found = at.chapter(number) if number is not None else None
    if not may_set("chapter", edit.name, edit.new):
        return conflict(Reason.KIND)
    if number is None or found is None:
        is_gone = number is not None and at.chapter_with(number) is None
        return adopted() if is_gone and edit.name == LEFT_OUT and edit.new else conflict(Reason.GONE)
    chapter, anchor = book.book.chapters[found], book.base.chapter_anchor(found)
    now = False if edit.name == LEFT_OUT else getattr(chapter, edit.name)
    if now == edit.new:
        return adopted(anchor)
    if now != edit.old:
        return conflict(Reason.KIND)

    def change() -> None:
        if edit.name == LEFT_OUT:
            _leave_out(book.book, chapter)
        elif edit.name == "title":
            rename(book.book, chapter, str(edit.new))
        else:
            set_attribute(chapter, edit.name, edit.new)

    return applied(anchor, change, ("chapter", found, edit.name))


def rename(book: Book, chapter: Chapter, title: str) -> None:
    """Give a chapter another title, in the contents too where they have the old one."""
    before, chapter.title = chapter.title, clean.title(title)
    for entry in _entries(book.toc):
        if entry.chapter_id == chapter.id and clean.fold(entry.title) == clean.fold(before):
            entry.title = chapter.title


def rename_entries(book: Book, chapter: Chapter, before: str, after: str) -> None:
    """Let the chapter's title and the contents follow a heading that was corrected."""
    if not clean.fold(before) or not clean.fold(after):
        return
    if clean.fold(chapter.title) == clean.fold(before):
        rename(book, chapter, after)
    for entry in _entries(book.toc):
        if entry.chapter_id == chapter.id and clean.fold(entry.title) == clean.fold(before):
            entry.title = clean.title(after)


def _leave_out(book: Book, chapter: Chapter) -> None:
    """Remove a chapter. Entries of others below its own move up a level."""
    if len(book.chapters) > 1:
        book.chapters[:] = [other for other in book.chapters if other is not chapter]
        book.toc[:] = _without(book.toc, chapter.id)


def _without(entries: list[TocEntry], chapter_id: str) -> list[TocEntry]:
    kept: list[TocEntry] = []
    for entry in entries:
        entry.children = _without(entry.children, chapter_id)
        kept += entry.children if entry.chapter_id == chapter_id else [entry]
    return kept


def _entries(entries: list[TocEntry]) -> Iterator[TocEntry]:
    for entry in entries:
        yield entry
        yield from _entries(entry.children)


# ---------------------------------------------------------------- order


def move(patch: Patch, edit: MoveChapterEdit, at: Placing, book: Patching) -> Outcome:
    """Move a chapter that is still beside one of its neighbours behind the one that the author chose."""
    number = at.old.chapter_of(patch.anchor)
    found = at.chapter(number) if number is not None else None
    target = at.old.chapter_of(edit.after) if edit.after is not None else -1
    there = at.chapter(target) if target is not None and target >= 0 else target
    if number is None or target is None or found is None or there is None:
        return conflict(Reason.GONE)
    anchor = book.base.chapter_anchor(found)
    if there == found - 1 and not at.is_same_text:  # in the same text another patch may have moved that one
        return adopted(anchor)
    if there == found or not _is_beside_neighbour(number, found, at):
        return conflict(Reason.CHANGED)
    chapter = book.book.chapters[found]
    after = book.book.chapters[there] if there >= 0 else None
    follows = book.base.chapter_anchor(there) if there >= 0 else None
    return replace(applied(anchor, lambda: _move(book, chapter, after), ("order", found)), target=follows)


def _is_beside_neighbour(number: int, found: int, at: Placing) -> bool:
    """Return whether the manuscript has not moved the chapter itself."""
    last_old, last = len(at.old.chapters) - 1, len(at.new.chapters) - 1
    before = at.chapter(number - 1) == found - 1 if number and found else number == found == 0
    after = (
        at.chapter(number + 1) == found + 1
        if number < last_old and found < last
        else (number, found) == (last_old, last)
    )
    return before or after


def _move(patching: Patching, chapter: Chapter, after: Chapter | None) -> None:
    """Put a chapter behind another, and behind those that were divided from that."""
    book = patching.book
    chapters = [other for other in book.chapters if other is not chapter]
    place = next((n + 1 for n, other in enumerate(chapters) if other is after), 0)
    while after is not None and place < len(chapters) and patching.divided.get(chapters[place].id) == after.id:
        place += 1
    chapters.insert(place, chapter)
    book.chapters[:] = chapters
    own = [entry for entry in book.toc if entry.chapter_id == chapter.id]
    rest = [entry for entry in book.toc if entry.chapter_id != chapter.id]
    _insert_entries(book, own, rest, chapters[:place])


def _insert_entries(book: Book, own: list[TocEntry], rest: list[TocEntry], before: list[Chapter]) -> None:
    """Put entries behind the last one of the chapters that come before."""
    ids = {chapter.id for chapter in before}
    place = max((n + 1 for n, entry in enumerate(rest) if {e.chapter_id for e in _entries([entry])} & ids), default=0)
    book.toc[:] = [*rest[:place], *own, *rest[place:]]


# ---------------------------------------------------------------- merging and dividing


def merge(patch: Patch, edit: MergeChapterEdit, at: Placing, book: Patching) -> Outcome:
    """Make a chapter part of the one before it, if that is still the one that the author saw there."""
    number = at.old.chapter_of(patch.anchor)
    if not number:
        return conflict(Reason.GONE)
    if (both := at.chapter_with(number)) is not None and both == at.chapter_with(number - 1):
        return adopted(book.base.chapter_anchor(both))
    found, before = at.chapter(number), at.chapter(number - 1)
    if found is None or before is None:
        return conflict(Reason.GONE)
    if before != found - 1:
        return conflict(Reason.CHANGED)
    chapter, first = book.book.chapters[found], book.book.chapters[before]
    anchor = book.base.chapter_anchor(found)
    return applied(anchor, lambda: _merge(book.book, chapter), ("order", found), ("end", first.id))


def _merge(book: Book, chapter: Chapter) -> None:
    """Append a chapter to the one before it. Links to it lead to where it began."""
    place = next(number for number, other in enumerate(book.chapters) if other is chapter)
    if not place:
        return
    first = book.chapters[place - 1]
    target = Anchor(chapter.id)
    opening = next(iter(chapter.blocks), None)
    if isinstance(opening, Paragraph | Heading):
        opening.inlines.insert(0, target)
    else:
        chapter.blocks.insert(0, Paragraph([target]))
    first.blocks += chapter.blocks
    del book.chapters[place]
    for entry in _entries(book.toc):
        if entry.chapter_id == chapter.id:
            entry.chapter_id, entry.anchor = first.id, entry.anchor or chapter.id


def split(patch: Patch, edit: SplitChapterEdit, at: Placing, book: Patching) -> Outcome:
    """Begin a chapter with a block, if it follows the block that the author saw in front of it."""
    number = at.old.block_of(patch.anchor)
    found = at.block(number) if number is not None else None
    if number is None or found is None:
        return conflict(Reason.GONE)
    leaf, anchor = book.leaves.leaves[found], book.base.anchor(found)
    if leaf.chapter < 0:
        return conflict(Reason.KIND)
    if book.leaves.chapters[leaf.chapter].start == found:
        return adopted(anchor)
    if at.block(number - 1) != found - 1:
        return conflict(Reason.CHANGED)
    chapter = book.book.chapters[leaf.chapter]
    owner = _outermost(leaf, found, chapter, book)
    if owner is None:
        return conflict(Reason.KIND)
    new_id = f"from-{found}"
    claims = [("seam", found - 1), *([(id(owner), "kind")] if isinstance(owner, Container) else [])]
    return applied(anchor, lambda: _divide(book, owner, new_id, edit.title), *claims)


def _outermost(leaf: Leaf, number: int, chapter: Chapter, book: Patching) -> Leaf | Container | None:
    """Return what begins with a leaf and stands in the chapter itself, not within another block."""
    if leaf.siblings is chapter.blocks:
        return leaf
    return next((one for one in book.leaves.containers if one.first == number and one.siblings is chapter.blocks), None)


def _divide(patching: Patching, owner: Leaf | Container, new_id: str, title: str) -> None:
    book = patching.book
    chapter = next(one for one in book.chapters if one.blocks is owner.siblings)
    at = index_of(chapter.blocks, owner.block)
    rest = chapter.blocks[at:]
    here = {id(block) for block in rest}
    for one in patching.owners:
        if one.siblings is chapter.blocks and id(one.block) in here:
            one.siblings = rest
    del chapter.blocks[at:]
    new = Chapter(new_id, clean.title(title), rest, chapter.division, lang=chapter.lang, direction=chapter.direction)
    place = next(number for number, other in enumerate(book.chapters) if other is chapter)
    book.chapters.insert(place + 1, new)
    patching.divided[new_id] = patching.divided.get(chapter.id, chapter.id)
    moved = _anchors(rest)
    for entry in _entries(book.toc):
        if entry.chapter_id == chapter.id and entry.anchor in moved:
            entry.chapter_id = new_id
    if not any(entry.chapter_id == new_id and clean.fold(entry.title) == clean.fold(title) for entry in book.toc):
        _insert_entries(book, [TocEntry(new.title, new_id)], list(book.toc), book.chapters[: place + 1])


def _anchors(blocks: list[AnyBlock]) -> set[str]:
    return {node.id for node in walk(blocks) if isinstance(node, Anchor)}

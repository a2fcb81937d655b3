"""Changes of whole chapters: their order, merging and dividing them, leaving them out, their titles."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..book import clean
from ..patches.attributes import LEFT_OUT
from ..patches.base import BlockAnchor
from ..patches.diff import Revision
from ..patches.model import (
    Edit,
    InsertEdit,
    MergeChapterEdit,
    MoveChapterEdit,
    NewBlock,
    Patch,
    SetEdit,
    SplitChapterEdit,
    Target,
)
from .chapters import Reading, Section, attributes_of, section_with, sections_of
from .errors import NotPossible
from .known import known_of
from .structure import Item, Key
from .view import blocks_of


@dataclass(frozen=True, slots=True)
class MoveChapter:
    """The chapter follows another one; with none, it is the first."""

    chapter: str
    after: str | None


@dataclass(frozen=True, slots=True)
class MergeChapter:
    """The chapter becomes part of the one before it."""

    chapter: str


@dataclass(frozen=True, slots=True)
class SplitChapter:
    """A new chapter begins with a block: one of the manuscript's or one that was put in, and not within another."""

    chapter: str
    block: str
    title: str


@dataclass(frozen=True, slots=True)
class LeaveOut:
    chapter: str
    is_left_out: bool = True


@dataclass(frozen=True, slots=True)
class Retitle:
    chapter: str
    title: str


type ChapterOp = MoveChapter | MergeChapter | SplitChapter | LeaveOut | Retitle


def chapter_change(reading: Reading, op: ChapterOp, *, author: str = "", made_at: str = "") -> Revision:
    """Return what becomes of the patches of chapters. Raises UnknownChapter and NotPossible."""
    change = _Change(reading, author, made_at)
    section = section_with(reading.sections, op.chapter)
    if isinstance(op, MoveChapter):
        change.move(section, section_with(reading.sections, op.after) if op.after is not None else None)
    elif isinstance(op, MergeChapter):
        change.merge(section)
    elif isinstance(op, SplitChapter):
        change.split(section, op.block, op.title)
    elif isinstance(op, LeaveOut):
        change.leave_out(section, is_left_out=op.is_left_out)
    else:
        change.retitle(section, op.title)
    return change.revision


class _Change:
    def __init__(self, reading: Reading, author: str, made_at: str) -> None:
        self.reading, self.base, self.author, self.made_at = reading, reading.base, author, made_at
        self.revision = Revision()

    def _make(self, chapter: int, edit: Edit, revises: Patch | None = None) -> None:
        identity = revises.identity if revises is not None else ""
        anchor = self.base.chapter_anchor(chapter)
        self.revision.made.append(Patch(self.base.identity, anchor, edit, self.author, self.made_at, revises=identity))
        if revises is not None:
            self.revision.dropped.append(revises)

    def _own(self, section: Section) -> int:
        """Return the chapter of the base that a section begins with. One that was divided from another has none."""
        if section.split is not None:
            raise NotPossible("divided-chapter")
        return section.chapter

    # ------------------------------------------------------------ order

    def move(self, section: Section, after: Section | None) -> None:
        """Put a chapter behind another. Where earlier moves are in the way, all are made anew."""
        self._own(section)
        others = [one for one in self.reading.sections if one is not section]
        place = next((number + 1 for number, one in enumerate(others) if one is after), 0)
        wanted = [one.id for one in (*others[:place], section, *others[place:])]
        if wanted == [one.id for one in self.reading.sections]:
            return
        moves = [one for one in self.reading.known.chapters if isinstance(one.patch.edit, MoveChapterEdit)]
        old = next((one.patch for one in moves if one.key[1] == section.chapter), None)
        if old is not None:
            self.revision.dropped.append(old)
            if self._order() == wanted:
                return
            self.revision = Revision()
        self._make(section.chapter, MoveChapterEdit(self._after(after)), old)
        if self._order() != wanted:
            self.revision = Revision(dropped=[one.patch for one in moves])
            self._in_order(wanted)
        if self._order() != wanted:
            raise NotPossible("divided-chapter")

    def _after(self, after: Section | None) -> BlockAnchor | None:
        return self.base.chapter_anchor(after.chapter) if after is not None else None

    def _in_order(self, wanted: Sequence[str]) -> None:
        """Move as few chapters as possible out of the order of the base, each behind the one before it."""
        known = {one.id: one for one in self.reading.sections}
        sections = [known[name] for name in wanted]
        staying = _longest_rise([one.chapter for one in sections])
        for number, section in enumerate(sections):
            if number not in staying and section.split is None:
                made_at = _later(self.made_at, number)
                after = self._after(sections[number - 1] if number else None)
                anchor = self.base.chapter_anchor(section.chapter)
                edit = MoveChapterEdit(after)
                self.revision.made.append(Patch(self.base.identity, anchor, edit, self.author, made_at))

    def _order(self) -> list[str]:
        """Return the order of chapters after this change."""
        gone = {patch.identity for patch in self.revision.dropped}
        patches = [patch for patch in self.reading.patches if patch.identity not in gone]
        return [one.id for one in sections_of(self.base, known_of(self.base, [*patches, *self.revision.made]))]

    # ------------------------------------------------------------ merging and dividing

    def merge(self, section: Section) -> None:
        number = next(number for number, one in enumerate(self.reading.sections) if one is section)
        if not number:
            raise NotPossible("first-chapter")
        before = self.reading.sections[number - 1]
        chapter, _, end = before.ranges[-1]
        if section.left_out is not None or before.left_out is not None:
            raise NotPossible("left-out-chapter")
        if section.split is not None:
            if (chapter, end) != section.ranges[0][:2]:
                raise NotPossible("not-next")
            self.revision.dropped.append(section.split)
            return
        is_next = chapter == section.chapter - 1 and end == self.base.chapters[chapter].end
        if not is_next or end != section.ranges[0][1]:
            raise NotPossible("not-next")
        wanted = [one.id for one in self.reading.sections if one is not section]
        self._make(section.chapter, MergeChapterEdit())
        if self._order() != wanted:
            raise NotPossible("not-next")

    def split(self, section: Section, block: str, title: str) -> None:
        items = section.items(self.reading.view.structure)
        item = next((item for item in items if item.id == block), None) or self._make_room(items, block)
        if item is None or item is items[0] or item.key in self.reading.known.removed:
            raise NotPossible("not-at-this-block", block)
        leaf = self.reading.view.structure.leaves(item)[0]
        merges = [one for one in self.reading.known.chapters if isinstance(one.patch.edit, MergeChapterEdit)]
        joined = next((one for one in merges if self.base.chapters[one.key[1]].first == leaf), None)
        if joined is not None:  # it was a chapter of its own
            self.revision.dropped.append(joined.patch)
            return
        if leaf - 1 in self.reading.known.joins or (not item.is_leaf and item.key in self.reading.known.kinds):
            raise NotPossible("not-at-this-block", block)
        if not (title := clean.title(title)):
            raise NotPossible("no-title")
        patch = Patch(self.base.identity, self.base.anchor(leaf), SplitChapterEdit(title), self.author, self.made_at)
        self.revision.made.append(patch)

    def _make_room(self, items: Sequence[Item], block: str) -> Item | None:
        """Divide the blocks that were put in around one of them, and return the item that the new chapter begins with:
        blocks from this one on come before it, the others stay after the one before. None where there is none."""
        for (key, is_before), patch in self.reading.known.inserts.items():
            assert isinstance(patch.edit, InsertEdit)  # noqa: S101 (for mypy)
            ids = [one.id for one in blocks_of(patch, patch.edit.blocks)]
            place = next((number for number, item in enumerate(items) if item.key == key), None)
            if block not in ids or place is None:
                continue
            at = ids.index(block)
            last = place - 1 if is_before else place
            if last < 0 or last + 1 >= len(items) or (is_before and not at):
                return items[last + 1] if last >= 0 and last + 1 < len(items) else None
            before, after = patch.edit.blocks[:at], patch.edit.blocks[at:]
            ends, begins = (items[last].key, False), (items[last + 1].key, True)
            kept, moved = (begins, ends) if is_before else (ends, begins)
            other = self.reading.known.inserts.get(moved)
            there = other.edit.blocks if other is not None and isinstance(other.edit, InsertEdit) else ()
            self._put(kept, after if is_before else before, patch)
            self._put(moved, (*there, *before) if is_before else (*after, *there), other)
            return items[last + 1]
        return None

    def _put(self, where: tuple[Key, bool], blocks: tuple[NewBlock, ...], old: Patch | None) -> None:
        """Put blocks in at a place instead of those that an earlier patch puts in there."""
        if old is not None:
            self.revision.dropped.append(old)
        if not blocks:
            return
        (kind, number), is_before = where
        target = Target.BLOCK if kind == "b" else Target.CONTAINER
        anchor = self.base.anchor(number) if kind == "b" else self.base.container_anchor(number)
        edit = InsertEdit(blocks, is_before, target)
        identity = old.identity if old is not None else ""
        self.revision.made.append(Patch(self.base.identity, anchor, edit, self.author, self.made_at, revises=identity))

    # ------------------------------------------------------------ attributes

    def leave_out(self, section: Section, *, is_left_out: bool) -> None:
        chapter = self._own(section)
        if is_left_out == (section.left_out is not None):
            return
        if section.left_out is not None:
            self.revision.dropped.append(section.left_out)
            return
        if all(one is section or one.left_out is not None for one in self.reading.sections):
            raise NotPossible("last-chapter")
        self._make(chapter, SetEdit(Target.CHAPTER, LEFT_OUT, old=False, new=True))

    def retitle(self, section: Section, title: str) -> None:
        title = clean.title(title)
        if not title:
            raise NotPossible("no-title")
        if title == attributes_of(section, self.reading.view)["title"]:
            return
        split = section.split
        if split is not None:
            edit = SplitChapterEdit(title)
            made = Patch(split.base, split.anchor, edit, self.author, self.made_at, revises=split.identity)
            self.revision.made.append(made)
            self.revision.dropped.append(split)
            return
        old = self.reading.known.sets.get(("chapter", section.chapter), {}).get("title")
        read = str(self.base.chapters[section.chapter].attributes["title"])
        if title != read:
            self._make(section.chapter, SetEdit(Target.CHAPTER, "title", read, title), old)
        elif old is not None:
            self.revision.dropped.append(old)


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """Return the places of the longest run of numbers that rise."""
    tops: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for place, number in enumerate(numbers):
        at = bisect_left(tops, number)
        before.append(ends[at - 1] if at else -1)
        tops[at : at + 1] = [number]
        ends[at : at + 1] = [place]
    found: set[int] = set()
    place = ends[-1] if ends else -1
    while place >= 0:
        found.add(place)
        place = before[place]
    return found


def _later(made_at: str, steps: int) -> str:
    """Return a time some microseconds later: moves are applied in the order in which they were made."""
    moment = datetime.fromisoformat(made_at) + timedelta(microseconds=steps)
    return moment.isoformat(timespec="microseconds")

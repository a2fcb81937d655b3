"""The chapters of a text in the order wanted: moved, merged, divided and left out as patches say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from ..book import clean
from ..book.walk import count_words
from ..patches.attributes import LEFT_OUT, Value
from ..patches.base import Base
from ..patches.leaves import HEADING
from ..patches.model import MergeChapterEdit, MoveChapterEdit, Patch, SetEdit, SplitChapterEdit
from ..patches.pieces import plain
from ..patches.words import pieces_of_words
from .document import TEXTS, Block, every
from .errors import UnknownChapter
from .known import Known, Placed, known_of
from .structure import Item, Structure
from .view import View

_ID = re.compile(r"[a-z][a-z0-9-]{0,79}")


@dataclass(frozen=True, slots=True)
class ChapterLine:
    """A chapter in a list of them."""

    id: str
    title: str
    division: str
    words: int
    is_left_out: bool


@dataclass(slots=True)
class Section:
    """A chapter as wanted: ranges of leaves of the base, each of one chapter there. `split` is the patch that it begins
    with, where it was part of another."""

    id: str
    ranges: list[tuple[int, int, int]]  # chapter, first leaf, before which it ends
    split: Patch | None = None
    left_out: Patch | None = None

    @property
    def chapter(self) -> int:
        return self.ranges[0][0]

    def items(self, structure: Structure) -> list[Item]:
        return [
            item
            for chapter, first, end in self.ranges
            for item in structure.items(first, end, ("chapter", chapter, first))
        ]

    def leaves(self) -> Iterable[int]:
        return (leaf for _, first, end in self.ranges for leaf in range(first, end))


def sections_of(base: Base, known: Known) -> list[Section]:
    """Return the chapters in the order wanted, those that are left out too."""
    names = _names(base)
    sections = [
        Section(name, [(number, chapter.first, chapter.end)])
        for number, (name, chapter) in enumerate(zip(names, base.chapters, strict=True))
    ]
    own = dict(enumerate(sections))
    for one in sorted(known.chapters, key=_when):
        edit = one.patch.edit
        if isinstance(edit, SplitChapterEdit):
            _split(sections, one)
        elif isinstance(edit, MergeChapterEdit):
            _merge(sections, own[one.key[1]])
        elif isinstance(edit, MoveChapterEdit):
            after = base.chapter_of(edit.after) if edit.after is not None else None
            _move(sections, own[one.key[1]], own[after] if after is not None else None)
        else:
            own[one.key[1]].left_out = one.patch
    return sections


def _names(base: Base) -> list[str]:
    """Return an id for each chapter: the Book's, if it is one and stands for one chapter only."""
    often = Counter(chapter.id for chapter in base.chapters)
    return [
        chapter.id if often[chapter.id] == 1 and _ID.fullmatch(chapter.id) else f"chapter.{number + 1}"
        for number, chapter in enumerate(base.chapters)
    ]


def _when(one: Placed) -> tuple[int, int, str, str]:
    """Order changes as `patches.apply` does."""
    kinds = (SplitChapterEdit, MergeChapterEdit, MoveChapterEdit, SetEdit)
    order = next(number for number, kind in enumerate(kinds) if isinstance(one.patch.edit, kind))
    place = -one.key[1] if order < 2 else 0
    return order, place, one.patch.made_at, one.patch.identity


def _split(sections: list[Section], one: Placed) -> None:
    leaf = one.key[1]
    for number, section in enumerate(sections):
        chapter, first, end = section.ranges[0]
        if first < leaf < end:
            section.ranges = [(chapter, first, leaf)]
            sections.insert(number + 1, Section(f"from-{leaf}", [(chapter, leaf, end)], one.patch))


def _merge(sections: list[Section], section: Section) -> None:
    place = next(number for number, other in enumerate(sections) if other is section)
    if place:
        sections[place - 1].ranges += section.ranges
        del sections[place]


def _move(sections: list[Section], section: Section, after: Section | None) -> None:
    if not any(other is section for other in sections):
        return
    others = [other for other in sections if other is not section]
    place = next((number + 1 for number, other in enumerate(others) if other is after), 0)
    while after is not None and place < len(others) and _is_divided_from(others[place], after):
        place += 1
    sections[:] = [*others[:place], section, *others[place:]]


def _is_divided_from(section: Section, other: Section) -> bool:
    return section.split is not None and section.chapter == other.chapter


def section_with(sections: Iterable[Section], chapter: str) -> Section:
    """Return the chapter with an id. Raises UnknownChapter."""
    found = next((section for section in sections if section.id == chapter), None)
    if found is None:
        raise UnknownChapter("unknown-chapter")
    return found


def attributes_of(section: Section, view: View) -> dict[str, Value]:
    """Return the attributes of a chapter as patched."""
    base, known = view.base, view.known
    own = base.chapters[section.chapter].attributes
    if section.split is not None and isinstance(section.split.edit, SplitChapterEdit):
        kept = {name: value for name, value in own.items() if name in ("division", "lang", "direction")}
        attributes: dict[str, Value] = kept | {"title": section.split.edit.title, "role": "chapter"}
    else:
        attributes = view.attributes(("chapter", section.chapter), own)
        if "title" not in known.sets.get(("chapter", section.chapter), {}):
            attributes["title"] = _title(section, view)
    return attributes | ({LEFT_OUT: True} if section.left_out is not None else {})


def _title(section: Section, view: View) -> str:
    """Return the title of a chapter, which follows the heading that it is the text of."""
    title = str(view.base.chapters[section.chapter].attributes["title"])
    chapter = view.base.chapters[section.chapter]
    for leaf in sorted(number for number in view.known.words if chapter.first <= number < chapter.end):
        block = view.base.blocks[leaf]
        if block.kind != HEADING:
            continue
        before, after = plain(block.pieces), plain(pieces_of_words(view.words(leaf)))
        if clean.fold(before) and clean.fold(after) and clean.fold(title) == clean.fold(before):
            title = clean.title(after)
    return title


def line_of(section: Section, view: View) -> ChapterLine:
    """Return a chapter's line in the list of them. Counting does not need its blocks where nothing was patched."""
    attributes = attributes_of(section, view)
    return ChapterLine(
        section.id,
        str(attributes["title"]),
        str(attributes.get("division", "")),
        _words_of(section, view),
        bool(attributes.get(LEFT_OUT)),
    )


def _words_of(section: Section, view: View) -> int:
    """Return the number of words. Most chapters have no patches: their words are counted without dividing them."""
    base = view.base
    if view.known.chapters_touched.isdisjoint(chapter for chapter, _, _ in section.ranges):
        read = (plain(piece for piece in base.blocks[leaf].pieces if not piece.kept) for leaf in section.leaves())
        return sum(map(count_words, read))
    blocks = view.blocks(section.items(view.structure))
    return sum(count_words(text_of(block)) for block in every(blocks) if block.kind in TEXTS)


def text_of(block: Block) -> str:
    """Return the words of a block."""
    return plain(piece for piece in block.text if not piece.kept)


@dataclass(slots=True)
class Reading:
    """A base with its patches, read once for what is asked of it."""

    base: Base
    patches: tuple[Patch, ...]
    known: Known = field(init=False)
    view: View = field(init=False)
    sections: list[Section] = field(init=False)

    def __post_init__(self) -> None:
        self.known = known_of(self.base, self.patches)
        self.view = View(Structure(self.base), self.known)
        self.sections = sections_of(self.base, self.known)

"""The patches of a text that apply to its base, by what they are about.

Of patches that are about the same, none applies: `patches.apply` decides in the same way.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from ..patches.attributes import LEFT_OUT, may_set
from ..patches.base import Base
from ..patches.leaves import HEADING, PARAGRAPH, SCENE, TEXT_KINDS
from ..patches.merge import Span
from ..patches.model import (
    CommentEdit,
    InsertEdit,
    JoinEdit,
    KindEdit,
    MergeChapterEdit,
    MoveChapterEdit,
    Patch,
    PictureEdit,
    RemoveEdit,
    SetEdit,
    SplitChapterEdit,
    SplitEdit,
    Target,
    WordsEdit,
)
from ..patches.words import Word, keys_of, words_of
from .structure import Key

_OWNERS = {Target.BLOCK: "b", Target.PICTURE: "b", Target.CONTAINER: "c", Target.CHAPTER: "chapter"}


@dataclass(slots=True)
class Placed:
    """A patch, and what it is about: a leaf, container or chapter of the base by its number."""

    patch: Patch
    key: Key

    @property
    def span(self) -> Span:
        return Span(self.patch.anchor.start, self.patch.anchor.end)


@dataclass
class Known:
    """The patches that apply, by the key of their owner."""

    base: Base
    all: list[Placed] = field(default_factory=list)
    words: dict[int, list[Placed]] = field(default_factory=lambda: defaultdict(list))  # splits too, in order
    joins: dict[int, Patch] = field(default_factory=dict)
    inserts: dict[tuple[Key, bool], Patch] = field(default_factory=dict)
    removed: dict[Key, Patch] = field(default_factory=dict)
    sets: dict[Key, dict[str, Patch]] = field(default_factory=lambda: defaultdict(dict))
    kinds: dict[Key, Patch] = field(default_factory=dict)
    pictures: dict[tuple[int, int], list[Patch]] = field(default_factory=lambda: defaultdict(list))
    chapters: list[Placed] = field(default_factory=list)  # order, merging, dividing and leaving out

    def leaf(self, key: Key) -> int:
        """Return the leaf that the owner of a patch begins with; -1 for a chapter."""
        if key[0] == "c":
            return self.base.containers[key[1]].first
        return key[1] if key[0] == "b" else -1

    @cached_property
    def chapters_touched(self) -> set[int]:
        """The chapters of the base with patches of their blocks."""
        return {self.base.blocks[leaf].chapter for one in self.all if (leaf := self.leaf(one.key)) >= 0}


def known_of(base: Base, patches: Iterable[Patch]) -> Known:
    """Return the patches that apply to the base. Those of another base are in conflict, or it is not their turn."""
    known = Known(base)
    placed = {
        patch.identity: Placed(patch, key)
        for patch in patches
        if patch.base == base.identity and (key := _key(base, patch)) is not None and _fits(base, patch, key)
    }
    claims = Counter(claim for one in placed.values() for claim in _claims(base, one))
    texts: defaultdict[int, list[Placed]] = defaultdict(list)
    for one in placed.values():
        if any(claims[claim] > 1 for claim in _claims(base, one)):
            continue
        if isinstance(one.patch.edit, WordsEdit | SplitEdit):
            texts[one.key[1]].append(one)
        else:
            _sort_in(known, one)
    for number, found in texts.items():
        apart = [one for one in found if not any(other is not one and _overlap(one, other) for other in found)]
        known.words[number] = sorted(apart, key=lambda one: (*one.span, isinstance(one.patch.edit, WordsEdit)))
        known.all += known.words[number]
    return known


def _key(base: Base, patch: Patch) -> Key | None:
    """Return the owner of a patch."""
    edit = patch.edit
    target = "b"
    if isinstance(edit, SetEdit | InsertEdit | RemoveEdit):
        target = _OWNERS[edit.target]
    elif isinstance(edit, KindEdit) and edit.old == "quotation":
        target = "c"
    elif isinstance(edit, MoveChapterEdit | MergeChapterEdit):
        target = "chapter"
    find = {"b": base.block_of, "c": base.container_of, "chapter": base.chapter_of}[target]
    number = find(patch.anchor)
    return None if number is None else (target, number)


def _fits(base: Base, patch: Patch, key: Key) -> bool:
    """Return whether the base is as the patch says."""
    edit, number = patch.edit, key[1]
    if isinstance(edit, WordsEdit | CommentEdit):
        block = base.blocks[number]
        stood = block.words[patch.anchor.start : patch.anchor.end]
        return block.kind in TEXT_KINDS and keys_of(stood) == [word.key for word in _words(edit)]
    if isinstance(edit, SplitEdit):
        return base.blocks[number].kind in (PARAGRAPH, HEADING)
    if isinstance(edit, KindEdit) and key[0] == "b":
        return base.blocks[number].kind == edit.old and edit.new in (PARAGRAPH, HEADING, SCENE, "quotation")
    if isinstance(edit, SetEdit):
        return _may_be_set(base, edit, key)
    if isinstance(edit, JoinEdit):
        return number + 1 < len(base.blocks) and base.blocks[number].kind == base.blocks[number + 1].kind
    return True


def _words(edit: WordsEdit | CommentEdit) -> list[Word]:
    return words_of(edit.old)


def _may_be_set(base: Base, edit: SetEdit, key: Key) -> bool:
    if edit.target is Target.PICTURE:
        return True
    if key[0] == "chapter":
        kind, attributes = "chapter", base.chapters[key[1]].attributes
    else:
        owner = base.blocks[key[1]] if key[0] == "b" else base.containers[key[1]]
        kind, attributes = owner.kind, owner.attributes
    was = attributes.get(edit.name, type(edit.old)())
    return was == edit.old and edit.old != edit.new and may_set(kind, edit.name, edit.new)


def _claims(base: Base, one: Placed) -> Iterator[Hashable]:
    """Yield what a patch is about: the names are those of `patches/blocks.py` and `patches/chapters.py`."""
    edit, key, number = one.patch.edit, one.key, one.key[1]
    if isinstance(edit, SetEdit):
        yield (key, edit.name, one.span if edit.target is Target.PICTURE else "")
    elif isinstance(edit, PictureEdit):
        yield (key, "asset", one.span)
    elif isinstance(edit, KindEdit):
        yield (key, "kind")
    elif isinstance(edit, JoinEdit):
        yield from (("seam", number), ("beside", key, False), ("beside", ("b", number + 1), True))
        yield (("b", number + 1), "kind")
    elif isinstance(edit, InsertEdit):
        yield ("beside", key, edit.is_before)
    elif isinstance(edit, RemoveEdit):
        yield (key, "kind")
        blocks = range(number, number + 1)
        if key[0] == "c":
            blocks = range(base.containers[number].first, base.containers[number].end)
        yield from (("block", block) for block in blocks)
    elif isinstance(edit, SplitEdit):
        yield ("cut", number, one.span)
    else:
        yield from _chapter_claims(base, one)


def _chapter_claims(base: Base, one: Placed) -> Iterator[Hashable]:
    edit, number = one.patch.edit, one.key[1]
    if isinstance(edit, SplitChapterEdit):
        yield ("seam", number - 1)
        for place, container in enumerate(base.containers):
            if container.first == number < container.end:
                yield (("c", place), "kind")
    elif isinstance(edit, MergeChapterEdit):
        yield from (("order", number), ("end", number - 1))
    elif isinstance(edit, MoveChapterEdit):
        yield ("order", number)


def _overlap(one: Placed, other: Placed) -> bool:
    if one.span == other.span:
        return True
    return one.span.start < other.span.end and other.span.start < one.span.end


def _sort_in(known: Known, one: Placed) -> None:
    patch, edit, key = one.patch, one.patch.edit, one.key
    known.all.append(one)
    if isinstance(edit, PictureEdit) or (isinstance(edit, SetEdit) and edit.target is Target.PICTURE):
        known.pictures[key[1], patch.anchor.start].append(patch)
    elif isinstance(edit, SetEdit) and edit.name == LEFT_OUT:
        known.chapters.append(one)
    elif isinstance(edit, SetEdit):
        known.sets[key][edit.name] = patch
    elif isinstance(edit, KindEdit):
        known.kinds[key] = patch
    elif isinstance(edit, JoinEdit):
        known.joins[key[1]] = patch
    elif isinstance(edit, InsertEdit):
        known.inserts[key, edit.is_before] = patch
    elif isinstance(edit, RemoveEdit):
        known.removed[key] = patch
    elif isinstance(edit, SplitChapterEdit | MergeChapterEdit | MoveChapterEdit):
        known.chapters.append(one)

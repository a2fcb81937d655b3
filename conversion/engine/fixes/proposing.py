"""What fixes would correct, as patches of the book as it is: each place can be accepted, declined and undone by itself.

Blocks are known by what they are, since fixes change texts where they stand, take blocks out,
or put one in the place of another. Fixes that build other blocks are not proposed: they are switched on as a whole.
"""

from __future__ import annotations

import traceback
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from ..book.model import AnyBlock, Book, Heading, SceneBreak
from ..checks.analysis import BookAnalysis, analyse
from ..contract import Change
from ..patches import Edit, Fit, FitState, KindEdit, Op, Patch, RemoveEdit, UnknownNode, base_of, words_patches
from ..patches.base import Base
from ..patches.leaves import HEADING, PARAGRAPH, SCENE, Leaf, key_of, leaves_of
from ..patches.pieces import KeyOf, Piece, pieces_of

NOT_PROPOSED = frozenset({"layout.line-breaks", "layout.list-typed", "structure.chapter-empty"})
MAX_PROPOSALS = 10_000

type Fix = Callable[[BookAnalysis], list[Change]]


def proposals(
    book: Book,
    fixes: Mapping[str, Fix],
    fits: Iterable[tuple[Patch, Fit]] = (),
    *,
    failed: Callable[[str], None] | None = None,
) -> list[Patch]:
    """Return the patches that these fixes come to, by their codes; the book is changed. What touches a patch with a
    place is left out: it is the author's text already, or was declined. `failed` is told of fixes that raise: what they
    did before is left out, too."""
    proposing = _Proposing(book)
    failures: set[str] = set()
    analysis: BookAnalysis | None = None
    for code, fix in fixes.items():
        if code in NOT_PROPOSED:
            continue
        analysis = analysis or analyse(book)
        try:
            if not fix(analysis):
                continue
        except Exception as error:
            if failed is None or isinstance(error, MemoryError | RecursionError):
                raise
            traceback.print_exc()
            failed(code)
            failures.add(code)
        analysis = None  # it describes the book before the fix
        proposing.take(code)
    placed = [
        replace(patch, anchor=fit.anchor)
        for patch, fit in fits
        if fit.anchor is not None and fit.state is not FitState.CONFLICT
    ]
    wanted = (patch for patch in proposing.patches() if patch.author not in failures)
    return list(islice(untouched(wanted, placed), MAX_PROPOSALS))


def untouched(proposed: Iterable[Patch], placed: Iterable[Patch]) -> Iterator[Patch]:
    """Yield the proposals that touch none of these patches, all of which count in the same base."""
    taken: defaultdict[int, list[Patch]] = defaultdict(list)
    for patch in placed:
        taken[patch.anchor.block].append(patch)
    return (one for one in proposed if not any(_touch(one, old) for old in taken.get(one.anchor.block, ())))


@dataclass(slots=True)
class _Leaf:
    """A leaf: its block and text now, and what fixes did to it."""

    leaf: Leaf
    block: AnyBlock
    text: list[Piece]
    words: list[Patch] = field(default_factory=list)
    whole: Patch | None = None  # it is removed, or of another kind


class _Proposing:
    def __init__(self, book: Book) -> None:
        self.base: Base = base_of(book)
        self.fixed = book
        self._key: KeyOf = key_of(book)  # it keeps the names that notes had before the fixes
        self._leaves = [_Leaf(one, one.block, self._text(one)) for one in leaves_of(self.fixed).leaves]
        self._numbers = {id(one.block): n for n, one in enumerate(self._leaves) if one.leaf.siblings is not None}
        self._tops = {id(chapter): list(chapter.blocks) for chapter in self.fixed.chapters}

    def _text(self, leaf: Leaf) -> list[Piece]:
        pieces = pieces_of(leaf.inlines, self._key) if leaf.inlines is not None else []
        return [replace(piece, node=None) for piece in pieces if piece.text]

    def take(self, code: str) -> None:
        """Note what a fix did: blocks that went or became others, and texts that changed."""
        for chapter in self.fixed.chapters:
            before = self._tops[id(chapter)]
            self._blocks(code, before, chapter.blocks)
            self._tops[id(chapter)] = list(chapter.blocks)
        for number, one in enumerate(self._leaves):
            if one.leaf.inlines is None or (one.whole is not None and isinstance(one.whole.edit, RemoveEdit)):
                continue
            text = self._text(one.leaf)
            if text != one.text:
                one.text = text
                self._words(code, number, one)

    def _blocks(self, code: str, before: list[AnyBlock], now: list[AnyBlock]) -> None:
        known, here = set(map(id, before)), {id(block): place for place, block in enumerate(now)}
        at = 0
        for block in before:
            if id(block) in here:
                at = here[id(block)] + 1
                continue
            number = self._numbers.get(id(block))
            became = now[at] if at < len(now) and id(now[at]) not in known else None
            at += became is not None
            if number is not None:
                self._became(code, number, became)

    def _became(self, code: str, number: int, block: AnyBlock | None) -> None:
        one = self._leaves[number]
        if block is None:
            one.words, one.whole = [], self._patch(code, number, RemoveEdit())
            return
        one.block = block
        self._numbers[id(block)] = number
        if isinstance(block, SceneBreak) and one.leaf.kind == PARAGRAPH:
            one.words, one.leaf.inlines = [], None
            one.whole = self._patch(code, number, KindEdit(PARAGRAPH, SCENE, {"sign": block.sign}))
        elif isinstance(block, Heading) and one.leaf.kind == PARAGRAPH:
            one.leaf.inlines = block.inlines
            one.whole = self._patch(code, number, KindEdit(PARAGRAPH, HEADING, {"level": block.level}))

    def _words(self, code: str, number: int, one: _Leaf) -> None:
        """Compare a text with its base. What an earlier fix did stays that one's."""
        try:
            made = words_patches(self.base, number, one.text, author=code)
        except UnknownNode:
            return
        earlier = {(patch.anchor, patch.edit): patch for patch in one.words}
        one.words = [earlier.get((patch.anchor, patch.edit), patch) for patch in made]

    def _patch(self, code: str, number: int, edit: Edit) -> Patch:
        return Patch(self.base.identity, self.base.anchor(number), edit, code)

    def patches(self) -> Iterator[Patch]:
        for one in self._leaves:
            if one.whole is not None:
                yield one.whole
            yield from one.words


def _touch(patch: Patch, other: Patch) -> bool:
    """Return whether two patches of a block do not go together, or are the same."""
    if patch.op is not other.op:
        return Op.REMOVE in (patch.op, other.op)
    return patch.anchor.start <= other.anchor.end and other.anchor.start <= patch.anchor.end

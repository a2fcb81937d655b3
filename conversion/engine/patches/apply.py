"""Apply patches to a Book: exactly, or not at all.

All places are looked for in the Book as it was read; then everything is changed at once. So patches do not depend on
each other, and a Book without one of them is the Book as if that one had never been.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..book.model import Book, Inline
from .base import Base, BlockAnchor, base_of
from .leaves import Leaves, leaves_of
from .merge import Reason, Span
from .model import CommentEdit, Fit, FitState, Patch, WordsEdit
from .pieces import Mark, Piece
from .placing import Place, Placing
from .words import Word, keys_of, pieces_of_words


@dataclass(slots=True)
class _Found:
    """A words patch that fits: where, and the words that come there."""

    patch: Patch
    place: Place
    words: list[Word]


@dataclass(slots=True)
class Applied:
    """The patched Book, the base of the Book before, and how each patch fits."""

    book: Book
    base: Base
    fits: list[Fit] = field(default_factory=list)


def apply_patches(book: Book, bases: Mapping[str, Base], patches: Iterable[Patch]) -> Applied:
    """Apply patches to the book, which is changed. `bases` has the base of each patch by its identity; a patch without
    one is in conflict."""
    run = _Run(book, bases)
    for patch in {patch.identity: patch for patch in patches}.values():
        run.place(patch)
    run.write()
    return Applied(book, run.base, list(run.fits.values()))


class _Run:
    def __init__(self, book: Book, bases: Mapping[str, Base]) -> None:
        self.book, self.bases = book, bases
        self.leaves: Leaves = leaves_of(book)
        self.base = base_of(book, self.leaves)
        self.fits: dict[str, Fit] = {}
        self._placings: dict[str, Placing] = {}
        self._found: defaultdict[int, list[_Found]] = defaultdict(list)

    # ------------------------------------------------------------ finding

    def place(self, patch: Patch) -> None:
        """Find where a patch applies, and note how it fits."""
        placing = self._placing(patch.base)
        block = placing.old.block_of(patch.anchor) if placing else None
        if placing is None or block is None:
            self._note(patch, FitState.CONFLICT, reason=Reason.GONE)
        elif isinstance(patch.edit, CommentEdit):
            self._comment(patch, placing, block)
        elif isinstance(patch.edit, WordsEdit):
            self._words(patch, patch.edit, placing, block)

    def _placing(self, base: str) -> Placing | None:
        if base not in self._placings and base in self.bases:
            self._placings[base] = Placing(self.bases[base], self.base)
        return self._placings.get(base)

    def _comment(self, patch: Patch, placing: Placing, block: int) -> None:
        found = placing.words(block, _span(patch))
        if isinstance(found, Reason):
            self._conflict(patch, placing, block, found)
        else:
            self._note(patch, FitState.APPLIED, found)

    def _words(self, patch: Patch, edit: WordsEdit, placing: Placing, block: int) -> None:
        span, old, new = _span(patch), edit.old_words, edit.new_words
        is_typography = keys_of(old) == keys_of(new)
        stood = keys_of(placing.old.blocks[block].words[slice(*span)])
        was_adopted = stood != keys_of(old)
        if was_adopted and stood != keys_of(new):  # the patch is not of this base
            self._conflict(patch, placing, block, Reason.CHANGED)
            return
        here = placing.words(block, span, old if was_adopted else None)
        there = Reason.CHANGED if is_typography else placing.words(block, span, None if was_adopted else new)
        if isinstance(here, Place) and isinstance(there, Place):
            self._conflict(patch, placing, block, Reason.SEVERAL)
        elif isinstance(there, Place):
            self._note(patch, FitState.ADOPTED, there)
        elif isinstance(here, Reason):
            self._conflict(patch, placing, block, here)
        else:
            self._at(patch, placing, block, here)

    def _at(self, patch: Patch, placing: Placing, block: int, place: Place) -> None:
        """Decide about a patch whose base words are found: applied, adopted, or in conflict with other marks."""
        assert isinstance(patch.edit, WordsEdit)  # noqa: S101 (for mypy)
        theirs = self.leaves.leaves[place.block].words[slice(*place.span)]
        old, new = patch.edit.old_words, patch.edit.new_words
        if keys_of(old) == keys_of(new) and theirs == new:
            self._note(patch, FitState.ADOPTED, place)
            return
        words = _with_marks(old, new, theirs)
        if words is None:
            self._conflict(patch, placing, block, Reason.MARKS)
            return
        words = _with_nodes(_with_gap(old, words, theirs), old, theirs)
        self._found[place.block].append(_Found(patch, place, words))
        self._note(patch, FitState.APPLIED, place)

    def _note(self, patch: Patch, state: FitState, place: Place | None = None, *, reason: Reason | None = None) -> None:
        anchor = self.base.anchor(place.block, *place.span) if place is not None else None
        self.fits[patch.identity] = Fit(patch.identity, state, anchor, reason)

    def _conflict(self, patch: Patch, placing: Placing, block: int, reason: Reason) -> None:
        guess = placing.guess(block, _span(patch))
        anchor: BlockAnchor | None = None
        theirs: tuple[Piece, ...] = ()
        if guess is not None:
            anchor = self.base.anchor(guess.block, *guess.span)
            theirs = tuple(pieces_of_words(self.base.blocks[guess.block].words))
        self.fits[patch.identity] = Fit(patch.identity, FitState.CONFLICT, None, reason, theirs, anchor)

    # ------------------------------------------------------------ changing

    def write(self) -> None:
        """Change the Book where patches apply. Two about the same words are both in conflict."""
        for block, found in self._found.items():
            found.sort(key=lambda one: one.place.span)
            apart = self._apart(found)
            leaf = self.leaves.leaves[block]
            words = list(leaf.words)
            for one in reversed(apart):
                _splice(words, one.place.span, one.words)
            if apart:
                leaf.write(words)

    def _apart(self, found: list[_Found]) -> list[_Found]:
        touching: set[str] = set()
        furthest = found[0]
        for one in found[1:]:
            if one.place.span.start < furthest.place.span.end or one.place.span == furthest.place.span:
                touching |= {one.patch.identity, furthest.patch.identity}
            furthest = max(furthest, one, key=lambda each: each.place.span.end)
        for one in found:
            if one.patch.identity in touching:
                self.fits[one.patch.identity] = replace(
                    self.fits[one.patch.identity],
                    state=FitState.CONFLICT,
                    anchor=None,
                    reason=Reason.TOUCHES,
                    guess=self.fits[one.patch.identity].anchor,
                    theirs=tuple(pieces_of_words(self.base.blocks[one.place.block].words)),
                )
        return [one for one in found if one.patch.identity not in touching]


def _span(patch: Patch) -> Span:
    return Span(patch.anchor.start, patch.anchor.end)


def _with_marks(old: Sequence[Word], new: Sequence[Word], theirs: Sequence[Word]) -> list[Word] | None:
    """Return the new words with the marks that the words have now, None where both changed them.

    Marks are merged as words are: who left them as they were takes the other's.
    """
    if [word.marks for word in old] == [word.marks for word in theirs] or not theirs:
        return list(new)
    was, mine, now = _only_mark(old), _only_mark(new), _only_mark(theirs)
    if now is None or was is None or was != mine:
        return list(new) if _same_marks(new, theirs) else None
    return [_marked(word, now) for word in new]


def _with_gap(old: Sequence[Word], new: list[Word], theirs: Sequence[Word]) -> list[Word]:
    """Return the new words with what follows them now, unless that is what was changed."""
    if not old or not new or not theirs or old[-1].gap != new[-1].gap:
        return new
    return [*new[:-1], replace(new[-1], gap=theirs[-1].gap)]


def _same_marks(one: Sequence[Word], other: Sequence[Word]) -> bool:
    return [word.marks for word in one] == [word.marks for word in other]


def _only_mark(words: Sequence[Word]) -> tuple[Mark, ...] | None:
    """Return the marks that all the words have in the same way."""
    found = {piece.marks for word in words for piece in word.pieces}
    return found.pop() if len(found) == 1 else (() if not found else None)


def _marked(word: Word, marks: tuple[Mark, ...]) -> Word:
    return Word(
        tuple(replace(piece, marks=marks) for piece in word.pieces),
        tuple(replace(piece, marks=marks) for piece in word.gap),
        word.hidden,
    )


def _with_nodes(new: Iterable[Word], old: Sequence[Word], theirs: Sequence[Word]) -> list[Word]:
    """Return the new words with the nodes that stand where the base had them."""
    nodes: defaultdict[str, list[Inline]] = defaultdict(list)
    for word, other in zip(old, theirs, strict=False):
        for piece, there in zip(word.pieces, other.pieces, strict=False):
            if piece.kept and there.node is not None:
                nodes[piece.kept].append(there.node)
    return [
        replace(word, pieces=tuple(replace(p, node=nodes[p.kept].pop(0)) if p.kept else p for p in word.pieces))
        for word in new
    ]


def _splice(words: list[Word], span: Span, new: Sequence[Word]) -> None:
    """Put new words in place of others. Link targets stay, else each link to them dies."""
    hidden = tuple(node for word in words[slice(*span)] for node in word.hidden)
    words[slice(*span)] = new
    if hidden:
        _give(words, span.start, hidden)


def _give(words: list[Word], at: int, hidden: tuple[Inline, ...]) -> None:
    """Put link targets in front of the word at a place, or of the last one."""
    if not words:
        words.append(Word((), (), hidden))
        return
    at = min(at, len(words) - 1)
    words[at] = replace(words[at], hidden=hidden + words[at].hidden)

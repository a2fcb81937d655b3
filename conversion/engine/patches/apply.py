"""Apply patches to a Book: exactly, or not at all.

All places are looked for in the Book as it was read; then everything is changed at once. So patches do not depend on
each other, and a Book without one of them is the Book as if that one had never been.
"""

from __future__ import annotations

import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..book.model import Asset, Book, Inline, NoteRef
from ..book.walk import walk
from . import blocks, chapters
from .attributes import LEFT_OUT
from .base import Base, BlockAnchor, base_of
from .leaves import HEADING, Leaves, leaves_of
from .merge import Reason, Span
from .model import (
    CommentEdit,
    Fit,
    FitState,
    Op,
    Patch,
    SetEdit,
    SplitEdit,
    Target,
    WordsEdit,
)
from .outcome import Outcome, Patching
from .pieces import Mark, Piece, plain
from .placing import Place, Placing
from .words import Word, kept_in, keys_of, pieces_of_words


@dataclass(slots=True)
class _Found:
    """A words patch that fits: where, and the words that come there."""

    patch: Patch
    place: Place
    words: list[Word]
    split: SplitEdit | None = None

    @property
    def order(self) -> tuple[int, int, bool]:
        """Words that come in where a block is divided begin the second half."""
        return *self.place.span, self.split is None


@dataclass(slots=True)
class Applied:
    """The patched Book, the base and the leaves of the Book before, and how each patch fits."""

    book: Book
    base: Base
    leaves: Leaves
    fits: list[Fit] = field(default_factory=list)


def apply_patches(
    book: Book,
    bases: Mapping[str, Base],
    patches: Iterable[Patch],
    *,
    suggested: Iterable[Patch] = (),
    pictures: Mapping[str, Asset] | None = None,
) -> Applied:
    """Apply patches to the book, which is changed. `bases` has the base of each patch by its identity; a patch without
    one is in conflict. `suggested` ones are placed and not applied: one that touches a patch is in conflict. `pictures`
    are those that patches put in, by the sha256 of their files."""
    known = {patch.identity: patch for patch in patches}
    others = {patch.identity: patch for patch in suggested if patch.identity not in known}
    run = _Run(book, bases, pictures or {}, frozenset(others))
    for patch in (*known.values(), *others.values()):
        run.place_safely(patch)
    run.write()
    return Applied(book, run.base, run.leaves, list(run.fits.values()))


def _set(patch: Patch, edit: SetEdit, at: Placing, book: Patching) -> Outcome:
    change = chapters.set_chapter if edit.target is Target.CHAPTER else blocks.set_attributes
    return change(patch, edit, at, book)


# Where a patch of whole blocks or chapters applies. The edit is the one of the op.
_STRUCTURAL: dict[Op, Callable[[Patch, Any, Placing, Patching], Outcome]] = {
    Op.SET: _set,
    Op.PICTURE: blocks.set_picture,
    Op.KIND: blocks.set_kind,
    Op.JOIN: blocks.join,
    Op.SPLIT_CHAPTER: chapters.split,
    Op.INSERT: blocks.insert,
    Op.REMOVE: blocks.remove,
    Op.MERGE_CHAPTER: chapters.merge,
    Op.MOVE_CHAPTER: chapters.move,
}
# In this order they are made: words first, while leaves are what they were; chapters when their blocks are.
_ORDER = {op: number for number, op in enumerate(_STRUCTURAL)}


_SHOWN_AROUND, _MAX_SHOWN = 40, 300  # words of what stands where a patch does not fit


class _Run:
    def __init__(
        self, book: Book, bases: Mapping[str, Base], pictures: Mapping[str, Asset], suggested: frozenset[str]
    ) -> None:
        self.book, self.bases, self.suggested = book, bases, suggested
        self.leaves: Leaves = leaves_of(book)
        self.base = base_of(book, self.leaves)
        self.patching = Patching(book, self.leaves, self.base, pictures)
        self.fits: dict[str, Fit] = {}
        self._placings: dict[str, Placing] = {}
        self._found: defaultdict[int, list[_Found]] = defaultdict(list)
        self._outcomes: list[tuple[Patch, Outcome]] = []

    # ------------------------------------------------------------ finding

    def place_safely(self, patch: Patch) -> None:
        """Find where a patch applies; one whose search raises is in conflict. Nothing is changed while patches are
        placed, so the others do not suffer from it."""
        try:
            self.place(patch)
        except (MemoryError, RecursionError):
            raise
        except Exception:
            traceback.print_exc()
            self._note(patch, FitState.CONFLICT, reason=Reason.FAILED)

    def place(self, patch: Patch) -> None:
        """Find where a patch applies, and note how it fits."""
        placing = self._placing(patch.base)
        if placing is None:
            self._note(patch, FitState.CONFLICT, reason=Reason.GONE)
        elif isinstance(patch.edit, WordsEdit | CommentEdit):
            block = placing.old.block_of(patch.anchor)
            if block is None or patch.anchor.end > len(placing.old.blocks[block].words):
                self._note(patch, FitState.CONFLICT, reason=Reason.GONE)
            elif isinstance(patch.edit, CommentEdit):
                self._comment(patch, placing, block)
            else:
                self._words(patch, patch.edit, placing, block)
        elif isinstance(patch.edit, SplitEdit):
            self._split(patch, patch.edit, placing)
        else:
            self._take(patch, _STRUCTURAL[patch.op](patch, patch.edit, placing, self.patching), placing)

    def _take(self, patch: Patch, outcome: Outcome, placing: Placing) -> None:
        block = placing.old.block_of(patch.anchor)
        if outcome.state is FitState.CONFLICT and outcome.reason is not None and block is not None:
            self._conflict(patch, placing, block, outcome.reason)
            return
        self.fits[patch.identity] = Fit(
            patch.identity, outcome.state, outcome.anchor, outcome.reason, target=outcome.target
        )
        if outcome.action is not None:
            self._outcomes.append((patch, outcome))

    def _split(self, patch: Patch, edit: SplitEdit, placing: Placing) -> None:
        outcome, place = blocks.split(patch, edit, placing, self.patching)
        self._take(patch, outcome, placing)
        if place is not None:
            self._found[place.block].append(_Found(patch, place, [], edit))

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
        is_foreign = was_adopted and stood != keys_of(new)  # the patch is not of this base
        if is_foreign or Counter(kept_in(new)) - Counter(kept_in(old)):
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
            theirs = self._shown(guess)
        self.fits[patch.identity] = Fit(patch.identity, FitState.CONFLICT, None, reason, theirs, anchor)

    def _shown(self, place: Place) -> tuple[Piece, ...]:
        """Return the words at a place with some around them: blocks may be long, and conflicts many."""
        words = self.base.blocks[place.block].words
        start = max(0, place.span.start - _SHOWN_AROUND)
        return tuple(pieces_of_words(words[start : place.span.end + _SHOWN_AROUND][:_MAX_SHOWN]))

    # ------------------------------------------------------------ changing

    def write(self) -> None:
        """Change the Book where patches apply. Two about the same words, or the same block, are both in conflict."""
        together = self._without_clashes()
        referenced = _referenced(self.book) if self.book.notes else set()
        for block, found in self._found.items():
            found.sort(key=lambda one: one.order)
            if apart := self._apart(found):
                self._write_leaf(block, apart)
        for patch, outcome in sorted(together, key=_when):
            if outcome.action is not None and self.fits[patch.identity].state is FitState.APPLIED:
                outcome.action()
        while referenced and (gone := (referenced & self.book.notes.keys()) - _referenced(self.book)):
            for note in gone:  # a note whose mark was removed goes with it
                del self.book.notes[note]

    def _write_leaf(self, block: int, found: Sequence[_Found]) -> None:
        leaf = self.leaves.leaves[block]
        before = plain(pieces_of_words(leaf.words))
        words = list(leaf.words)
        rests: list[tuple[int, SplitEdit]] = []
        for one in reversed(found):
            if one.split is not None:
                rests = [(one.place.span.start, one.split), *((at, edit) for at, edit in rests)]
                continue
            _splice(words, one.place.span, one.words)
            grown = len(one.words) - (one.place.span.end - one.place.span.start)
            rests = [(at + grown, edit) for at, edit in rests]
        leaf.write(words)
        for at, edit in reversed(rests):
            rest = blocks.divide(leaf, at, edit, self.patching.node_near(block))
            self.patching.rests.setdefault(block, rest)
        if leaf.kind == HEADING and leaf.chapter >= 0:
            after = plain(pieces_of_words(leaf.words))
            chapters.rename_entries(self.book, self.book.chapters[leaf.chapter], before, after)

    def _without_clashes(self) -> list[tuple[Patch, Outcome]]:
        """Return the changes of whole blocks that go together. A suggestion gives way to what is applied."""
        claims = Counter(
            claim
            for patch, outcome in self._outcomes
            if patch.identity not in self.suggested
            for claim in outcome.claims
        )
        alone = []
        for patch, outcome in self._outcomes:
            is_suggested = patch.identity in self.suggested
            if any(claims[claim] > (0 if is_suggested else 1) for claim in outcome.claims):
                self._clash(patch)
            elif not is_suggested:
                alone.append((patch, outcome))
        return alone

    def _apart(self, found: list[_Found]) -> list[_Found]:
        """Return the patches of a block that do not touch, without suggestions."""
        firm = [one for one in found if one.patch.identity not in self.suggested]
        for one in found:
            if any(other is not one and _overlap(one.place.span, other.place.span) for other in firm):
                self._clash(one.patch, one.place)
        return [one for one in firm if self.fits[one.patch.identity].state is FitState.APPLIED]

    def _clash(self, patch: Patch, place: Place | None = None) -> None:
        """Note that another patch is about the same; where this one would be becomes its guess."""
        fit = self.fits[patch.identity]
        if fit.state is FitState.APPLIED:
            theirs = self._shown(place) if place is not None else ()
            conflict = Fit(fit.patch, FitState.CONFLICT, None, Reason.TOUCHES, theirs, fit.anchor)
            self.fits[patch.identity] = conflict


def _referenced(book: Book) -> set[str]:
    """Return the notes that the text or other notes refer to."""
    places = (*(chapter.blocks for chapter in book.chapters), *(note.blocks for note in book.notes.values()))
    return {node.note_id for blocks_ in places for node in walk(blocks_) if type(node) is NoteRef}


def _overlap(one: Span, other: Span) -> bool:
    """Return whether two ranges share a word, or nothing is between two that are empty. Words that come in at the edge
    of others do not overlap with them: which come first is known."""
    if one == other:
        return True
    return one.start < other.end and other.start < one.end


def _when(change: tuple[Patch, Outcome]) -> tuple[int, int, str, str]:
    """Order changes: from the end of the Book, those of chapters as they were made."""
    patch, outcome = change
    if isinstance(patch.edit, SetEdit) and patch.edit.name == LEFT_OUT:
        return len(_ORDER), 0, patch.made_at, patch.identity  # when chapters are what they will be
    block = -outcome.anchor.block if outcome.anchor is not None and patch.op is not Op.MOVE_CHAPTER else 0
    return _ORDER.get(patch.op, 0), block, patch.made_at, patch.identity


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

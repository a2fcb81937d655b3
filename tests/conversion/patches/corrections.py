"""An author's corrections of a book, and whether they came to the right words of its next version.

The truth is that of `versions.py`: the origin of every word. Where two readings of the same book have no origins in
common, the words around a place tell (`carried_by_context`).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from time import process_time

from conversion.engine.book.model import Book
from conversion.engine.patches import Fit, FitState, Patch, WordsEdit, apply_patches, words_patches
from conversion.engine.patches.base import Base
from conversion.engine.patches.leaves import TEXT_KINDS, leaves_of
from conversion.engine.patches.pieces import Piece
from conversion.engine.patches.words import Word, fold, pieces_of_words
from tests.conversion.patches.versions import NEW, Editor, Version, copied, is_island, resolved

HALF = 25  # words on each side of a place that tell where it is


@dataclass
class Made:
    """A patch, and the origins of the words that it is about: its own, and one on each side. Its name stays when it is
    anchored anew."""

    patch: Patch
    origins: list[int]
    around: tuple[int, int]
    name: str = ""

    @property
    def adopted(self) -> int:
        """The origin of words that the author corrected in the manuscript as the patch does."""
        return -2 - int(self.name[:12], 16)


@dataclass
class Tally:
    counts: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def percent(self, name: str) -> float:
        return 100 * self.counts[name] / max(1, self.counts["patches"])

    @property
    def fitting(self) -> float:
        return self.percent("applied") + self.percent("adopted")


# ---------------------------------------------------------------- making patches


def patches(version: Version, base: Base, chance: random.Random, count: int) -> list[Made]:
    """Make patches of single places, a third of them where words or blocks repeat. None touches another."""
    leaves = version.leaves
    filled = [
        n for n, leaf in enumerate(leaves) if leaf.kind in TEXT_KINDS and any(map(str.isalnum, letters(leaf.words)))
    ]
    often = Counter(base.keys)
    twins = [n for n in filled if often[base.keys[n]] > 1]
    vocabulary = version.vocabulary
    frequent = {fold(word) for word, _ in Counter(vocabulary).most_common(60)}
    taken: dict[int, list[tuple[int, int]]] = {}
    made: list[Made] = []
    while len(made) < count:
        on_purpose = len(made) < count // 3
        block = chance.choice(twins if on_purpose and twins and chance.random() < 0.3 else filled)
        words = list(base.blocks[block].words)
        at = _place(words, frequent, chance, on_purpose=on_purpose)
        now = edited(words, at, vocabulary, chance)
        found = words_patches(base, block, pieces_of_words(now), author="usr_author")
        if len(found) != 1 or _touches(taken.get(block, ()), found[0]):
            continue
        anchor = found[0].anchor
        taken.setdefault(block, []).append((anchor.start, anchor.end))
        origins = version.of(leaves[block])
        around = (
            origins[anchor.start - 1] if anchor.start else NEW,
            origins[anchor.end] if anchor.end < len(origins) else NEW,
        )
        made.append(Made(found[0], origins[anchor.start : anchor.end], around, found[0].identity))
    return made


def _touches(taken: Iterable[tuple[int, int]], patch: Patch) -> bool:
    return any(patch.anchor.start <= end + 1 and start <= patch.anchor.end + 1 for start, end in taken)


def _place(words: list[Word], frequent: set[str], chance: random.Random, *, on_purpose: bool) -> int:
    places = [n for n, word in enumerate(words) if word.text]
    if on_purpose and (common := [n for n in places if words[n].key in frequent]):
        places = common
    return chance.choice(places)


def edited(words: list[Word], at: int, vocabulary: list[str], chance: random.Random) -> list[Word]:
    """Return the words with a slip corrected: another word, one more, one or some fewer, other letters."""
    now, luck = list(words), chance.random()
    gap = words[at].gap or ((Piece(" "),) if any(word.gap for word in words) else ())
    marks = words[at].pieces[0].marks
    other = Word((Piece(chance.choice(vocabulary), marks),), gap)
    if is_island(words[at]) or luck < 0.25:
        now.insert(at, other)
    elif luck < 0.6:
        now[at] = Word((Piece(_slip(words[at].text, chance), marks),), words[at].gap)
    elif luck < 0.8:
        now[at] = Word(other.pieces, words[at].gap)
    else:
        del now[at : at + chance.randint(1, 3)]
    return now


def _slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    return chance.choice((word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:], word + ",")) or word + ","


# ---------------------------------------------------------------- the truth


def correct(editor: Editor, made: Sequence[Made], base: str) -> None:
    """Make a twelfth of the corrections in the manuscript too. Their words are the patch's: their origin says so."""
    leaves = editor.version.leaves
    for one in sorted(editor.chance.sample(list(made), len(made) // 12), key=_from_the_end):
        anchor, edit = one.patch.anchor, one.patch.edit
        assert isinstance(edit, WordsEdit)
        if one.patch.base != base:
            continue
        leaf = leaves[anchor.block]
        if any(word.pieces[0].kept for word in leaf.words[anchor.start : anchor.end] if word.pieces):
            continue
        words, origins = list(leaf.words), list(editor.version.of(leaf))
        if origins[anchor.start : anchor.end] != one.origins:
            continue  # it is corrected already
        words[anchor.start : anchor.end] = edit.new_words
        origins[anchor.start : anchor.end] = [one.adopted] * len(edit.new_words)
        editor.version.put(leaf, words, origins)


def _from_the_end(one: Made) -> tuple[int, int]:
    return -one.patch.anchor.block, -one.patch.anchor.start


def carried(version: Version, bases: Sequence[Base], made: Sequence[Made], tally: Tally) -> tuple[Base, list[Made]]:
    """Apply the patches to a version, and count what became of them. Return its base, and the patches anchored in it;
    those in conflict stay where they were."""
    patched = copied(version)
    leaves = patched.leaves
    everything = {origin for leaf in leaves for origin in patched.of(leaf)}
    origins = [resolved(patched.of(leaf), everything) for leaf in leaves]
    before = [list(leaf.words) for leaf in leaves]
    base, fits = _applied(patched.book, bases, made, tally)
    for one, fit in zip(made, fits, strict=True):
        count(one, fit, everything, tally)
        if fit.state is not FitState.CONFLICT and not _is_right(one, fit, origins):
            tally.counts["wrong"] += 1
    check_text(patched.book, before, list(zip(made, fits, strict=True)))
    return base, [anew(one, fit, base) for one, fit in zip(made, fits, strict=True)]


def _applied(book: Book, bases: Sequence[Base], made: Sequence[Made], tally: Tally) -> tuple[Base, list[Fit]]:
    start = process_time()
    applied = apply_patches(book, {base.identity: base for base in bases}, [one.patch for one in made])
    tally.seconds.append(process_time() - start)
    fits = {fit.patch: fit for fit in applied.fits}
    return applied.base, [fits[one.patch.identity] for one in made]


def anew(one: Made, fit: Fit, base: Base) -> Made:
    """Anchor a patch in the version that it was applied to."""
    if fit.anchor is None:
        return one
    return replace(one, patch=replace(one.patch, base=base.identity, anchor=fit.anchor))


def count(one: Made, fit: Fit, everything: set[int], tally: Tally) -> None:
    tally.counts["patches"] += 1
    tally.counts[str(fit.state)] += 1
    if fit.state is FitState.CONFLICT:
        tally.counts["gone"] += not set(one.origins) <= everything


def _is_right(one: Made, fit: Fit, origins: list[list[int]]) -> bool:
    assert fit.anchor is not None
    there = origins[fit.anchor.block]
    span = there[fit.anchor.start : fit.anchor.end]
    around = (
        there[fit.anchor.start - 1] if fit.anchor.start else NEW,
        there[fit.anchor.end] if fit.anchor.end < len(there) else NEW,
    )
    if fit.state is FitState.APPLIED:
        return span == one.origins if one.origins else _is_between(around, one.around)
    # Words that were corrected in the manuscript too; where they are gone, their neighbours are the same.
    return set(span) == {one.adopted} if span else _is_between(around, one.around)


def _is_between(around: tuple[int, int], wanted: tuple[int, int]) -> bool:
    """Return whether words stand between the same words, or at the edge of their block beside one of them."""
    if any(here != there for here, there in zip(around, wanted, strict=True) if NEW not in (here, there)):
        return False
    return around[0] == wanted[0] != NEW or around[1] == wanted[1] != NEW or around == wanted


def check_text(book: Book, before: list[list[Word]], result: Sequence[tuple[Made, Fit]]) -> None:
    """Compare the patched text with one made by hand from where the patches say they are: else the figures mean
    nothing."""
    wanted = [list(words) for words in before]
    for one, fit in _last_first(result):
        assert fit.anchor is not None and isinstance(one.patch.edit, WordsEdit)
        wanted[fit.anchor.block][fit.anchor.start : fit.anchor.end] = one.patch.edit.new_words
    running = [leaf for leaf in leaves_of(book).leaves if leaf.chapter >= 0]  # notes may be gone with their marks
    for leaf, words in zip(running, wanted, strict=False):
        if letters(leaf.words) != letters(words):
            raise AssertionError(f"more or less than its words: {letters(leaf.words)} / {letters(words)}")


def letters(words: Iterable[Word]) -> str:
    """Return what is compared: without note marks, whose notes may have been patched too."""
    return fold("".join(word.key for word in words if not word.pieces or not word.pieces[0].kept))


def _last_first(result: Sequence[tuple[Made, Fit]]) -> list[tuple[Made, Fit]]:
    applied = [(one, fit) for one, fit in result if fit.state is FitState.APPLIED]
    return sorted(applied, key=lambda pair: (pair[1].anchor.block, pair[1].anchor.start), reverse=True)  # type: ignore[union-attr]


# ---------------------------------------------------------------- the truth without origins


class Context:
    """The words of a whole base in a row, for the words around a place."""

    def __init__(self, base: Base) -> None:
        self.words: list[str] = []
        self._first: list[int] = []
        for block in base.blocks:
            self._first.append(len(self.words))
            self.words += [_letters_of(key) for key in block.keys]

    def around(self, block: int, start: int, end: int) -> list[str]:
        low, high = self._first[block] + start, self._first[block] + end
        return [w for w in self.words[max(0, low - HALF) : low] + self.words[high : high + HALF] if w]


def _letters_of(key: str) -> str:
    return "".join(char for char in key if char.isalnum()).casefold()


def carried_by_context(book: Book, base: Base, made: Sequence[Made], tally: Tally) -> tuple[Base, list[Made]]:
    """Apply the patches to another reading of the same text, and count what became of them. One stands on other words
    where those around it are others."""
    after, fits = _applied(book, [base], made, tally)
    here, there = Context(base), Context(after)
    for one, fit in zip(made, fits, strict=True):
        tally.counts["patches"] += 1
        tally.counts[str(fit.state)] += 1
        if fit.anchor is None:
            continue
        anchor, other = one.patch.anchor, fit.anchor
        ours = here.around(anchor.block, anchor.start, anchor.end)
        theirs = there.around(other.block, other.start, other.end)
        if SequenceMatcher(None, ours, theirs, autojunk=False).ratio() < 0.5:
            tally.counts["wrong"] += 1
    return after, [anew(one, fit, after) for one, fit in zip(made, fits, strict=True)]

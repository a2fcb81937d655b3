"""Measure whether author's patches survive the next upload of a manuscript.

    python -m bench.patches --corpus ../shared/corpus --seeds 10
    python -m bench.patches --corpus ../shared/corpus --books flatland poe --seeds 2

Each run makes 100 patches of a book, a third of them on purpose where words or paragraphs repeat, and a second version
(`tests/conversion/patches/versions.py`): two chapters moved, paragraphs 2 % gone, 3 % rewritten, 20 % edited, 1 % each
copied, swapped, split and joined, quotation marks straight in half, and a twelfth of the corrections made too. Every
word carries its origin, so what a patch changed is known to be the right words or others.

"wrong" are patches that were applied to other words, or found adopted where the correction is not. Exits with 1 unless
wrong is 0 everywhere, and applied and adopted are at least 75 %, 60 % in the harder books.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from conversion.engine.book.model import Book
from conversion.engine.patches import Fit, FitState, Patch, WordsEdit, apply_patches, base_of, words_patches
from conversion.engine.patches.base import Base
from conversion.engine.patches.leaves import TEXT_KINDS, leaves_of
from conversion.engine.patches.pieces import Piece
from conversion.engine.patches.words import Word, fold, pieces_of_words
from conversion.engine.readers import read_source
from tests.conversion.patches.versions import NEW, Editor, Version, first_version

BOOKS = {
    "pride": "pride-and-prejudice/pride-and-prejudice.docx",
    "flatland": "flatland/flatland.md",
    "poe": "poe-poetry/poe-poetry.docx",
    "rust": "rust-book/rust-book.md",
    "japanese": "kusamakura-japanese-vertical-writing/kusamakura-japanese-vertical-writing.epub",
    "arabic": "regime-anticancer-arabic/regime-anticancer-arabic.epub",
    "algebra": "linear-algebra/linear-algebra.epub",
    "war": "war-and-peace/war-and-peace.docx",
}
HARDER = frozenset({"japanese", "arabic", "algebra"})
LEAST_FITTING, LEAST_FITTING_HARDER = 75.0, 60.0  # per cent
PATCHES = 100
FEWER_SEEDS = {"war": 3}
HEAD = ("book", "patches", "applied %", "adopted %", "wrong", "conflicts %", "of them words gone %", "CPU s a run")


@dataclass
class Made:
    """A patch, and the origins of the words that it is about: its own, and one on each side."""

    patch: Patch
    origins: list[int]
    around: tuple[int, int]


@dataclass
class Tally:
    counts: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def percent(self, name: str) -> float:
        return 100 * self.counts[name] / max(1, self.counts["patches"])


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.patches", description="Carry patches to new versions.")
    parser.add_argument("--corpus", type=Path, required=True, help="folder with a folder for each book")
    parser.add_argument("--books", nargs="+", default=list(BOOKS), choices=list(BOOKS))
    parser.add_argument("--seeds", type=int, default=10)
    options = parser.parse_args(arguments)
    print("| " + " | ".join(HEAD) + " |\n|" + "---|" * len(HEAD), flush=True)
    rows = [second_version(name, read(options.corpus / BOOKS[name]), options.seeds) for name in options.books]
    return 0 if all(rows) else 1


def read(path: Path) -> Book:
    return read_source(path, path.name)[1].book


def second_version(name: str, book: Book, seeds: int) -> bool:
    """Print the row of a book and return whether it holds."""
    tally = Tally()
    first = first_version(book)
    for seed in range(min(seeds, FEWER_SEEDS.get(name, seeds))):
        chance = random.Random(f"{name} {seed}")
        base = base_of(book)
        made = patches(first, base, chance, PATCHES)
        second = Editor(first, chance).edit(corrections=lambda editor, made=made: correct(editor, made))
        carried(second, base, made, tally)
    return row(name, tally, LEAST_FITTING_HARDER if name in HARDER else LEAST_FITTING)


# ---------------------------------------------------------------- making patches


def patches(version: Version, base: Base, chance: random.Random, count: int) -> list[Made]:
    """Make patches of single places, a third of them where words or blocks repeat. None touches another."""
    leaves = leaves_of(version.book).leaves
    filled = [n for n, leaf in enumerate(leaves) if leaf.kind in TEXT_KINDS and any(w.text for w in leaf.words)]
    often = Counter(base.keys)
    twins = [n for n in filled if often[base.keys[n]] > 1]
    vocabulary = [word.text for n in filled for word in leaves[n].words if word.text and not word.pieces[0].kept]
    frequent = {key for key, _ in Counter(map(fold, vocabulary)).most_common(60)}
    taken: dict[int, list[tuple[int, int]]] = {}
    made: list[Made] = []
    while len(made) < count:
        on_purpose = len(made) < count // 3
        block = chance.choice(twins if on_purpose and twins and chance.random() < 0.3 else filled)
        words = list(base.blocks[block].words)
        at = _place(words, frequent, chance, on_purpose=on_purpose)
        now = _edited(words, at, vocabulary, chance)
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
        made.append(Made(found[0], origins[anchor.start : anchor.end], around))
    return made


def _touches(taken: Iterable[tuple[int, int]], patch: Patch) -> bool:
    return any(patch.anchor.start <= end + 1 and start <= patch.anchor.end + 1 for start, end in taken)


def _place(words: list[Word], frequent: set[str], chance: random.Random, *, on_purpose: bool) -> int:
    places = [n for n, word in enumerate(words) if word.text]
    if on_purpose and (common := [n for n in places if words[n].key in frequent]):
        places = common
    return chance.choice(places)


def _edited(words: list[Word], at: int, vocabulary: list[str], chance: random.Random) -> list[Word]:
    """Return the words with a slip corrected: another word, one more, one or some fewer, other letters."""
    now, luck = list(words), chance.random()
    gap = words[at].gap or ((Piece(" "),) if any(word.gap for word in words) else ())
    other = Word((Piece(chance.choice(vocabulary)),), gap)
    if words[at].pieces[0].kept or luck < 0.25:
        now.insert(at, other)
    elif luck < 0.6:
        now[at] = Word((Piece(_slip(words[at].text, chance)),), words[at].gap)
    elif luck < 0.8:
        now[at] = Word(other.pieces, words[at].gap)
    else:
        del now[at : at + chance.randint(1, 3)]
    return now


def _slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    return chance.choice((word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:], word + ",")) or word + ","


# ---------------------------------------------------------------- the truth


def correct(editor: Editor, made: Sequence[Made]) -> None:
    """Make a twelfth of the corrections in the manuscript too. Their words are the patch's: their origin says so."""
    leaves = leaves_of(editor.book).leaves
    for one in sorted(editor.chance.sample(list(made), len(made) // 12), key=_from_the_end):
        anchor, edit = one.patch.anchor, one.patch.edit
        assert isinstance(edit, WordsEdit)
        leaf = leaves[anchor.block]
        if any(word.pieces and word.pieces[0].kept for word in leaf.words[anchor.start : anchor.end]):
            continue
        words, origins = list(leaf.words), list(editor.version.of(leaf))
        words[anchor.start : anchor.end] = edit.new_words
        origins[anchor.start : anchor.end] = [adopted(one)] * len(edit.new_words)
        editor.version.put(leaf, words, origins)


def _from_the_end(one: Made) -> tuple[int, int]:
    return -one.patch.anchor.block, -one.patch.anchor.start


def adopted(one: Made) -> int:
    """The origin of words that the author corrected in the manuscript as the patch does."""
    return -2 - int(one.patch.identity[:12], 16)


def carried(version: Version, base: Base, made: Sequence[Made], tally: Tally) -> list[tuple[Made, Fit]]:
    """Apply the patches to a version, and count what became of them."""
    leaves = leaves_of(version.book).leaves
    origins = [version.of(leaf) for leaf in leaves]
    before = [list(leaf.words) for leaf in leaves]
    start = time.process_time()
    applied = apply_patches(version.book, {base.identity: base}, [one.patch for one in made])
    tally.seconds.append(time.process_time() - start)
    fits = {fit.patch: fit for fit in applied.fits}
    result = [(one, fits[one.patch.identity]) for one in made]
    everything = {origin for each in origins for origin in each}
    for one, fit in result:
        judge(one, fit, origins, everything, tally)
    check_text(applied.book, before, result)
    return result


def judge(one: Made, fit: Fit, origins: list[list[int]], everything: set[int], tally: Tally) -> None:
    tally.counts["patches"] += 1
    tally.counts[str(fit.state)] += 1
    if fit.state is FitState.CONFLICT:
        tally.counts["gone"] += not set(one.origins) <= everything
        return
    assert fit.anchor is not None
    there = origins[fit.anchor.block]
    span = there[fit.anchor.start : fit.anchor.end]
    around = (
        there[fit.anchor.start - 1] if fit.anchor.start else NEW,
        there[fit.anchor.end] if fit.anchor.end < len(there) else NEW,
    )
    if fit.state is FitState.APPLIED:
        is_right = span == one.origins if one.origins else _is_between(around, one.around)
    elif span:
        is_right = set(span) == {adopted(one)}
    else:  # words that are gone: their neighbours are the same
        is_right = _is_between(around, one.around)
    if not is_right:
        tally.counts["wrong"] += 1
        tally.counts[f"wrong {fit.state}"] += 1


def _is_between(around: tuple[int, int], wanted: tuple[int, int]) -> bool:
    """Return whether words stand between the same words, or at the edge of their block beside one of them."""
    return all(here == there for here, there in zip(around, wanted, strict=True) if NEW not in (here, there)) and (
        around[0] == wanted[0] != NEW or around[1] == wanted[1] != NEW or around == wanted
    )


def check_text(book: Book, before: list[list[Word]], result: list[tuple[Made, Fit]]) -> None:
    """Compare the patched text with one made by hand from where the patches say they are. Ends the run where it is
    another: then the figures mean nothing."""
    wanted = [list(words) for words in before]
    for one, fit in _last_first(result):
        assert fit.anchor is not None and isinstance(one.patch.edit, WordsEdit)
        wanted[fit.anchor.block][fit.anchor.start : fit.anchor.end] = one.patch.edit.new_words
    for leaf, words in zip(leaves_of(book).leaves, wanted, strict=True):
        if _letters(leaf.words) != _letters(words):
            sys.exit(f"a patch changed more or less than its words:\n{_letters(leaf.words)}\n{_letters(words)}")


def _letters(words: Iterable[Word]) -> str:
    """Return what is compared: without note marks, whose notes may have been patched too."""
    return fold("".join(word.key for word in words if not word.pieces or not word.pieces[0].kept))


def _last_first(result: list[tuple[Made, Fit]]) -> list[tuple[Made, Fit]]:
    applied = [(one, fit) for one, fit in result if fit.state is FitState.APPLIED]
    return sorted(applied, key=lambda pair: (pair[1].anchor.block, pair[1].anchor.start), reverse=True)  # type: ignore[union-attr]


def row(label: str, tally: Tally, least: float) -> bool:
    """Print a row and return whether it holds."""
    counts = tally.counts
    fitting = tally.percent("applied") + tally.percent("adopted")
    gone = 100 * counts["gone"] / max(1, counts["conflict"])
    cells = [
        label,
        str(counts["patches"]),
        *(f"{tally.percent(name):.1f}" for name in ("applied", "adopted")),
        str(counts["wrong"]),
        f"{tally.percent('conflict'):.1f}",
        f"{gone:.0f}",
        f"{sum(tally.seconds) / len(tally.seconds):.2f}",
    ]
    print("| " + " | ".join(cells) + " |", flush=True)
    return counts["wrong"] == 0 and fitting >= least


if __name__ == "__main__":
    sys.exit(main())

"""A next version of a manuscript, with the truth: every word carries its origin through all edits.

Knows nothing of how patches are placed. A version is a Book whose leaves' words are known; the words of an edited leaf
keep the number they had in the first version, new ones have none.
"""

from __future__ import annotations

import copy
import pickle
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from conversion.engine.book.model import AnyBlock, Book, Chapter, Paragraph, TocEntry
from conversion.engine.patches.leaves import CODE, FIGURE, SCENE, Leaf, leaves_of
from conversion.engine.patches.pieces import Piece
from conversion.engine.patches.words import Word, fold, pieces_of_words, words_of

COPY = 1 << 60  # is added to the origin of words that were copied
NEW = -1  # the origin of words that the first version does not have

type Origins = list[int]

_STRAIGHT = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})


@dataclass
class Version:
    """A Book with the origin of each word, by the identity of the list of inlines that holds it."""

    book: Book
    origins: dict[int, Origins] = field(default_factory=dict)
    leaves: list[Leaf] = field(default_factory=list)  # as they were when the version was made

    @cached_property
    def vocabulary(self) -> list[str]:
        """All words, as often as they stand there, but for those in code and those that are more than their text."""
        words = (word for leaf in self.leaves if leaf.kind != CODE for word in leaf.words if word.text)
        return [word.text for word in words if not is_island(word)] or ["word"]

    @cached_property
    def gap(self) -> tuple[Piece, ...]:
        """What is between most words: nothing in scripts without spaces."""
        words = [word for leaf in self.leaves for word in leaf.words]
        return (Piece(" "),) if 2 * sum(bool(word.gap) for word in words) > len(words) else ()

    def of(self, leaf: Leaf) -> Origins:
        return self.origins[id(_holder(leaf))]

    def put(self, leaf: Leaf, words: list[Word], origins: Origins) -> None:
        """Put words into a leaf, divided as they are read again: blanks are a word at the beginning only."""
        pairs = [(w, o) for n, (w, o) in enumerate(zip(words, origins, strict=True)) if w.pieces or not n]
        words, origins = [word for word, _ in pairs], [origin for _, origin in pairs]
        leaf.write(list(_divided(words)))
        if len(leaves_words(leaf)) != len(origins):
            raise AssertionError("words are divided in another way")
        self.origins[id(_holder(leaf))] = origins


def _holder(leaf: Leaf) -> object:
    return leaf.inlines if leaf.inlines is not None else leaf.block


def _divided(words: list[Word]) -> Iterator[Word]:
    for word, following in pairwise([*words, None]):
        assert word is not None
        if following is not None and not word.gap and len(words_of(pieces_of_words([word, following]))) < 2:
            yield replace(word, gap=(Piece(" "),))
        else:
            yield word


def is_island(word: Word) -> bool:
    """Return whether a word is a node, or has ruby: its text alone may be several words."""
    return any(piece.kept or any(mark[0] == "ruby" for mark in piece.marks) for piece in word.pieces)


def leaves_words(leaf: Leaf) -> list[Word]:
    return words_of(pieces_of_words(leaf.words))


def first_version(book: Book) -> Version:
    version = Version(book, leaves=leaves_of(book).leaves)
    number = 0
    for leaf in version.leaves:
        version.origins[id(_holder(leaf))] = list(range(number, number + len(leaf.words)))
        number += len(leaf.words)
    return version


def copied(version: Version) -> Version:
    book = copy.copy(version.book)
    parts = pickle.loads(pickle.dumps((book.chapters, book.notes, book.toc)))  # noqa: S301 (our own; a third of the time of deepcopy)
    book.chapters, book.notes, book.toc = parts
    result = Version(book, leaves=leaves_of(book).leaves)
    for old, new in zip(version.leaves, result.leaves, strict=True):
        result.origins[id(_holder(new))] = list(version.of(old))
    return result


class Editor:
    """Makes the next version: chapters moved, paragraphs gone, rewritten, edited, copied, swapped, split and joined,
    quotation marks straight in half of them, and some corrections made in the manuscript too."""

    def __init__(self, version: Version, chance: random.Random) -> None:
        self.version = copied(version)
        self.book = self.version.book
        self.chance = chance
        self.vocabulary, self.gap = version.vocabulary, version.gap

    def edit(self, *, corrections: Callable[[Editor], None] = lambda editor: None, chapters: int = 2) -> Version:
        corrections(self)
        self._edit_leaves()
        self._straighten()
        self._move_chapters(chapters)
        for edit, share in (
            (self._drop, 0.02), (self._copy, 0.012), (self._swap, 0.012), (self._split, 0.012), (self._join, 0.012)
        ):  # fmt: skip
            count = max(1, round(share * sum(len(chapter.blocks) for chapter in self.book.chapters)))
            for _ in range(count):
                edit()
        self.version.leaves = leaves_of(self.book).leaves
        return self.version

    # ------------------------------------------------------------ words

    def _made_up(self, count: int, known: set[str]) -> list[Word]:
        """Return words that are not known: putting a word back that was there would be no edit."""
        return [Word((Piece(self._other(known)),), self.gap) for _ in range(count)]

    def _other(self, known: set[str]) -> str:
        for _ in range(100):
            if fold(word := self.chance.choice(self.vocabulary)) not in known:
                return word
        return "zzz"

    def _edit_leaves(self) -> None:
        for leaf in self.version.leaves:
            if leaf.kind in (SCENE, FIGURE) or not leaf.words:
                continue
            known = {word.key for word in leaf.words}
            luck = self.chance.random()
            if luck < 0.03:
                self._rewrite(leaf, known)
            elif luck < 0.23:
                for _ in range(self.chance.randint(1, 3)):
                    self._edit(leaf, known)

    def _rewrite(self, leaf: Leaf, known: set[str]) -> None:
        kept = [(word, origin) for word, origin in self._pairs(leaf) if self.chance.random() < 0.3]
        made = [(word, NEW) for word in self._made_up(max(1, len(leaf.words) * 2 // 3), known)]
        for pair in kept:
            made.insert(self.chance.randrange(len(made) + 1), pair)
        self._put(leaf, made)

    def _edit(self, leaf: Leaf, known: set[str]) -> None:
        pairs = self._pairs(leaf)
        if not pairs:
            return
        at = self.chance.randrange(len(pairs))
        luck = self.chance.random()
        if luck < 0.5:
            pairs[at : at + 1] = [(word, NEW) for word in self._made_up(1, known)]
        elif luck < 0.8:
            pairs[at:at] = [(word, NEW) for word in self._made_up(self.chance.randint(1, 4), known)]
        elif len(pairs) > 4:
            del pairs[at : at + self.chance.randint(1, 4)]
        self._put(leaf, pairs)

    def _pairs(self, leaf: Leaf) -> list[tuple[Word, int]]:
        return list(zip(leaf.words, self.version.of(leaf), strict=True))

    def _put(self, leaf: Leaf, pairs: list[tuple[Word, int]]) -> None:
        self.version.put(leaf, [word for word, _ in pairs], [origin for _, origin in pairs])

    def _straighten(self) -> None:
        for leaf in self.version.leaves:
            if leaf.kind not in (SCENE, FIGURE, CODE) and self.chance.random() < 0.5:
                words = [
                    replace(word, pieces=tuple(replace(p, text=p.text.translate(_STRAIGHT)) for p in word.pieces))
                    for word in leaf.words
                ]
                if words != leaf.words:
                    leaf.write(words)

    # ------------------------------------------------------------ blocks

    def _move_chapters(self, count: int) -> None:
        chapters = self.book.chapters
        for _ in range(min(count, len(chapters) - 1)):
            chapter = chapters.pop(self.chance.randrange(len(chapters)))
            chapters.insert(self.chance.randrange(len(chapters) + 1), chapter)

    def _any_block(self) -> tuple[Chapter, int]:
        filled = [chapter for chapter in self.book.chapters if chapter.blocks]
        chapter = self.chance.choices(filled, [len(chapter.blocks) for chapter in filled])[0]
        return chapter, self.chance.randrange(len(chapter.blocks))

    def _drop(self) -> None:
        chapter, at = self._any_block()
        del chapter.blocks[at]

    def _copy(self) -> None:
        """Put a copy of a block somewhere. Its words are others, as long as the original is there."""
        chapter, at = self._any_block()
        twin = copy.deepcopy(chapter.blocks[at])
        copies = iter([_copies(self.version.of(leaf)) for leaf in _leaves(chapter.blocks[at])])
        for leaf in _leaves(twin):
            self.version.origins[id(_holder(leaf))] = next(copies)
        if self.chance.random() < 0.5:
            chapter.blocks.insert(at + self.chance.randint(0, 1), twin)
        else:
            other, place = self._any_block()
            other.blocks.insert(place, twin)

    def _swap(self) -> None:
        chapter, at = self._any_block()
        other = (at + 1) % len(chapter.blocks) if self.chance.random() < 0.5 else None
        if other is None:
            there, place = self._any_block()
            chapter.blocks[at], there.blocks[place] = there.blocks[place], chapter.blocks[at]
        else:
            chapter.blocks[at], chapter.blocks[other] = chapter.blocks[other], chapter.blocks[at]

    def _split(self) -> None:
        chapter, at = self._any_block()
        block = chapter.blocks[at]
        if not isinstance(block, Paragraph):
            return
        (leaf,) = _leaves(block)
        origins = self.version.of(leaf)
        if len(leaf.words) < 4:
            return
        place = self.chance.randint(1, len(leaf.words) - 1)
        rest = Paragraph([], align=block.align, role=block.role, lang=block.lang, place=block.place)
        words = leaf.words
        self.version.put(leaf, words[:place], origins[:place])
        (other,) = _leaves(rest)
        self.version.put(other, words[place:], origins[place:])
        chapter.blocks.insert(at + 1, rest)

    def _join(self) -> None:
        chapter, at = self._any_block()
        pair = chapter.blocks[at : at + 2]
        if len(pair) < 2 or not all(isinstance(block, Paragraph) for block in pair):
            return
        (one,), (other,) = _leaves(pair[0]), _leaves(pair[1])
        pairs = self._pairs(one)
        if not pairs:
            return
        last, origin = pairs[-1]
        pairs[-1] = (replace(last, gap=(Piece(" "),)), origin)
        self._put(one, [*pairs, *self._pairs(other)])
        del chapter.blocks[at + 1]


def _copies(origins: Origins) -> Origins:
    return [origin + COPY if 0 <= origin < COPY else NEW for origin in origins]


def resolved(origins: Origins, everything: set[int]) -> Origins:
    """Return origins with copied words as the words themselves where the original is gone: it was moved."""
    return [origin - COPY if origin >= COPY and origin - COPY not in everything else origin for origin in origins]


def _leaves(block: AnyBlock) -> list[Leaf]:
    from conversion.engine.book.model import Metadata

    return leaves_of(Book(Metadata(), [Chapter("c", "", [block])])).leaves


def entries(toc: list[TocEntry]) -> Iterator[TocEntry]:
    for entry in toc:
        yield entry
        yield from entries(entry.children)

"""Which blocks of two versions are certainly the same: for an author's changes, where a wrong pair is worse than none.

`align` finds each note the most likely place. Here a block without certain proof has no partner:

1.  its text stands once in both versions;
2.  of the runs of words that stand once in both, most of the block's are in its partner, and the other way round;
3.  its text stands more than once, but it lies between two pairs that are as close in both versions;
4.  between two pairs, it is clearly the most alike, and the other way round.

A text that stood once and now stands twice is nobody's: which is the copy cannot be known. The same goes for one that
stands once as it was and once nearly so, or twice nearly so: the author may have copied a paragraph and then edited the
original, or both.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .blocks import dice
from .in_order import increasing
from .tokens import SPACELESS

_RUN = 4  # words
_SPACELESS_RUN = 6  # characters
_SHARE = 0.1  # of the shorter block's runs that must stand once in both
_ALIKE, _AHEAD = 0.5, 0.15  # Dice of words; ahead of the second best
_MAX_JOINED = 12  # blocks without a partner between two that were joined
_MAX_GAP = 400  # pairs of blocks that are compared between two pairs
_ROUNDS = 3
_COPIED = 0.5  # Dice of words of two blocks of which one may be the other's copy
_MANY_COPIED = 0.3  # of the runs of a block: they stood once, and now stand twice
_TWICE = -1
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_IS_SPACELESS = re.compile(rf"[{SPACELESS}]")

type Pairs = dict[int, int]
type Words = tuple[int, ...]
type Gap = tuple[int, int, int, int]  # the blocks between two pairs: from, to before, and the same in the new version


@dataclass(slots=True)
class SurePairs:
    """The new block of each old one. `parts` also has the pieces of a block that was split, and the block that others
    were joined to; `likely` the best guess for blocks without a partner, which proves nothing."""

    pairs: Pairs = field(default_factory=dict)
    parts: dict[int, list[int]] = field(default_factory=dict)
    likely: Pairs = field(default_factory=dict)


def sure_pairs(
    old_blocks: Iterable[Sequence[str]],
    new_blocks: Iterable[Sequence[str]],
    old_kinds: Sequence[str],
    new_kinds: Sequence[str],
) -> SurePairs:
    """Return the pairs of blocks that are certain, given their words. Kinds tell blocks of the same words apart."""
    numbers = _Numbers()
    old, new = list(map(numbers.of, old_blocks)), list(map(numbers.of, new_blocks))
    pairing = _Pairing(old, new, numbers.spaceless)
    pairing.once(old_kinds, new_kinds)
    pairing.sharing_runs()
    for _ in range(_ROUNDS):
        if not pairing.in_gaps():
            break
    return SurePairs(pairing.pairs, pairing.parts(), pairing.likely())


class _Numbers:
    """Numbers for words: the same for words that differ in case or in the marks around them."""

    def __init__(self) -> None:
        self._of_word: dict[str, int] = {}
        self._of_letters: dict[str, int] = {}
        self.spaceless: set[int] = set()

    def of(self, words: Iterable[str]) -> Words:
        known = self._of_word
        return tuple([known[word] if word in known else self._number(word) for word in words])

    def _number(self, word: str) -> int:
        letters = _EDGES.sub("", word).casefold() or word
        number = self._of_word[word] = self._of_letters.setdefault(letters, len(self._of_letters))
        if _IS_SPACELESS.match(word):
            self.spaceless.add(number)
        return number


class _Pairing:
    def __init__(self, old: list[Words], new: list[Words], spaceless: set[int]) -> None:
        self.old, self.new = old, new
        self.spaceless = spaceless
        self.pairs: Pairs = {}
        self.taken: set[int] = set()
        self.count, self.new_count = Counter(old), Counter(new)
        self.contested: set[int] = set()  # old blocks that two new ones may be
        self.votes: dict[int, Counter[int]] = {}  # runs that stand once in both, by old and new block
        self.new_votes: dict[int, Counter[int]] = {}

    def _pair(self, old: int, new: int) -> None:
        self.pairs[old] = new
        self.taken.add(new)

    def _is_contested(self, old: int) -> bool:
        return old in self.contested or (self.count[self.old[old]] == 1 and self.new_count[self.old[old]] > 1)

    # ------------------------------------------------------------ once in both

    def once(self, old_kinds: Sequence[str], new_kinds: Sequence[str]) -> None:
        """Pair blocks whose text stands once in both, or as often in both but once among those of their kind."""
        old, new = [*zip(old_kinds, self.old, strict=True)], [*zip(new_kinds, self.new, strict=True)]
        count, new_count = Counter(old), Counter(new)
        places = {words: number for number, words in enumerate(self.new)}
        places_of_kind = {block: number for number, block in enumerate(new)}
        for number, (kind, words) in enumerate(old):
            if not words or self.count[words] != self.new_count[words]:
                continue
            if self.count[words] == 1:
                self._pair(number, places[words])
            elif count[kind, words] == new_count[kind, words] == 1:
                self._pair(number, places_of_kind[kind, words])

    # ------------------------------------------------------------ runs of words

    def sharing_runs(self) -> None:
        """Pair blocks most of whose runs, of those that stand once in both versions, are in each other."""
        there = _places(self._runs(self.new, (block for block in range(len(self.new)) if block not in self.taken)))
        self._contest_copies({run: block for run, block in there.items() if block != _TWICE})
        self._count_votes(there)
        self._contest_copied(there)
        for old, votes in self.votes.items():
            new, share = votes.most_common(1)[0]
            if old in self.contested:
                continue
            others = self.new_votes[new]
            if 2 * share > votes.total() and 2 * share > others.total() and self._is_enough(old, new, share):
                self._pair(old, new)

    def _is_enough(self, old: int, new: int, share: int) -> bool:
        return share >= _SHARE * (min(len(self.old[old]), len(self.new[new])) - _RUN + 1)

    def _contest_copies(self, there: dict[Words, int]) -> None:
        """Dissolve pairs whose text stands nearly the same in a new block without a partner, unless that one is as
        much like an old block without a partner."""
        with_partner: defaultdict[int, Counter[int]] = defaultdict(Counter)
        without: defaultdict[int, Counter[int]] = defaultdict(Counter)
        for run, old in self._runs(self.old, range(len(self.old))):
            if (new := there.get(run)) is not None:
                (with_partner if old in self.pairs else without)[new][old] += 1
        for new, shares in with_partner.items():
            old, share = shares.most_common(1)[0]
            if share > max(without[new].values(), default=0) and dice(self.old[old], self.new[new]) >= _COPIED:
                self.contested.add(old)
        self._contest_by_place()
        for old in self.contested:
            self.taken.discard(self.pairs.pop(old))

    def _contest_by_place(self) -> None:
        """Contest blocks that have a lookalike where they would be, or beside them, that no other block explains. A
        short block may have no run in common with what became of it."""
        steps = [(-1, -1), *increasing(sorted(self.pairs.items())), (len(self.old), len(self.new))]
        for (old, new), (next_old, next_new) in pairwise(steps):
            there = [block for block in range(new + 1, next_new) if block not in self.taken]
            here = range(max(0, old), min(next_old + 1, len(self.old)))
            if len(here) * len(there) <= _MAX_GAP:
                self._contest_lookalikes(here, there)

    def _contest_lookalikes(self, here: Sequence[int], there: Sequence[int]) -> None:
        for new in there:
            likeness = {old: dice(self.old[old], self.new[new]) for old in here}
            other = max((share for old, share in likeness.items() if old not in self.pairs), default=0.0)
            self.contested |= {
                old for old, share in likeness.items() if old in self.pairs and share >= _COPIED and share > other
            }

    def _contest_copied(self, there: dict[Words, int]) -> None:
        """Contest blocks with runs that stood once and now stand twice: one of both is a copy, and both were edited.
        Neither is anybody's partner."""
        twice: defaultdict[int, set[Words]] = defaultdict(set)
        for run, old in self._single(block for block in range(len(self.old)) if self._may_share(block)).items():
            if there.get(run) == _TWICE:
                twice[old].add(run)
        copied = {
            old: runs
            for old, runs in twice.items()
            if len(runs) > 1 and len(runs) >= _MANY_COPIED * (len(runs) + self.votes.get(old, Counter()).total())
        }
        self.contested |= copied.keys()
        runs = {run for found in copied.values() for run in found}
        free = [block for block in range(len(self.new)) if block not in self.taken] if runs else []
        self.taken |= {block for run, block in self._runs(self.new, free) if run in runs}

    def _count_votes(self, there: dict[Words, int]) -> None:
        here = self._single(block for block in range(len(self.old)) if self._may_share(block))
        for run, block in here.items():
            other = there.get(run, _TWICE)
            if other != _TWICE:
                self.votes.setdefault(block, Counter())[other] += 1
                self.new_votes.setdefault(other, Counter())[block] += 1

    def _may_share(self, block: int) -> bool:
        return block not in self.pairs and not self._is_contested(block)

    def _single(self, blocks: Iterable[int]) -> dict[Words, int]:
        """Return the runs of these old blocks that stand once in the whole old version, with their block. Blocks that
        are paired because they are equal have the same runs in both versions."""
        chosen = set(blocks)
        found = {run: block for run, block in _places(self._runs(self.old, chosen)).items() if block != _TWICE}
        for run, _ in self._runs(self.old, (block for block in range(len(self.old)) if block not in chosen)):
            found.pop(run, None)
        return found

    def _runs(self, words: list[Words], blocks: Iterable[int]) -> Iterator[tuple[Words, int]]:
        for block in blocks:
            keys = words[block]
            if self.spaceless and not self.spaceless.isdisjoint(keys):
                yield from ((run, block) for run in _mixed_runs(keys, self.spaceless))
            else:
                yield from ((run, block) for run in zip(keys, keys[1:], keys[2:], keys[3:], strict=False))

    # ------------------------------------------------------------ between pairs

    def in_gaps(self) -> bool:
        """Pair blocks that lie between two pairs; return whether any was found."""
        before = len(self.pairs)
        for gap in list(self._gaps()):
            self._at_same_distance(gap)
            self._most_alike(gap)
        return len(self.pairs) > before

    def _gaps(self) -> Iterator[Gap]:
        steps = [(-1, -1), *sorted(self.pairs.items()), (len(self.old), len(self.new))]
        for (old, new), (next_old, next_new) in pairwise(steps):
            if next_old - old > 1 and next_new - new > 1:
                yield old + 1, next_old, new + 1, next_new

    def _at_same_distance(self, gap: Gap) -> None:
        low, high, new_low, new_high = gap
        if high - low != new_high - new_low:
            return
        for old, new in zip(range(low, high), range(new_low, new_high), strict=True):
            is_free = old not in self.pairs and new not in self.taken and not self._is_contested(old)
            if is_free and self.old[old] == self.new[new]:
                self._pair(old, new)

    def _most_alike(self, gap: Gap) -> None:
        low, high, new_low, new_high = gap
        old = [block for block in range(low, high) if block not in self.pairs and self._may_share(block)]
        new = [block for block in range(new_low, new_high) if block not in self.taken and self._is_new(block)]
        if not old or not new or len(old) * len(new) > _MAX_GAP:
            return
        table = {(one, other): dice(self.old[one], self.new[other]) for one in old for other in new}
        for (one, other), likeness in table.items():
            rest = [table[one, third] for third in new if third != other]
            rest += [table[third, other] for third in old if third != one]
            if likeness >= _ALIKE and likeness - max(rest, default=0) >= _AHEAD:
                self._pair(one, other)

    def _is_new(self, block: int) -> bool:
        """Return whether the old version has no block with this text: another may have been moved or copied here."""
        return not self.count[self.new[block]]

    # ------------------------------------------------------------ parts and guesses

    def parts(self) -> dict[int, list[int]]:
        """Return for blocks that were split or joined all new blocks that have their words."""
        found: dict[int, list[int]] = {}
        for old, votes in self.votes.items():
            if old in self.contested:
                continue
            mine = {new for new, share in votes.items() if self._is_part(old, new, share)}
            mine |= {self.pairs[old]} if old in self.pairs else set()
            if mine and mine != {self.pairs.get(old)}:
                found[old] = sorted(mine)
        return found | self._between_parts(found)

    def _between_parts(self, found: dict[int, list[int]]) -> dict[int, list[int]]:
        """Return blocks without a partner between two that were joined to the same block, such as a short line."""
        joined = {old: new for old, new in self.pairs.items() if old not in found}
        joined |= {old: parts[0] for old, parts in found.items() if len(parts) == 1}
        between: dict[int, list[int]] = {}
        for old, following in pairwise(sorted(joined)):
            if joined[old] == joined[following] and following - old <= _MAX_JOINED:
                alone = (block for block in range(old + 1, following) if self._may_share(block))
                between |= {block: [joined[old]] for block in alone}
        return between

    def _is_part(self, old: int, new: int, share: int) -> bool:
        """Return whether most of the new block's runs are of the old block, or the other way round."""
        most = 2 * share > self.new_votes[new].total() if new not in self.taken else False
        return (most or 2 * share > self.votes[old].total()) and self._is_enough(old, new, share)

    def likely(self) -> Pairs:
        """Return a guess for the blocks without a partner: where most of their runs are, else the same place."""
        guesses: Pairs = {}
        last, last_new = -1, -1
        for old in range(len(self.old)):
            if old in self.pairs:
                last, last_new = old, self.pairs[old]
            elif old in self.votes:
                guesses[old] = self.votes[old].most_common(1)[0][0]
            elif self.new:
                guesses[old] = min(max(0, last_new + old - last), len(self.new) - 1)
        return guesses


def _mixed_runs(keys: Words, spaceless: set[int]) -> Iterator[Words]:
    for start in range(len(keys)):
        width = _SPACELESS_RUN if keys[start] in spaceless else _RUN
        if start + width <= len(keys):
            yield keys[start : start + width]


def _places(runs: Iterable[tuple[Words, int]]) -> dict[Words, int]:
    places: dict[Words, int] = {}
    for run, block in runs:
        places[run] = _TWICE if run in places else block
    return places

"""Pairs short blocks that the aligner leaves alone, because an edit spared no run of three words in them.

The aligner places notes, for which no pair is better than a doubtful one. Here a line of dialogue in which a word was
changed should not count as a line that went and another that came. So blocks without a partner are paired in order,
where enough of their words are the same: first those that lie beside the same pair in both editions, then those of the
same chapter, with the words that others leave of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ..align import EditionMap, Pair, PairKind, Run
from ..align.blocks import dice
from ..align.in_order import Match, in_order
from ..align.tokens import Vocabulary, Word
from .flows import Flows, Side

_LEAST = 0.4  # Dice of the words in the same order
_MAX_PAIRS = 10_000  # of blocks of a gap that are compared


class Gap(NamedTuple):
    """Blocks without a partner that may belong together, in order."""

    old: list[int]
    new: list[int]


def with_gaps_paired(
    old_blocks: Sequence[str], new_blocks: Sequence[str], aligned: EditionMap, gaps: Iterable[Gap]
) -> EditionMap:
    """Return the map with more pairs and runs: for counting and showing, not for placing notes."""
    vocabulary = Vocabulary()
    pairs, runs = list(aligned.pairs), list(aligned.runs)
    taken, taken_new = _covered(aligned)
    for gap in gaps:
        here = [_free_words(vocabulary, old_blocks[block], taken.get(block, ())) for block in gap.old]
        there = [_free_words(vocabulary, new_blocks[block], taken_new.get(block, ())) for block in gap.new]
        for one, other, matches in _in_order(here, there):
            old, new = gap.old[one], gap.new[other]
            pairs.append(Pair(old, new, PairKind.ONE, round(100 * dice(_keys(here[one]), _keys(there[other])))))
            for run in _runs(old, here[one], new, there[other], matches):
                runs.append(run)
                taken.setdefault(old, []).append((run.old_start, run.old_start + run.length))
                taken_new.setdefault(new, []).append((run.new_start, run.new_start + run.length))
    return replace(aligned, pairs=tuple(sorted(set(pairs))), runs=tuple(sorted(runs)))


def gaps_between_pairs(aligned: EditionMap) -> Iterator[Gap]:
    """Yield the blocks without a partner that follow each other, with those beside the same partners."""
    target = _targets(aligned)
    free = set(range(aligned.new_blocks)) - {new for partners in target.values() for new in partners}
    block = 0
    while block < aligned.old_blocks:
        if block in target:
            block += 1
            continue
        end = block
        while end < aligned.old_blocks and end not in target:
            end += 1
        after = max(target.get(block - 1, [-1])) if block else -1
        before = min(target[end]) if end in target else aligned.new_blocks
        new = _run(free, after + 1, 1) if after >= 0 or not block else []
        new += [one for one in _run(free, before - 1, -1) if one not in new]
        if new:
            yield Gap(list(range(block, end)), sorted(new))
            free -= set(new)
        block = end


def gaps_of_chapters(old: Side, new: Side, flow: Flows, sources: Mapping[int, Sequence[int]]) -> Iterator[Gap]:
    """Yield the blocks of each chapter, and of those it was made of, that have words without a partner: most of their
    words, or several."""
    for other, numbers in sources.items():
        there = [block for block in new.blocks_of(other) if _has_words_left(new.counts[block], flow.come[block])]
        for number in numbers:
            here = [block for block in old.blocks_of(number) if _has_words_left(old.counts[block], flow.lost[block])]
            if here and there:
                yield Gap(here, there)


def _has_words_left(words: int, left: int) -> bool:
    return left > 1 or 2 * left > words


def without_strays(
    old: Side, new: Side, sources: Mapping[int, Sequence[int]], aligned: EditionMap
) -> tuple[EditionMap, list[Run]]:
    """Return the map without the runs that lead from a block to a chapter which was not made of its chapter, and these
    runs: twins of a line take each other's words, and words of the same chapter come first."""
    own: list[Run] = []
    strays: list[Run] = []
    for run in aligned.runs:
        is_own = old.chapter_of(run.old) in sources.get(new.chapter_of(run.new), ())
        (own if is_own else strays).append(run)
    return replace(aligned, runs=tuple(own)), strays


def with_strays(aligned: EditionMap, strays: Iterable[Run]) -> EditionMap:
    """Return the map with those of the runs whose words are still free on both sides, and without the pairs that have
    no other word in common."""
    taken, taken_new = _covered(aligned)
    runs = list(aligned.runs)
    lost: set[tuple[int, int]] = set()
    for run in strays:
        here = _overlaps(taken.get(run.old, ()), run.old_start, run.length)
        if here or _overlaps(taken_new.get(run.new, ()), run.new_start, run.length):
            lost.add((run.old, run.new))
        else:
            runs.append(run)
    lost -= {(run.old, run.new) for run in runs}
    pairs = tuple(pair for pair in aligned.pairs if (pair.old, pair.new) not in lost)
    return replace(aligned, pairs=pairs, runs=tuple(sorted(runs)))


def _overlaps(ranges: Sequence[tuple[int, int]], start: int, length: int) -> bool:
    return any(low < start + length and high > start for low, high in ranges)


def _targets(aligned: EditionMap) -> dict[int, list[int]]:
    target: dict[int, list[int]] = {}
    for pair in aligned.all_pairs():
        target.setdefault(pair.old, []).append(pair.new)
    return target


type _Ranges = dict[int, list[tuple[int, int]]]  # of characters, by block


def _covered(aligned: EditionMap) -> tuple[_Ranges, _Ranges]:
    old: _Ranges = {}
    new: _Ranges = {}
    for run in aligned.runs:
        old.setdefault(run.old, []).append((run.old_start, run.old_start + run.length))
        new.setdefault(run.new, []).append((run.new_start, run.new_start + run.length))
    return old, new


def _free_words(vocabulary: Vocabulary, text: str, taken: Sequence[tuple[int, int]]) -> list[Word]:
    words = vocabulary.words(text)
    return [word for word in words if not any(low <= word.start < high for low, high in taken)] if taken else words


def _run(free: set[int], start: int, step: int) -> list[int]:
    found = []
    while start in free:
        found.append(start)
        start += step
    return found


def _in_order(here: list[list[Word]], there: list[list[Word]]) -> Iterator[tuple[int, int, list[Match]]]:
    """Yield the pairs, in order, that have most words in common, with these words."""
    table: dict[tuple[int, int], list[Match]] = {}
    if len(here) * len(there) > _MAX_PAIRS:
        return
    for one, words in enumerate(here):
        for other, others in enumerate(there):
            if dice(_keys(words), _keys(others)) >= _LEAST:
                matches = in_order(_keys(words), _keys(others))
                if 2 * _common(matches) >= _LEAST * (len(words) + len(others)):
                    table[one, other] = matches
    if not table:
        return
    best = [[0] * (len(there) + 1) for _ in range(len(here) + 1)]
    for one in reversed(range(len(here))):
        for other in reversed(range(len(there))):
            paired = _common(table.get((one, other), [])) + best[one + 1][other + 1]
            best[one][other] = max(best[one + 1][other], best[one][other + 1], paired)
    one = other = 0
    while one < len(here) and other < len(there):
        if best[one][other] == best[one + 1][other]:
            one += 1
        elif best[one][other] == best[one][other + 1]:
            other += 1
        else:
            yield one, other, table[one, other]
            one, other = one + 1, other + 1


def _runs(old: int, words: list[Word], new: int, others: list[Word], matches: list[Match]) -> Iterator[Run]:
    for start, other, length in matches:
        for index in range(length):
            here, there = words[start + index], others[other + index]
            yield Run(old, here.start, new, there.start, min(here.end - here.start, there.end - there.start))


def _common(matches: list[Match]) -> int:
    return sum(length for _, _, length in matches)


def _keys(words: list[Word]) -> list[int]:
    return [word.key for word in words]

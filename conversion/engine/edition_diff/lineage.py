"""What became of each chapter: it goes where its words went, whatever its title says.

A chapter is linked to each that has a fifth of its words, and to each that is made mostly of its words. Chapters with
nothing in common, such as title pages, are linked by the pairs of their blocks, by their titles, or by their place.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from ..align import EditionMap
from ..align.in_order import increasing
from .flows import Flows, Link, Side
from .model import Fate

_SHARE_BPS = 2_000  # of a chapter's words that another one has at least
_MAX_BPS = 5_000  # of a new chapter's words that came from an old one
_SHORT = 60  # words of a chapter that its place alone may prove, such as a title page


@dataclass
class Lineage:
    """The old chapters of each new one, the fates of both, and the new chapter that most of an old one became."""

    sources: dict[int, list[int]] = field(default_factory=dict)
    fates: dict[int, tuple[Fate, ...]] = field(default_factory=dict)  # of new chapters
    heir: dict[int, int] = field(default_factory=dict)


def lineage(old: Side, new: Side, flow: Flows, aligned: EditionMap) -> Lineage:
    """Return what became of the chapters."""
    linked = _by_words(old, new, flow)
    linked |= _by_blocks(old, new, linked, aligned)
    linked |= _by_title(old, new, linked)
    linked |= _by_place(old, new, linked)
    found = Lineage()
    for number, other in sorted(linked):
        found.sources.setdefault(other, []).append(number)
        best = found.heir.get(number)
        if best is None or flow.words[number, other] > flow.words[number, best]:
            found.heir[number] = other
    moved = _moved(linked)
    targets = Counter(number for number, _ in linked)
    for other in range(len(new.chapters)):
        found.fates[other] = tuple(_fates(old, new, (found.sources.get(other, []), other), targets, moved))
    return found


def _by_words(old: Side, new: Side, flow: Flows) -> set[Link]:
    return {
        (number, other)
        for (number, other), words in flow.words.items()
        if words and (words * 10_000 >= _SHARE_BPS * old.words[number] or words * 10_000 > _MAX_BPS * new.words[other])
    }


def _by_blocks(old: Side, new: Side, linked: set[Link], aligned: EditionMap) -> set[Link]:
    """Link chapters without a partner whose blocks stand in each other's place."""
    votes = Counter((old.chapter_of(pair.old), new.chapter_of(pair.new)) for pair in aligned.pairs)
    found: set[Link] = set()
    for link, _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0])):
        if _is_free(link, linked | found) and _is_short(old, new, link):
            found.add(link)
    return found


def _by_title(old: Side, new: Side, linked: set[Link]) -> set[Link]:
    """Link chapters without a partner whose title stands once among these in both."""
    here, there = _titles(old, _free_old(old, linked)), _titles(new, _free_new(new, linked))
    return {(places[0], there[title][0]) for title, places in here.items() if len(places) == len(there[title]) == 1}


def _by_place(old: Side, new: Side, linked: set[Link]) -> set[Link]:
    """Link short chapters without a partner that are as many between the same two neighbours."""
    ends = (len(old.chapters), len(new.chapters))
    steps = [(-1, -1), *increasing(sorted(linked)), ends]
    found: set[Link] = set()
    free_old, free_new = set(_free_old(old, linked)), set(_free_new(new, linked))
    for (low, other_low), (high, other_high) in pairwise(steps):
        here = [number for number in range(low + 1, high) if number in free_old]
        there = [number for number in range(other_low + 1, other_high) if number in free_new]
        if len(here) == len(there):
            found |= {link for link in zip(here, there, strict=True) if _is_short(old, new, link)}
    return found


def _is_short(old: Side, new: Side, link: Link) -> bool:
    return old.words[link[0]] <= _SHORT and new.words[link[1]] <= _SHORT


def _is_free(link: Link, linked: Iterable[Link]) -> bool:
    return all(number != link[0] and other != link[1] for number, other in linked)


def _free_old(old: Side, linked: set[Link]) -> list[int]:
    taken = {number for number, _ in linked}
    return [number for number in range(len(old.chapters)) if number not in taken]


def _free_new(new: Side, linked: set[Link]) -> list[int]:
    taken = {number for _, number in linked}
    return [number for number in range(len(new.chapters)) if number not in taken]


def _titles(side: Side, chapters: Iterable[int]) -> defaultdict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for number in chapters:
        found[side.chapters[number].title].append(number)
    return found


def _moved(linked: set[Link]) -> set[int]:
    """Return the new chapters outside the longest series that is in the order of both editions. Chapters that hang
    together, as parts of a split one do, count as one."""
    groups = sorted((min(olds), min(news), news) for olds, news in _groups(linked))
    kept = {other for _, other in increasing([(number, other) for number, other, _ in groups])}
    return {one for _, other, news in groups if other not in kept for one in news}


def _groups(linked: set[Link]) -> Iterator[tuple[set[int], set[int]]]:
    theirs: defaultdict[int, set[int]] = defaultdict(set)
    ours: defaultdict[int, set[int]] = defaultdict(set)
    for number, other in linked:
        theirs[number].add(other)
        ours[other].add(number)
    seen: set[int] = set()
    for first in sorted(theirs):
        if first in seen:
            continue
        olds, news, waiting = {first}, set[int](), [first]
        while waiting:
            for other in theirs[waiting.pop()] - news:
                news.add(other)
                waiting += ours[other] - olds
                olds |= ours[other]
        seen |= olds
        yield olds, news


def _fates(old: Side, new: Side, link: tuple[list[int], int], targets: Counter[int], moved: set[int]) -> Iterator[Fate]:
    sources, other = link
    if not sources:
        yield Fate.ADDED
        return
    if other in moved:
        yield Fate.MOVED
    if any(targets[number] > 1 for number in sources):
        yield Fate.SPLIT
    if len(sources) > 1:
        yield Fate.MERGED
    elif targets[sources[0]] == 1 and old.chapters[sources[0]].title != new.chapters[other].title:
        yield Fate.RENAMED

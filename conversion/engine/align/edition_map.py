"""Where the text of an edition stands in another: what `align` returns and what is stored."""

from __future__ import annotations

import gzip
import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple, Self

VERSION = 1  # of the algorithm: another one may place differently


class PairKind(StrEnum):
    """How a block and its partner belong together."""

    ONE = "one to one"
    SPLIT = "split"  # the old block has several partners
    JOINED = "joined"  # the new block has several partners
    MOVED = "moved"  # out of the order of the others


class Pair(NamedTuple):
    """An old block and a new one that has words of it. `likeness` is the share of common words, 0 to 100 (Dice); 100 is
    equal when folded. A pair of 0 stands in the same place between its neighbours and has no word in common."""

    old: int
    new: int
    kind: PairKind
    likeness: int


class Span(NamedTuple):
    """Consecutive blocks with the same words, character for character: `length` blocks."""

    old: int
    new: int
    length: int
    moved: bool


class Run(NamedTuple):
    """Characters of an old block that stand in a new block: the same words, one to one."""

    old: int
    old_start: int
    new: int
    new_start: int
    length: int


class Change(NamedTuple):
    """A word that stands in the place of another. `alike` is a correction of spelling rather than another word."""

    old: int
    old_start: int
    old_end: int
    new: int
    new_start: int
    new_end: int
    alike: bool


@dataclass(frozen=True)
class EditionMap:
    """The map from one edition to another.

    `spans` are the blocks that are the same; `runs`, `changes` and `pairs` are about the others only. No character of
    either edition is in two of them.
    """

    old_blocks: int
    new_blocks: int
    spans: tuple[Span, ...]
    runs: tuple[Run, ...]
    changes: tuple[Change, ...]
    pairs: tuple[Pair, ...]
    version: int = VERSION

    def all_pairs(self) -> Iterator[Pair]:
        """Yield the pairs of all blocks, those of the spans included, by old block."""
        same = (
            Pair(span.old + index, span.new + index, PairKind.MOVED if span.moved else PairKind.ONE, 100)
            for span in self.spans
            for index in range(span.length)
        )
        yield from sorted([*same, *self.pairs])

    def runs_of(self, block: int, length: int) -> list[Run]:
        """Return the runs of an old block with its length, by offset."""
        if (span := self.span_of(block)) is not None:
            return [Run(block, 0, span.new + block - span.old, 0, length)]
        return self._runs.get(block, [])

    def changes_of(self, block: int) -> list[Change]:
        """Return the changed words of an old block, by offset."""
        return self._changes.get(block, [])

    def pairs_of(self, block: int) -> list[Pair]:
        """Return the partners of an old block, the most alike first."""
        if (span := self.span_of(block)) is not None:
            return [Pair(block, span.new + block - span.old, PairKind.MOVED if span.moved else PairKind.ONE, 100)]
        return sorted(self._pairs.get(block, []), key=lambda pair: -pair.likeness)

    def span_of(self, block: int) -> Span | None:
        index = bisect_right(self.spans, block, key=lambda span: span.old) - 1
        if index < 0:
            return None
        span = self.spans[index]
        return span if block < span.old + span.length else None

    def to_bytes(self) -> bytes:
        """Return the map compressed. Equal maps give equal bytes."""
        kinds = list(PairKind)
        value = {
            "version": self.version,
            "blocks": [self.old_blocks, self.new_blocks],
            "spans": _deltas(self.spans),
            "runs": _deltas(self.runs),
            "changes": _deltas(self.changes),
            "pairs": _deltas((pair.old, pair.new, kinds.index(pair.kind), pair.likeness) for pair in self.pairs),
        }
        return gzip.compress(json.dumps(value, separators=(",", ":")).encode(), 6, mtime=0)

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Return the stored map. Compare its `version` before use: an older one may be made anew."""
        value = json.loads(gzip.decompress(content))
        kinds = list(PairKind)
        return cls(
            value["blocks"][0],
            value["blocks"][1],
            tuple(Span(old, new, length, bool(moved)) for old, new, length, moved in _summed(value["spans"])),
            tuple(Run(*row) for row in _summed(value["runs"])),
            tuple(Change(*row)._replace(alike=bool(row[6])) for row in _summed(value["changes"])),
            tuple(Pair(old, new, kinds[kind], likeness) for old, new, kind, likeness in _summed(value["pairs"])),
            value["version"],
        )

    @cached_property
    def _runs(self) -> dict[int, list[Run]]:
        return _grouped(self.runs)

    @cached_property
    def _changes(self) -> dict[int, list[Change]]:
        return _grouped(self.changes)

    @cached_property
    def _pairs(self) -> dict[int, list[Pair]]:
        return _grouped(self.pairs)


def _grouped[Row: (Run, Change, Pair)](rows: Iterable[Row]) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.old, []).append(row)
    return groups


def _deltas(rows: Iterable[tuple[int, ...]]) -> list[list[int]]:
    """Return each column by its differences from row to row: mostly the same small numbers, which compress well."""
    columns = zip(*rows, strict=True)
    return [[int(now) - int(last) for last, now in zip((0, *column), column, strict=False)] for column in columns]


def _summed(columns: list[list[int]]) -> Iterator[tuple[Any, ...]]:
    sums = []
    for column in columns:
        total = 0
        sums.append([total := total + step for step in column])
    return zip(*sums, strict=True)

"""Notes in plain text: "[1]" in a line, and a paragraph that begins "[1]" or "[Footnote 1:" somewhere below."""

from __future__ import annotations

import re
from itertools import pairwise

type Group = tuple[int, list[str]]  # the number of its first line, and its lines

NOTE_SIGNS = re.compile("[\ue000\ue001]")  # private characters that stand for a reference until the words are read
NOTE_MARK = re.compile("\ue000(\\d{1,5})\ue001")
_REFERENCE = re.compile(r"\[(\d{1,4})\]")
_NOTE = re.compile(r"\s*\[(?:Footnote:?\s*)?(\d{1,4})(?:\]|:)\s*(?=\S)", re.IGNORECASE)


def lift_notes(groups: list[Group]) -> tuple[list[Group], list[list[Group]]]:
    """Groups with note marks instead of references, and the groups of each note in the order of the references.

    Nothing is lifted unless nearly every note has a reference before it: a bracketed number may be anything.
    """
    starts = {index: match for index, (_, lines) in enumerate(groups) if (match := _NOTE.match(lines[0]))}
    references = [
        (index, line, match)
        for index, (_, lines) in enumerate(groups)
        for line, text in enumerate(lines)
        for match in _REFERENCE.finditer(text)
        if not (index in starts and line == 0 and match.start() <= starts[index].start(1))
    ]
    pairs = _pair(starts, references)
    if not pairs or len(pairs) * 10 < 8 * len(starts):
        return groups, []
    owners = _owners(groups, starts, pairs)
    ordered = sorted(pairs, key=lambda start: pairs[start])
    kept = [(number, list(lines)) for number, lines in groups]
    for position, start in enumerate(ordered, 1):
        index, line, _ = references[pairs[start]]
        kept[index][1][line] = _mark(kept[index][1][line], starts[start].group(1), position)
    notes: dict[int, list[Group]] = {start: [] for start in ordered}
    for index, owner in owners.items():
        notes[owner].append(_bare(kept[index], starts[index]) if index in starts else kept[index])
    return [group for index, group in enumerate(kept) if index not in owners], [notes[start] for start in ordered]


type Reference = tuple[int, int, re.Match[str]]


def _pair(starts: dict[int, re.Match[str]], references: list[Reference]) -> dict[int, int]:
    """For each note, by its group, the nearest reference before it that has its number and is not taken."""
    waiting: dict[str, list[int]] = {}
    pairs: dict[int, int] = {}
    position = 0
    for start, match in starts.items():
        while position < len(references) and references[position][0] < start:
            waiting.setdefault(references[position][2].group(1), []).append(position)
            position += 1
        found = waiting.get(match.group(1))
        if found:
            pairs[start] = found.pop()
    return pairs


def _owners(groups: list[Group], starts: dict[int, re.Match[str]], pairs: dict[int, int]) -> dict[int, int]:
    """Which note each group belongs to. Between two notes at the end of a text everything belongs to the first."""
    ordered = sorted(pairs)
    at_end = len(pairs) == len(starts) and all(position < ordered[0] for position in _reference_groups(groups, starts))
    owners = {start: start for start in ordered}
    if at_end:
        for first, after in pairwise(ordered):
            owners.update(dict.fromkeys(range(first, after), first))
    return dict(sorted(owners.items()))


def _reference_groups(groups: list[Group], starts: dict[int, re.Match[str]]) -> list[int]:
    return [
        index
        for index, (_, lines) in enumerate(groups)
        if index not in starts and any(_REFERENCE.search(line) for line in lines)
    ]


def _mark(line: str, number: str, position: int) -> str:
    return line.replace(f"[{number}]", f"\ue000{position}\ue001", 1)


def _bare(group: Group, match: re.Match[str]) -> Group:
    """The note without its own number and, for "[Footnote 1: ...]", without the closing bracket."""
    number, lines = group
    lines = [lines[0][match.end() :], *lines[1:]]
    if match.group().rstrip().endswith(":"):
        lines[-1] = lines[-1].rstrip().removesuffix("]")
    return number, lines

"""Patches of a block from its words in the base and its words now.

They are made by comparing, never from the steps of an editor, whose positions no upload keeps. Patches of a block never
touch: between two of them is at least one word of the base. So each can be removed without the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..align.in_order import in_order
from .base import Base
from .merge import Span
from .model import Patch, WordsEdit
from .pieces import Piece
from .words import Word, kept_in, pieces_of_words, words_of


class UnknownNode(ValueError):
    """The new text has a note mark, formula or picture that the block does not have, or has one twice."""


class Replaced(NamedTuple):
    """Words of the base, and what stands in their place."""

    old: Span
    new: Span


def replaced(old: Sequence[Word], new: Sequence[Word]) -> list[Replaced]:
    """Return what differs, in order. Raises UnknownNode."""
    found = list(differences(old, new))
    while (wider := _keeping_nodes(found, old, new)) != found:
        found = wider
    return found


def differences(old: Sequence[Word], new: Sequence[Word]) -> Iterator[Replaced]:
    at = other_at = 0
    for start, other, length in [*in_order(old, new), (len(old), len(new), 0)]:
        if start > at or other > other_at:
            yield Replaced(Span(at, start), Span(other_at, other))
        at, other_at = start + length, other + length


def _keeping_nodes(found: list[Replaced], old: Sequence[Word], new: Sequence[Word]) -> list[Replaced]:
    """Return the differences with those joined between which a note mark, formula or picture moved: a patch must have
    in its old words what it has in its new ones."""
    for number, one in enumerate(found):
        for key in _foreign(one, old, new):
            source = _nearest(number, key, found, old)
            low, high = sorted((number, source))
            joined = Replaced(
                Span(found[low].old.start, found[high].old.end), Span(found[low].new.start, found[high].new.end)
            )
            return [*found[:low], joined, *found[high + 1 :]]
    return found


def _foreign(one: Replaced, old: Sequence[Word], new: Sequence[Word]) -> list[str]:
    has = Counter(kept_in(old[slice(*one.old)]))
    return list((Counter(kept_in(new[slice(*one.new)])) - has).elements())


def _nearest(number: int, key: str, found: list[Replaced], old: Sequence[Word]) -> int:
    places = [other for other, one in enumerate(found) if other != number and key in kept_in(old[slice(*one.old)])]
    if not places:
        raise UnknownNode(key)
    return min(places, key=lambda place: abs(place - number))


def words_patches(
    base: Base, block: int, now: Iterable[Piece], *, author: str = "", made_at: str = "", reason: str = ""
) -> list[Patch]:
    """Return the patches that make the block's text what it is now. Raises UnknownNode."""
    old, new = base.blocks[block].words, words_of(now)
    return [
        Patch(
            base.identity,
            base.anchor(block, *span),
            WordsEdit(tuple(pieces_of_words(old[slice(*span)])), tuple(pieces_of_words(new[slice(*other)]))),
            author,
            made_at,
            reason,
        )
        for span, other in replaced(old, new)
    ]


@dataclass(frozen=True, slots=True)
class Revision:
    """What became of the patches of a block: those that stay, new ones, and those that are no more. A new one that
    touches known ones revises the first of them."""

    kept: list[Patch] = field(default_factory=list)
    made: list[Patch] = field(default_factory=list)
    dropped: list[Patch] = field(default_factory=list)


def revised(known: Sequence[Patch], made: Sequence[Patch]) -> Revision:
    """Compare the patches of a block that were known with those of its text now."""
    result = Revision()
    staying = {(_span(patch), patch.edit): patch for patch in known}
    for patch in made:
        same = staying.pop((_span(patch), patch.edit), None)
        if same is not None:
            result.kept.append(same)
            continue
        touched = next((old for old in known if _touch(_span(old), _span(patch))), None)
        result.made.append(patch if touched is None else _revising(patch, touched))
    result.dropped.extend(staying.values())
    return result


def _revising(patch: Patch, old: Patch) -> Patch:
    return Patch(patch.base, patch.anchor, patch.edit, patch.author, patch.made_at, patch.reason, revises=old.identity)


def _span(patch: Patch) -> Span:
    return Span(patch.anchor.start, patch.anchor.end)


def _touch(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end


def patched(words: Sequence[Word], patches: Iterable[Patch]) -> list[Word]:
    """Return the words of a base block with some of its patches. Undoing a patch is to leave it out."""
    result = list(words)
    for patch in sorted(patches, key=_span, reverse=True):
        if isinstance(patch.edit, WordsEdit):
            result[slice(*_span(patch))] = patch.edit.new_words
    return result

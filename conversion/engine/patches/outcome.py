"""What the search for a patch's place says, and the Book that is searched."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field

from ..book.model import AnyBlock, Asset, Book
from .base import Base, BlockAnchor
from .leaves import Container, Leaf, Leaves
from .merge import Reason
from .model import FitState


@dataclass(slots=True)
class Patching:
    """A Book while patches are applied to it: its leaves and its base as it was read, and pictures that may come in,
    by the sha256 of their files. `rests` are the second halves of leaves that were split."""

    book: Book
    leaves: Leaves
    base: Base
    pictures: Mapping[str, Asset]
    rests: dict[int, Leaf] = field(default_factory=dict)

    def last_of(self, leaf: int) -> Leaf:
        """Return the leaf, or its rest where it was split."""
        return self.rests.get(leaf, self.leaves.leaves[leaf])


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a patch fits. `action` changes the Book; `claims` are what it is about: two patches with the same claim do
    not go together."""

    state: FitState
    anchor: BlockAnchor | None = None
    reason: Reason | None = None
    action: Callable[[], None] | None = None
    claims: frozenset[Hashable] = frozenset()


def conflict(reason: Reason) -> Outcome:
    return Outcome(FitState.CONFLICT, reason=reason)


def adopted(anchor: BlockAnchor | None = None) -> Outcome:
    return Outcome(FitState.ADOPTED, anchor)


def applied(anchor: BlockAnchor, action: Callable[[], None], *claims: Hashable) -> Outcome:
    return Outcome(FitState.APPLIED, anchor, action=action, claims=frozenset(claims))


def index_of(siblings: list[AnyBlock], block: AnyBlock) -> int:
    """Return where a block itself is in a list: equal blocks are others."""
    return next(number for number, other in enumerate(siblings) if other is block)


def replace_block(owner: Leaf | Container, blocks: list[AnyBlock]) -> None:
    """Put blocks in place of a leaf's or a container's own."""
    siblings = owner.siblings
    assert siblings is not None  # noqa: S101 (a block of its own)
    at = index_of(siblings, owner.block)
    siblings[at : at + 1] = blocks

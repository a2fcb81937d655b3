"""What the search for a patch's place says, and the Book that is searched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from ..book.model import AnyBlock, Asset, Book, Inline, InlineImage
from .base import Base, BlockAnchor
from .build import asset_of_key
from .leaves import Container, Leaf, Leaves
from .merge import Reason
from .model import FitState


@dataclass
class Patching:
    """A Book while patches are applied to it: its leaves and its base as it was read, and pictures that may come in,
    by the sha256 of their files. `rests` are the last parts of leaves that were split, `joined` the leaves before those
    that were joined to them."""

    book: Book
    leaves: Leaves
    base: Base
    pictures: Mapping[str, Asset]
    rests: dict[int, Leaf] = field(default_factory=dict)
    joined: dict[int, int] = field(default_factory=dict)
    divided: dict[str, str] = field(default_factory=dict)  # the ids of chapters that were part of another, and of that

    @property
    def owners(self) -> Iterator[Leaf | Container]:
        """Yield all leaves, rests of leaves and containers."""
        yield from self.leaves.leaves
        yield from self.rests.values()
        yield from self.leaves.containers

    def last_of(self, leaf: int) -> Leaf:
        """Return the leaf that has the last words of one: its rest where it was split, another where it was joined."""
        while leaf not in self.rests and leaf in self.joined:
            leaf = self.joined[leaf]
        return self.rests.get(leaf, self.leaves.leaves[leaf])

    @cached_property
    def _nodes(self) -> dict[str, list[tuple[int, Inline]]]:
        found: defaultdict[str, list[tuple[int, Inline]]] = defaultdict(list)
        for number, leaf in enumerate(self.leaves.leaves):
            for piece in (piece for word in leaf.words for piece in word.pieces if piece.kept):
                if piece.node is not None:
                    found[piece.kept].append((number, piece.node))
        return found

    def has_nodes(self, keys: Iterable[str]) -> bool:
        """Return whether the Book as it was read has formulas, note marks and pictures with all these keys; a picture
        that is put in may also be a file of the author's."""
        return all(self._asset(name) if (name := asset_of_key(key)) else key in self._nodes for key in keys)

    def _asset(self, name: str) -> Asset | None:
        """Return a picture by the sha256 of the author's file, or one of the Book's own."""
        return self.pictures.get(name) or self.book.assets.get(name)

    def node_near(self, leaf: int) -> Callable[[str], Inline]:
        """Return the function that finds the node with a key that is nearest to a leaf: twins are told apart so."""

        def node(key: str) -> Inline:
            if name := asset_of_key(key):
                asset = self._asset(name)
                assert asset is not None  # noqa: S101 (asked for before: `has_nodes`)
                self.book.assets[asset.sha256] = asset
                return InlineImage(asset.sha256)
            return replace(min(self._nodes[key], key=lambda found: abs(found[0] - leaf))[1])

        return node


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a patch fits. `action` changes the Book; `claims` are what it is about: two patches with the same claim do
    not go together."""

    state: FitState
    anchor: BlockAnchor | None = None
    reason: Reason | None = None
    action: Callable[[], None] | None = None
    claims: frozenset[Hashable] = frozenset()
    target: BlockAnchor | None = None  # of a chapter that is moved


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

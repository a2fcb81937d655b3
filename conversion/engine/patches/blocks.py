"""Patches of whole blocks: their attributes and kinds, blocks that come and go, blocks that are split and joined.

Each function finds what the patch is about in the Book as it was read, under the same rule as for words: what the
author changed must still be as the author saw it, or be already what the author made of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..book.inlines import anchors_of
from ..book.model import AnyBlock, Figure, Heading, Inline, InlineImage, Paragraph, Quotation, Table
from .attributes import OF_PICTURES, may_set, set_attribute
from .base import BlockAnchor
from .build import Nodes, built, kept_of, of_kind, texts_of
from .leaves import Container, Leaf
from .merge import Reason, Span
from .model import InsertEdit, JoinEdit, KindEdit, NewBlock, Patch, PictureEdit, RemoveEdit, SetEdit, SplitEdit, Target
from .outcome import Outcome, Patching, adopted, applied, conflict, index_of, replace_block
from .pieces import Piece
from .placing import Place, Placing

_SEAM = 3  # words on each side of where a block was split or two were joined

# ---------------------------------------------------------------- attributes and pictures


def set_attributes(patch: Patch, edit: SetEdit, at: Placing, book: Patching) -> Outcome:
    """Set an attribute that still has the value that the author saw."""
    if edit.target is Target.PICTURE:
        return _set_of_picture(patch, edit, at, book)
    found = _owner(patch, edit.target, at, book)
    if found is None:
        return conflict(Reason.GONE)
    owner, anchor = found
    if not may_set(owner.kind, edit.name, edit.new) or _has_too_few_rows(owner.block, edit):
        return conflict(Reason.KIND)
    now = getattr(owner.block, edit.name)
    if now == edit.new:
        return adopted(anchor)
    if now != edit.old:
        return conflict(Reason.KIND)
    return applied(anchor, lambda: set_attribute(owner.block, edit.name, edit.new), (id(owner), edit.name))


def _has_too_few_rows(block: AnyBlock, edit: SetEdit) -> bool:
    return edit.name == "header_rows" and isinstance(block, Table) and int(edit.new) > len(block.rows)


def _owner(patch: Patch, target: Target, at: Placing, book: Patching) -> tuple[Leaf | Container, BlockAnchor] | None:
    """Return the leaf or container that an anchor names, and its anchor now."""
    if target is Target.CONTAINER:
        number = at.old.container_of(patch.anchor)
        found = at.container(number) if number is not None else None
        return None if found is None else (book.leaves.containers[found], book.base.container_anchor(found))
    number = at.old.block_of(patch.anchor)
    found = at.block(number) if number is not None else None
    return None if found is None else (book.leaves.leaves[found], book.base.anchor(found))


def _set_of_picture(patch: Patch, edit: SetEdit, at: Placing, book: Patching) -> Outcome:
    found = _picture_at(patch, at, book)
    if not isinstance(found, tuple):
        return conflict(found)
    picture, anchor = found
    if not any(one.name == edit.name and one.accepts(edit.new) for one in OF_PICTURES):
        return conflict(Reason.KIND)
    now = getattr(picture, edit.name)
    if now == edit.new:
        return adopted(anchor)
    if now != edit.old:
        return conflict(Reason.KIND)
    return applied(anchor, lambda: setattr(picture, edit.name, edit.new), (id(picture), edit.name))


def set_picture(patch: Patch, edit: PictureEdit, at: Placing, book: Patching) -> Outcome:
    """Put another picture where the one that the author saw still is."""
    found = _picture_at(patch, at, book)
    if not isinstance(found, tuple):
        return conflict(found)
    picture, anchor = found
    asset = book.pictures.get(edit.new)
    if asset is not None and picture.asset == asset.sha256:
        return adopted(anchor)
    if picture.asset != edit.old or asset is None:
        return conflict(Reason.CHANGED)

    def put() -> None:
        book.book.assets[asset.sha256] = asset
        picture.asset = asset.sha256

    return applied(anchor, put, (id(picture), "asset"))


def _picture_at(patch: Patch, at: Placing, book: Patching) -> tuple[Figure | InlineImage, BlockAnchor] | Reason:
    """Return the picture at an anchor: a figure, or the word at its start."""
    block = at.old.block_of(patch.anchor)
    if block is None:
        return Reason.GONE
    span = Span(patch.anchor.start, patch.anchor.end)
    place = at.words(block, span)
    if not isinstance(place, Place):
        return place
    leaf = book.leaves.leaves[place.block]
    anchor = book.base.anchor(place.block, *place.span)
    if isinstance(leaf.block, Figure) and leaf.inlines is None:
        return leaf.block, anchor
    nodes = [piece.node for word in leaf.words[slice(*place.span)] for piece in word.pieces]
    pictures = [node for node in nodes if isinstance(node, InlineImage)]
    return (pictures[0], anchor) if len(pictures) == len(nodes) == 1 else Reason.KIND


# ---------------------------------------------------------------- kinds


def set_kind(patch: Patch, edit: KindEdit, at: Placing, book: Patching) -> Outcome:
    """Make another kind of a block; its words may have changed."""
    if edit.old == "quotation":
        return _unwrap(patch, at, book)
    found = _owner(patch, Target.BLOCK, at, book)
    if found is None or not isinstance(found[0], Leaf) or found[0].siblings is None:
        return conflict(Reason.GONE)
    leaf, anchor = found[0], found[1]
    if leaf.kind == edit.new:
        return adopted(anchor)
    if leaf.kind != edit.old:
        return conflict(Reason.KIND)

    def change() -> None:
        block = of_kind(leaf.block, edit.new, leaf.inlines or [])
        for name, value in edit.attributes.items():
            set_attribute(block, name, value)
        replace_block(leaf, [block])
        leaf.block = block
        leaf.inlines = block.inlines if isinstance(block, Paragraph | Heading) else leaf.inlines

    return applied(anchor, change, (id(leaf), "kind"))


def _unwrap(patch: Patch, at: Placing, book: Patching) -> Outcome:
    found = _owner(patch, Target.CONTAINER, at, book)
    if found is None or not isinstance(found[0], Container) or not isinstance(found[0].block, Quotation):
        return conflict(Reason.GONE)
    container, anchor, quotation = found[0], found[1], found[0].block

    def change() -> None:
        for one in book.owners:
            if one.siblings is quotation.blocks:
                one.siblings = container.siblings
        replace_block(container, quotation.blocks)

    return applied(anchor, change, (id(container), "kind"))


# ---------------------------------------------------------------- coming and going


def insert(patch: Patch, edit: InsertEdit, at: Placing, book: Patching) -> Outcome:
    """Put blocks between two that still follow each other."""
    edges = _edges(patch, edit.target, at)
    found = _owner(patch, edit.target, at, book)
    if edges is None or found is None or found[0].siblings is None or not book.has_nodes(kept_of(edit.blocks)):
        return conflict(Reason.GONE)
    owner, anchor = found
    first, last = _range_of(owner, book)
    base_outside = edges[0] - 1 if edit.is_before else edges[1] + 1
    here = first if edit.is_before else last
    step = -1 if edit.is_before else 1
    if not _same_outside(base_outside, here + step, at):
        is_there = _stands_there(edit.blocks, base_outside, here, step, at)
        return adopted(anchor) if is_there else conflict(Reason.CHANGED)

    def put() -> None:
        held = owner if isinstance(owner, Container) or edit.is_before else book.last_of(here)
        siblings = held.siblings
        assert siblings is not None  # noqa: S101 (checked above)
        place = index_of(siblings, held.block) + (0 if edit.is_before else 1)
        siblings[place:place] = built(edit.blocks, book.node_near(here))

    return applied(anchor, put, ("beside", id(owner), edit.is_before))


def _edges(patch: Patch, target: Target, at: Placing) -> tuple[int, int] | None:
    """Return the first and the last base leaf of what an anchor names."""
    if target is Target.CONTAINER:
        number = at.old.container_of(patch.anchor)
        return None if number is None else (at.old.containers[number].first, at.old.containers[number].end - 1)
    block = at.old.block_of(patch.anchor)
    return None if block is None else (block, block)


def _range_of(owner: Leaf | Container, book: Patching) -> tuple[int, int]:
    if isinstance(owner, Container):
        return owner.first, owner.end - 1
    number = next(number for number, leaf in enumerate(book.leaves.leaves) if leaf is owner)
    return number, number


def _same_outside(base_block: int, block: int, at: Placing) -> bool:
    """Return whether a neighbour in the base is the neighbour now, or both have none in their chapter."""
    is_edge = not 0 <= base_block < len(at.old.blocks)
    if is_edge or not 0 <= block < len(at.new.blocks):
        return is_edge and not 0 <= block < len(at.new.blocks)
    return at.block(base_block) == block or (_begins_chapter(at, base_block) and _is_chapter_edge(at, block))


def _begins_chapter(at: Placing, block: int) -> bool:
    return any(block in (chapter.first, chapter.end - 1) for chapter in at.old.chapters)


def _is_chapter_edge(at: Placing, block: int) -> bool:
    return any(block in (chapter.first, chapter.end - 1) for chapter in at.new.chapters)


def _stands_there(blocks: Sequence[NewBlock], outside: int, here: int, step: int, at: Placing) -> bool:
    """Return whether the blocks to be put in stand there already, and then the neighbour."""
    wanted = texts_of(blocks)
    first = here + 1 if step > 0 else here - len(wanted)
    if first < 0 or first + len(wanted) > len(at.new.blocks):
        return False
    now = [at.new.blocks[number].keys for number in range(first, first + len(wanted))]
    beyond = first + len(wanted) if step > 0 else first - 1
    return now == wanted and _same_outside(outside, beyond, at)


def remove(patch: Patch, edit: RemoveEdit, at: Placing, book: Patching) -> Outcome:
    """Remove a block that is as the author saw it. Link targets in it move to the next words."""
    edges = _edges(patch, edit.target, at)
    if edges is None:
        return conflict(Reason.GONE)
    found = _owner(patch, edit.target, at, book)
    if found is None or found[0].siblings is None:
        return adopted() if _has_closed(edges, at) else conflict(Reason.GONE)
    owner, anchor = found
    is_same = at.is_same(edges[0]) if isinstance(owner, Leaf) else _is_same_container(patch, at)
    if not is_same:
        return conflict(Reason.CHANGED)
    first, last = _range_of(owner, book)

    def take_out() -> None:
        targets = [node for leaf in book.leaves.leaves[first : last + 1] for node in anchors_of(leaf.inlines or [])]
        siblings = owner.siblings
        assert siblings is not None  # noqa: S101 (checked above)
        place = index_of(siblings, owner.block)
        del siblings[place]
        if targets:
            _keep(targets, siblings, place)

    return applied(anchor, take_out, (id(owner), "kind"), *(("block", block) for block in range(first, last + 1)))


def _is_same_container(patch: Patch, at: Placing) -> bool:
    number = at.old.container_of(patch.anchor)
    return number is not None and at.is_same_container(number)


def _has_closed(edges: tuple[int, int], at: Placing) -> bool:
    """Return whether the neighbours of what is gone follow each other now."""
    before, after = edges[0] - 1, edges[1] + 1
    if any(block in at.pairs or at.parts(block) for block in range(edges[0], edges[1] + 1)):
        return False
    here = at.block(before)
    return here is not None and at.block(after) == here + 1


def _keep(targets: list[Inline], siblings: list[AnyBlock], place: int) -> None:
    following = siblings[place] if place < len(siblings) else None
    if isinstance(following, Paragraph | Heading):
        following.inlines[:0] = targets
    else:
        siblings.insert(place, Paragraph(targets))


# ---------------------------------------------------------------- splitting and joining


def split(patch: Patch, edit: SplitEdit, at: Placing, book: Patching) -> tuple[Outcome, Place | None]:
    """Find where a block is to be divided. The division itself is made with the block's words."""
    block = at.old.block_of(patch.anchor)
    if block is None:
        return conflict(Reason.GONE), None
    cut = patch.anchor.start
    words = at.old.blocks[block].keys
    for part in at.parts(block) if not at.is_same_text else ():
        ours = at.new.blocks[part].keys
        following = at.new.blocks[part + 1].keys if part + 1 < len(at.new.blocks) else []
        if _meet(words[:cut], words[cut:], ours, following):
            return adopted(book.base.anchor(part)), None
    place = at.words(block, Span(cut, cut))
    if not isinstance(place, Place):
        return conflict(place), None
    if not book.has_nodes(kept_of(edit.between)):
        return conflict(Reason.GONE), None
    leaf = book.leaves.leaves[place.block]
    if leaf.siblings is None or not isinstance(leaf.block, Paragraph | Heading):
        return conflict(Reason.KIND), None
    return applied(book.base.anchor(place.block, *place.span), lambda: None, ("cut", place.block, place.span)), place


def divide(leaf: Leaf, cut: int, edit: SplitEdit, nodes: Nodes) -> Leaf:
    """Divide a leaf before a word, put blocks in between, and return the rest as a leaf."""
    assert leaf.siblings is not None and isinstance(leaf.block, Paragraph | Heading)  # noqa: S101 (found by `split`)
    head, tail = leaf.words[:cut], leaf.words[cut:]
    if head:
        head[-1] = replace(head[-1], gap=())
    inlines: list[Inline] = []
    block = replace(leaf.block, inlines=inlines)
    rest = Leaf(leaf.kind, leaf.chapter, block, leaf.siblings, inlines, [])
    leaf.write(head)
    rest.write(tail)
    place = index_of(leaf.siblings, leaf.block) + 1
    leaf.siblings[place:place] = [*built(edit.between, nodes), block]
    return rest


def join(patch: Patch, edit: JoinEdit, at: Placing, book: Patching) -> Outcome:
    """Join a block with the next, if both still end and begin as the author saw them."""
    block = at.old.block_of(patch.anchor)
    if block is None or block + 1 >= len(at.old.blocks):
        return conflict(Reason.GONE)
    here, there = at.block(block), at.block(block + 1)
    ours, following = at.old.blocks[block].keys, at.old.blocks[block + 1].keys
    for part in at.parts(block) if not at.is_same_text else ():
        if _contains(at.new.blocks[part].keys, [*ours[-_SEAM:], *following[:_SEAM]]):
            return adopted(book.base.anchor(part))
    if here is None or there != here + 1:
        return conflict(Reason.GONE)
    one, other = book.leaves.leaves[here], book.leaves.leaves[there]
    if one.siblings is None or one.siblings is not other.siblings or one.kind != other.kind:
        return conflict(Reason.KIND)
    if not _meet(ours, following, at.new.blocks[here].keys, at.new.blocks[there].keys, seam=1):
        return conflict(Reason.CHANGED)

    def put_together() -> None:
        first = book.last_of(here)
        words = list(first.words)
        if edit.has_blank and words and not words[-1].gap:
            words[-1] = replace(words[-1], gap=(Piece(" "),))
        first.write([*words, *other.words])
        siblings = other.siblings
        assert siblings is not None  # noqa: S101 (checked above)
        del siblings[index_of(siblings, other.block)]
        book.joined[there] = here

    seam = (("seam", here), ("beside", id(one), False), ("beside", id(other), True))
    return applied(book.base.anchor(here), put_together, *seam, (id(other), "kind"))


def _meet(
    left: Sequence[str], right: Sequence[str], ours: Sequence[str], following: Sequence[str], *, seam: int = _SEAM
) -> bool:
    """Return whether two blocks end and begin with the words on the two sides of a seam."""
    one, other = left[-seam:], right[:seam]
    if not one or not other:
        return False
    return list(ours[-len(one) :]) == list(one) and list(following[: len(other)]) == list(other)


def _contains(words: Sequence[str], wanted: Sequence[str]) -> bool:
    return any(words[at : at + len(wanted)] == wanted for at in range(len(words) - len(wanted) + 1))

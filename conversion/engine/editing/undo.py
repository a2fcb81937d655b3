"""Taking a patch back: the text is built without it. And what patches say, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ..patches.attributes import Value
from ..patches.base import Base
from ..patches.build import kept_of, lines_of
from ..patches.diff import Revision
from ..patches.model import (
    CommentEdit,
    InsertEdit,
    JoinEdit,
    KindEdit,
    NewBlock,
    Op,
    Patch,
    PictureEdit,
    RemoveEdit,
    SetEdit,
    SplitChapterEdit,
    SplitEdit,
    Target,
    WordsEdit,
)
from ..patches.pieces import Piece
from ..patches.words import pieces_of_words, text_of

_AROUND = 8  # words on each side
_MAX_WORDS = 400  # of one side of what is shown
_BETWEEN = Piece("\n")


def take_back(base: Base, patches: Iterable[Patch], *gone: Patch) -> Revision:
    """Return the patches without some. Others stay as they are: none counts in what another made. But a block that was
    moved with its notes is there twice when it is no longer taken out; then it is not put in either."""
    identities = {patch.identity for patch in gone}
    others = [one for one in patches if one.identity not in identities]
    taken = {mark for patch in gone for mark in _notes_taken(base, patch)}
    revision = Revision(dropped=list(gone))
    for one in others:
        puts_in = taken.intersection(_put_in(one)) if taken else ()
        (revision.dropped if puts_in else revision.kept).append(one)
    return revision


def _notes_taken(base: Base, patch: Patch) -> Iterator[str]:
    """Yield the note marks that a patch takes out of the text."""
    edit = patch.edit
    if isinstance(edit, WordsEdit):
        stay = {piece.kept for piece in edit.new}
        yield from (piece.kept for piece in edit.old if piece.kept.startswith("note:") and piece.kept not in stay)
    elif isinstance(edit, RemoveEdit):
        for number in _blocks_of(base, patch):
            yield from (piece.kept for piece in base.blocks[number].pieces if piece.kept.startswith("note:"))


def _put_in(patch: Patch) -> Iterator[str]:
    edit = patch.edit
    if isinstance(edit, InsertEdit):
        yield from kept_of(edit.blocks)
    elif isinstance(edit, SplitEdit):
        yield from kept_of(edit.between)


def _blocks_of(base: Base, patch: Patch) -> range:
    """Return the leaves that a patch of blocks is about."""
    edit = patch.edit
    is_quotation = isinstance(edit, KindEdit) and edit.old == "quotation"
    if is_quotation or getattr(edit, "target", None) is Target.CONTAINER:
        number = base.container_of(patch.anchor)
        return range(0) if number is None else range(base.containers[number].first, base.containers[number].end)
    number = base.block_of(patch.anchor)
    return range(0) if number is None else range(number, number + 1)


@dataclass(frozen=True, slots=True)
class PatchText:
    """What a patch says: the words before and after it, some words around them, and of an attribute its name and
    values. What comes in or goes out has nothing on the other side."""

    op: Op
    chapter: str  # the title of its chapter in the base
    before: tuple[Piece, ...] = ()
    after: tuple[Piece, ...] = ()
    left: str = ""
    right: str = ""
    name: str = ""
    old: Value = ""
    new: Value = ""


def texts(base: Base, patches: Iterable[Patch]) -> dict[str, PatchText]:
    """Return what patches say by their identities. One of another base has nothing around it."""
    return {patch.identity: _text(base, patch) for patch in patches}


def _text(base: Base, patch: Patch) -> PatchText:
    text = PatchText(patch.op, patch.anchor.chapter)
    edit = patch.edit
    if isinstance(edit, WordsEdit):
        text = replace(text, before=edit.old, after=edit.new)
    elif isinstance(edit, CommentEdit):
        text = replace(text, before=edit.old, after=edit.old)
    elif isinstance(edit, SetEdit):
        text = replace(text, name=edit.name, old=edit.old, new=edit.new)
    elif isinstance(edit, KindEdit | PictureEdit):
        text = replace(text, old=edit.old, new=edit.new)
    elif isinstance(edit, InsertEdit):
        text = replace(text, after=tuple(_of_new(edit.blocks)))
    elif isinstance(edit, SplitEdit):
        text = replace(text, after=tuple(_of_new(edit.between)))
    elif isinstance(edit, SplitChapterEdit):
        text = replace(text, after=(Piece(edit.title),))
    return _in_place(base, patch, text) if patch.base == base.identity else text


def _in_place(base: Base, patch: Patch, text: PatchText) -> PatchText:
    """Return the text of a patch with what the base has there."""
    edit, blocks = patch.edit, _blocks_of(base, patch)
    if isinstance(edit, WordsEdit | CommentEdit | SplitEdit) and blocks:
        words, start, end = base.blocks[blocks[0]].words, patch.anchor.start, patch.anchor.end
        left, right = words[max(0, start - _AROUND) : start], words[end : end + _AROUND]
        return replace(text, left=text_of(left), right=text_of(right))
    if isinstance(edit, JoinEdit) and blocks and blocks[0] + 1 < len(base.blocks):
        left, right = base.blocks[blocks[0]].words[-_AROUND:], base.blocks[blocks[0] + 1].words[:_AROUND]
        return replace(text, left=text_of(left), right=text_of(right))
    if isinstance(edit, RemoveEdit | KindEdit):
        return replace(text, before=tuple(_of_blocks(base, blocks)))
    return text


def _of_blocks(base: Base, blocks: Iterable[int]) -> Iterator[Piece]:
    for place, number in enumerate(blocks):
        if place:
            yield _BETWEEN
        yield from pieces_of_words(base.blocks[number].words[:_MAX_WORDS])


def _of_new(blocks: Iterable[NewBlock]) -> Iterator[Piece]:
    for place, block in enumerate(blocks):
        if place:
            yield _BETWEEN
        for number, line in enumerate(lines_of(block.text)):
            if number:
                yield _BETWEEN
            yield from line
        yield from _of_new(block.children)

"""What a patch is: one change to a Book that its manuscript does not know.

An author's correction, a fix by code, an editor's suggestion, a reader's typo and a comment are the same object.
Whether it is wanted is for whoever stores it to decide; here is only what it changes, and whether it fits (`Fit`). A
patch is never edited: a later one revises it by naming it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from .attributes import Value
from .base import BlockAnchor
from .merge import Reason
from .pieces import Piece
from .words import Word, words_of


class Op(StrEnum):
    WORDS = "words"
    SET = "set"
    INSERT = "insert"
    REMOVE = "remove"
    SPLIT = "split"
    JOIN = "join"
    KIND = "kind"
    PICTURE = "picture"
    MOVE_CHAPTER = "move_chapter"
    MERGE_CHAPTER = "merge_chapter"
    SPLIT_CHAPTER = "split_chapter"
    COMMENT = "comment"


class Target(StrEnum):
    """What an anchor names."""

    BLOCK = "block"
    CONTAINER = "container"
    CHAPTER = "chapter"
    PICTURE = "picture"  # a picture within running text: the word at the anchor


@dataclass(frozen=True, slots=True)
class NewBlock:
    """A block that an author puts in. The lines of verse are divided by breaks, its stanzas by two; `children` are the
    blocks of a quotation, an aside, an item or a cell, the parts of a list, a table or definitions, and the caption of
    a table or figure. A formula, note mark or picture in its text is one of the Book's, moved from where it stood."""

    kind: str
    text: tuple[Piece, ...] = ()
    attributes: dict[str, Value] = field(default_factory=dict)
    children: tuple[NewBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class WordsEdit:
    """Other words in place of the anchor's."""

    old: tuple[Piece, ...]
    new: tuple[Piece, ...]
    op = Op.WORDS

    @property
    def old_words(self) -> list[Word]:
        return words_of(self.old)

    @property
    def new_words(self) -> list[Word]:
        return words_of(self.new)


@dataclass(frozen=True, slots=True)
class SetEdit:
    """Another value of an attribute."""

    target: Target
    name: str
    old: Value
    new: Value
    op = Op.SET


@dataclass(frozen=True, slots=True)
class InsertEdit:
    """New blocks after the anchor's block or container, or before it."""

    blocks: tuple[NewBlock, ...]
    is_before: bool = False
    target: Target = Target.BLOCK
    op = Op.INSERT


@dataclass(frozen=True, slots=True)
class RemoveEdit:
    """The anchor's block or container is left out."""

    target: Target = Target.BLOCK
    op = Op.REMOVE


@dataclass(frozen=True, slots=True)
class SplitEdit:
    """The block ends before the word at the anchor's start; its rest is a block of its own. Blocks may come between."""

    between: tuple[NewBlock, ...] = ()
    op = Op.SPLIT


@dataclass(frozen=True, slots=True)
class JoinEdit:
    """The block goes on with the words of the next one, after a blank where it ends without one."""

    has_blank: bool = True
    op = Op.JOIN


@dataclass(frozen=True, slots=True)
class KindEdit:
    """A block of another kind with the same words. The anchor of a quotation is that of a container."""

    old: str
    new: str
    attributes: dict[str, Value] = field(default_factory=dict)
    op = Op.KIND


@dataclass(frozen=True, slots=True)
class PictureEdit:
    """Another picture in place of the one at the anchor. `old` is the key of an asset, `new` the sha256 of the author's
    file, which is re-encoded like every picture."""

    old: str
    new: str
    op = Op.PICTURE


@dataclass(frozen=True, slots=True)
class MoveChapterEdit:
    """The chapter follows another one; with none, it is the first."""

    after: BlockAnchor | None
    op = Op.MOVE_CHAPTER


@dataclass(frozen=True, slots=True)
class MergeChapterEdit:
    """The chapter becomes part of the one before it."""

    op = Op.MERGE_CHAPTER


@dataclass(frozen=True, slots=True)
class SplitChapterEdit:
    """A new chapter begins with the anchor's block."""

    title: str
    op = Op.SPLIT_CHAPTER


@dataclass(frozen=True, slots=True)
class CommentEdit:
    """No change: the anchor's words are talked about."""

    old: tuple[Piece, ...]
    op = Op.COMMENT


type Edit = (
    WordsEdit
    | SetEdit
    | InsertEdit
    | RemoveEdit
    | SplitEdit
    | JoinEdit
    | KindEdit
    | PictureEdit
    | MoveChapterEdit
    | MergeChapterEdit
    | SplitChapterEdit
    | CommentEdit
)


@dataclass(frozen=True)
class Patch:
    """One change. `base` is the identity of the base that the anchor counts in; `author` a person or a fix code;
    `made_at` a time in ISO 8601; `revises` the identity of the patch that this one replaces."""

    base: str
    anchor: BlockAnchor
    edit: Edit
    author: str = ""
    made_at: str = ""
    reason: str = ""
    revises: str = ""

    @property
    def op(self) -> Op:
        return self.edit.op

    @cached_property
    def identity(self) -> str:
        """Name the patch by all that it is: the same patch twice is one."""
        from .reading import patch_to_json

        content = json.dumps(patch_to_json(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class FitState(StrEnum):
    APPLIED = "applied"
    ADOPTED = "adopted"  # the manuscript has it already
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a patch fits a base: `anchor` is where it is in the new one, `target` the chapter that a moved one
    follows there. A conflict has a reason, the words that stand about there now (`theirs`; the patch has those of the
    base and its own), and perhaps a guess."""

    patch: str  # its identity
    state: FitState
    anchor: BlockAnchor | None = None
    reason: Reason | None = None
    theirs: tuple[Piece, ...] = ()
    guess: BlockAnchor | None = None
    target: BlockAnchor | None = None


def anchored(patch: Patch, base: str, fit: Fit) -> Patch | None:
    """Return a patch as it counts in another base in which it was found; None where it was not."""
    if fit.anchor is None:
        return None
    found = replace(patch, base=base, anchor=fit.anchor)
    if not isinstance(patch.edit, MoveChapterEdit) or patch.edit.after is None:
        return found
    return replace(found, edit=MoveChapterEdit(fit.target)) if fit.target is not None else None

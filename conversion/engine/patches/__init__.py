"""Author's patches: changes to a Book that its manuscript does not know, kept through the next upload.

    base = base_of(book)                              once for each manuscript, engine version and set of fixes
    patches = words_patches(base, block, text_now)    what an author changed in a block
    apply_patches(book, {base.identity: base}, …)     in the pipeline after the fixes; says how each patch fits

Blocks of the base are paired with those of the Book by `align/sure.py`, words of a pair by `merge.py`: exactly, or not
at all.
"""

from __future__ import annotations

from .apply import Applied, apply_patches
from .attributes import MAX_ALT_CHARACTERS, may_set
from .base import Base, BaseBlock, BlockAnchor, base_of, piece_to_json
from .diff import Revision, UnknownNode, patched, revised, words_patches
from .merge import Reason
from .model import (
    CommentEdit,
    Edit,
    Fit,
    FitState,
    InsertEdit,
    JoinEdit,
    KindEdit,
    MergeChapterEdit,
    MoveChapterEdit,
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
    anchored,
)
from .pictures import pictures_of
from .pieces import Piece
from .reading import MalformedPatch, fit_from_json, fit_to_json, patch_from_json, patch_to_json
from .words import Word, pieces_of_words

__all__ = [
    "MAX_ALT_CHARACTERS",
    "Applied",
    "Base",
    "BaseBlock",
    "BlockAnchor",
    "CommentEdit",
    "Edit",
    "Fit",
    "FitState",
    "InsertEdit",
    "JoinEdit",
    "KindEdit",
    "MalformedPatch",
    "MergeChapterEdit",
    "MoveChapterEdit",
    "NewBlock",
    "Op",
    "Patch",
    "PictureEdit",
    "Piece",
    "Reason",
    "RemoveEdit",
    "Revision",
    "SetEdit",
    "SplitChapterEdit",
    "SplitEdit",
    "Target",
    "UnknownNode",
    "Word",
    "WordsEdit",
    "anchored",
    "apply_patches",
    "base_of",
    "fit_from_json",
    "fit_to_json",
    "may_set",
    "patch_from_json",
    "patch_to_json",
    "patched",
    "pictures_of",
    "piece_to_json",
    "pieces_of_words",
    "revised",
    "words_patches",
]

"""Patches as JSON, and back. What comes from a browser is as hostile as a manuscript: it is read into the closed set.

Reading accepts nothing but the forms below, cleans text as readers do, and raises MalformedPatch with the path of what
is wrong. No markup, no address but http(s), mailto and those within the book, and no node can come in: a formula, note
mark or picture is a key that must be found in the block.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from ..book import clean
from ..findings.model import SourcePlace
from .attributes import Value, may_have, may_set
from .base import BlockAnchor
from .leaves import CAPTION, CODE, FIGURE, HEADING, PARAGRAPH, SCENE, TERM
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
)
from .pieces import BREAK, STAND_IN, WRAPPER_MARKS, Mark, Piece

type Json = dict[str, Any]

MAX_CHARACTERS = 150_000  # of one patch: as many as a paragraph may have
MAX_PIECES = 5_000
MAX_MARKS = 8
MAX_BLOCKS = 500
MAX_DEPTH = 6
MAX_REASON_CHARACTERS = 2_000

_KEY = re.compile(r"[0-9a-f]{32}")
_KEPT = re.compile(r"(?:note|formula|picture):[0-9a-f]{16}")
_ASSET = re.compile(r"[0-9a-f]{64}")
_TARGET = re.compile(r"#[A-Za-z_][\w.:-]{0,200}", re.ASCII)
_AUTHOR = re.compile(r"[A-Za-z0-9._:@-]{0,80}")
_TIME = re.compile(r"(?:\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[+-]\d{2}:\d{2}))?")
_PLAIN_MARKS = frozenset(WRAPPER_MARKS.values()) | {"code"}

# What a new block may contain: text, blocks, or neither.
_WITH_TEXT = frozenset({PARAGRAPH, HEADING, CODE, "verse", TERM, CAPTION})
_PARTS = {  # of what has nothing else in it
    "list": {"item"},
    "definitions": {"definition"},
    "table": {"row", CAPTION},
    "row": {"cell"},
    FIGURE: {CAPTION},
}
_WITH_CHILDREN = frozenset({"quotation", "aside", "item", "definition", "cell", *_PARTS})
_ONLY_IN_PARTS = frozenset({"item", "definition", "row", "cell", CAPTION, TERM})
_KINDS = frozenset({PARAGRAPH, HEADING, SCENE, "quotation"})  # that `kind` turns blocks into


class MalformedPatch(ValueError):
    """The JSON is not a patch. `path` says which value is wrong."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(path)


# ---------------------------------------------------------------- writing


def patch_to_json(patch: Patch) -> Json:
    """Return a patch as values that `json.dumps` accepts."""
    return {
        "op": str(patch.op),
        "base": patch.base,
        "anchor": anchor_to_json(patch.anchor),
        "edit": _WRITERS[patch.op](patch.edit),
        "author": patch.author,
        "made_at": patch.made_at,
        "reason": patch.reason,
        "revises": patch.revises,
    }


def fit_to_json(fit: Fit) -> Json:
    return {
        "patch": fit.patch,
        "state": str(fit.state),
        "anchor": anchor_to_json(fit.anchor) if fit.anchor else None,
        "reason": str(fit.reason) if fit.reason else None,
        "theirs": pieces_to_json(fit.theirs),
        "guess": anchor_to_json(fit.guess) if fit.guess else None,
    } | ({"target": anchor_to_json(fit.target)} if fit.target else {})


def anchor_to_json(anchor: BlockAnchor) -> Json:
    value = anchor._asdict()
    value["place"] = {"part": anchor.place.part, "index": anchor.place.index}
    return value


def pieces_to_json(pieces: Iterable[Piece]) -> list[Json]:
    return [
        {"text": piece.text}
        | ({"marks": [list(mark) for mark in piece.marks]} if piece.marks else {})
        | ({"kept": piece.kept} if piece.kept else {})
        for piece in pieces
    ]


def _insert_to_json(edit: InsertEdit) -> Json:
    return {"blocks": _blocks_to_json(edit.blocks), "is_before": edit.is_before, "target": str(edit.target)}


_WRITERS: dict[Op, Callable[[Any], Json]] = {
    Op.WORDS: lambda edit: {"old": pieces_to_json(edit.old), "new": pieces_to_json(edit.new)},
    Op.SET: lambda edit: {"target": str(edit.target), "name": edit.name, "old": edit.old, "new": edit.new},
    Op.INSERT: _insert_to_json,
    Op.REMOVE: lambda edit: {"target": str(edit.target)},
    Op.SPLIT: lambda edit: {"between": _blocks_to_json(edit.between)},
    Op.JOIN: lambda edit: {"has_blank": edit.has_blank},
    Op.KIND: lambda edit: {"old": edit.old, "new": edit.new, "attributes": edit.attributes},
    Op.PICTURE: lambda edit: {"old": edit.old, "new": edit.new},
    Op.MOVE_CHAPTER: lambda edit: {"after": anchor_to_json(edit.after) if edit.after else None},
    Op.MERGE_CHAPTER: lambda edit: {},
    Op.SPLIT_CHAPTER: lambda edit: {"title": edit.title},
    Op.COMMENT: lambda edit: {"old": pieces_to_json(edit.old)},
}


def _blocks_to_json(blocks: Iterable[NewBlock]) -> list[Json]:
    return [
        {
            "kind": block.kind,
            "text": pieces_to_json(block.text),
            "attributes": block.attributes,
            "children": _blocks_to_json(block.children),
        }
        for block in blocks
    ]


# ---------------------------------------------------------------- reading


def patch_from_json(value: Any) -> Patch:
    """Return the patch. Raises MalformedPatch."""
    row = _object(value, "patch", {"op", "base", "anchor", "edit", "author", "made_at", "reason", "revises"})
    op = _enum(Op, row["op"], "op")
    return Patch(
        _match(_KEY, row["base"], "base"),
        anchor_from_json(row["anchor"]),
        _EDITS[op](row["edit"]),
        _match(_AUTHOR, row["author"], "author"),
        _match(_TIME, row["made_at"], "made_at"),
        _text(row["reason"], "reason", MAX_REASON_CHARACTERS),
        _match(_KEY, row["revises"], "revises") if row["revises"] else "",
    )


def fit_from_json(value: Any) -> Fit:
    """Return the fit of a patch. Raises MalformedPatch."""
    row = _object(value, "fit", {"patch", "state", "anchor", "reason", "theirs", "guess"}, {"target"})
    return Fit(
        _match(_KEY, row["patch"], "patch"),
        _enum(FitState, row["state"], "state"),
        anchor_from_json(row["anchor"]) if row["anchor"] is not None else None,
        _enum(Reason, row["reason"], "reason") if row["reason"] is not None else None,
        pieces_from_json(row["theirs"], "theirs", kept=re.compile(r"[a-z_]+:[0-9a-f]{0,16}")),
        anchor_from_json(row["guess"]) if row["guess"] is not None else None,
        anchor_from_json(row["target"]) if row.get("target") is not None else None,
    )


def anchor_from_json(value: Any) -> BlockAnchor:
    row = _object(value, "anchor", set(BlockAnchor._fields))
    place = _object(row["place"], "anchor.place", {"part", "index"})
    start, end = _number(row["start"], "anchor.start"), _number(row["end"], "anchor.end")
    if end < start:
        raise MalformedPatch("anchor.end")
    return BlockAnchor(
        _match(_KEY, row["key"], "anchor.key"),
        _match(_KEY, row["before"], "anchor.before") if row["before"] else "",
        _match(_KEY, row["after"], "anchor.after") if row["after"] else "",
        _number(row["block"], "anchor.block"),
        start,
        end,
        _text(row["chapter"], "anchor.chapter", clean.TITLE_LIMIT_CHARS),
        SourcePlace(_text(place["part"], "anchor.place.part", 500), _number(place["index"], "anchor.place.index")),
    )


def pieces_from_json(value: Any, path: str, *, kept: re.Pattern[str] = _KEPT) -> tuple[Piece, ...]:
    """Return text with its marks, cleaned. Raises MalformedPatch."""
    if not isinstance(value, list) or len(value) > MAX_PIECES:
        raise MalformedPatch(path)
    pieces = tuple(_piece(item, path, kept) for item in value)
    if sum(len(piece.text) for piece in pieces) > MAX_CHARACTERS:
        raise MalformedPatch(path)
    return tuple(piece for piece in pieces if piece.text)


def _piece(value: Any, path: str, kept: re.Pattern[str]) -> Piece:
    row = _object(value, path, {"text"}, {"marks", "kept"})
    marks = row.get("marks", [])
    if not isinstance(marks, list) or len(marks) > MAX_MARKS:
        raise MalformedPatch(f"{path}.marks")
    read = tuple(mark_from_json(mark, f"{path}.marks") for mark in marks)
    if any(mark[0] in ("code", "ruby") for mark in read[:-1]) or [mark[0] for mark in read].count("link") > 1:
        raise MalformedPatch(f"{path}.marks")  # code and ruby contain nothing but text, and links no links
    if "kept" in row:
        return Piece(STAND_IN, read, _match(kept, row["kept"], f"{path}.kept"))
    lines = _text(row["text"], f"{path}.text", MAX_CHARACTERS, is_cleaned=False).split(BREAK)
    return Piece(BREAK.join(map(clean.text, lines)), read)


def mark_from_json(value: Any, path: str) -> Mark:
    """Return a mark of the closed set. Raises MalformedPatch."""
    if not isinstance(value, list) or not value or not all(isinstance(part, str) for part in value):
        raise MalformedPatch(path)
    name, *carried = value
    if name in _PLAIN_MARKS and not carried:
        return (name,)
    if name == "link" and len(carried) == 1 and _is_address(carried[0]):
        return "link", carried[0]
    if name == "ruby" and len(carried) == 1 and len(carried[0]) <= 200:
        return "ruby", clean.text(carried[0])
    if name == "language" and len(carried) == 3 and _is_language(*carried):
        return "language", *carried
    raise MalformedPatch(path)


def _is_address(value: str) -> bool:
    return bool(_TARGET.fullmatch(value)) or (bool(value) and clean.href(value) == value)


def _is_language(lang: str, direction: str, dress: str) -> bool:
    known = not lang or clean.language(lang) == lang
    return known and direction in ("", "ltr", "rtl") and bool(re.fullmatch(r"[A-Za-z0-9_-]{0,40}", dress))


# ---------------------------------------------------------------- edits


def _words(value: Any) -> WordsEdit:
    row = _object(value, "edit", {"old", "new"})
    old, new = pieces_from_json(row["old"], "edit.old"), pieces_from_json(row["new"], "edit.new")
    if Counter(piece.kept for piece in new if piece.kept) - Counter(piece.kept for piece in old if piece.kept):
        raise MalformedPatch("edit.new")  # a node that the words did not have
    return WordsEdit(old, new)


def _comment(value: Any) -> CommentEdit:
    return CommentEdit(pieces_from_json(_object(value, "edit", {"old"})["old"], "edit.old"))


def _set(value: Any) -> SetEdit:
    row = _object(value, "edit", {"target", "name", "old", "new"})
    name = _text(row["name"], "edit.name", 40)
    return SetEdit(
        _enum(Target, row["target"], "edit.target"),
        name,
        _value(row["old"], "edit.old"),
        _value(row["new"], "edit.new"),
    )


def _insert(value: Any) -> InsertEdit:
    row = _object(value, "edit", {"blocks", "is_before", "target"})
    blocks = _blocks(row["blocks"], "edit.blocks")
    if not blocks or not isinstance(row["is_before"], bool):
        raise MalformedPatch("edit.blocks")
    return InsertEdit(blocks, row["is_before"], _block_target(row["target"]))


def _remove(value: Any) -> RemoveEdit:
    return RemoveEdit(_block_target(_object(value, "edit", {"target"})["target"]))


def _block_target(value: Any) -> Target:
    target = _enum(Target, value, "edit.target")
    if target not in (Target.BLOCK, Target.CONTAINER):
        raise MalformedPatch("edit.target")
    return target


def _split(value: Any) -> SplitEdit:
    return SplitEdit(_blocks(_object(value, "edit", {"between"})["between"], "edit.between"))


def _join(value: Any) -> JoinEdit:
    has_blank = _object(value, "edit", {"has_blank"})["has_blank"]
    if not isinstance(has_blank, bool):
        raise MalformedPatch("edit.has_blank")
    return JoinEdit(has_blank)


def _kind(value: Any) -> KindEdit:
    row = _object(value, "edit", {"old", "new", "attributes"})
    old, new = _text(row["old"], "edit.old", 40), _text(row["new"], "edit.new", 40)
    if old not in _KINDS or new not in _KINDS or old == new:
        raise MalformedPatch("edit.new")
    return KindEdit(old, new, _attributes(row["attributes"], new, "edit.attributes"))


def _picture(value: Any) -> PictureEdit:
    row = _object(value, "edit", {"old", "new"})
    return PictureEdit(_match(_ASSET, row["old"], "edit.old"), _match(_ASSET, row["new"], "edit.new"))


def _move(value: Any) -> MoveChapterEdit:
    after = _object(value, "edit", {"after"})["after"]
    return MoveChapterEdit(anchor_from_json(after) if after is not None else None)


def _merge(value: Any) -> MergeChapterEdit:
    _object(value, "edit", set())
    return MergeChapterEdit()


def _split_chapter(value: Any) -> SplitChapterEdit:
    title = _text(_object(value, "edit", {"title"})["title"], "edit.title", clean.TITLE_LIMIT_CHARS)
    return SplitChapterEdit(clean.title(title))


_EDITS: dict[Op, Callable[[Any], Edit]] = {
    Op.WORDS: _words,
    Op.SET: _set,
    Op.INSERT: _insert,
    Op.REMOVE: _remove,
    Op.SPLIT: _split,
    Op.JOIN: _join,
    Op.KIND: _kind,
    Op.PICTURE: _picture,
    Op.MOVE_CHAPTER: _move,
    Op.MERGE_CHAPTER: _merge,
    Op.SPLIT_CHAPTER: _split_chapter,
    Op.COMMENT: _comment,
}


def _blocks(value: Any, path: str, depth: int = 0) -> tuple[NewBlock, ...]:
    if not isinstance(value, list) or len(value) > MAX_BLOCKS or depth > MAX_DEPTH:
        raise MalformedPatch(path)
    return tuple(_block(item, path, depth) for item in value)


def _block(value: Any, path: str, depth: int) -> NewBlock:
    row = _object(value, path, {"kind", "text", "attributes", "children"})
    kind = _text(row["kind"], f"{path}.kind", 40)
    text = pieces_from_json(row["text"], f"{path}.text")
    children = _blocks(row["children"], f"{path}.children", depth + 1)
    if (kind not in _WITH_TEXT and text) or (kind not in _WITH_CHILDREN and children):
        raise MalformedPatch(path)
    if kind not in _WITH_TEXT | _WITH_CHILDREN | {SCENE} or (kind == CODE and any(piece.kept for piece in text)):
        raise MalformedPatch(f"{path}.kind")
    if not all(_may_contain(kind, child.kind, n) for n, child in enumerate(children)):
        raise MalformedPatch(f"{path}.children")
    if kind in _ONLY_IN_PARTS and not depth:
        raise MalformedPatch(f"{path}.kind")
    attributes = _attributes(row["attributes"], kind, f"{path}.attributes", may_have)
    is_empty = kind == "definition" and not children
    is_empty |= kind == "table" and not any(child.children for child in children)
    if is_empty or (kind == FIGURE and "asset" not in attributes):
        raise MalformedPatch(path)
    return NewBlock(kind, text, attributes, children)


def _may_contain(kind: str, child: str, number: int) -> bool:
    if kind in _PARTS:
        return child in _PARTS[kind] and (child != CAPTION or number == 0)
    if kind == "definition":
        return (child == TERM) == (number == 0) and (child == TERM or child not in _ONLY_IN_PARTS)
    return child not in _ONLY_IN_PARTS


def _attributes(
    value: Any, kind: str, path: str, accepts: Callable[[str, str, Value], bool] = may_set
) -> dict[str, Value]:
    if not isinstance(value, dict) or not all(accepts(kind, name, given) for name, given in value.items()):
        raise MalformedPatch(path)
    return dict(value)


# ---------------------------------------------------------------- values


def _object(value: Any, path: str, names: set[str], optional: Iterable[str] = ()) -> Json:
    if not isinstance(value, dict) or not names <= value.keys() <= names | set(optional):
        raise MalformedPatch(path)
    return value


def _text(value: Any, path: str, limit_chars: int, *, is_cleaned: bool = True) -> str:
    if not isinstance(value, str) or len(value) > limit_chars or (is_cleaned and clean.text(value) != value):
        raise MalformedPatch(path)
    return value


def _number(value: Any, path: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 10_000_000:
        raise MalformedPatch(path)
    return value


def _value(value: Any, path: str) -> Value:
    if isinstance(value, str):
        return _text(value, path, 2_000)
    if isinstance(value, bool):
        return value
    return _number(value, path)


def _match(pattern: re.Pattern[str], value: Any, path: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise MalformedPatch(path)
    return value


def _enum[E](kind: Callable[[Any], E], value: Any, path: str) -> E:
    try:
        return kind(value)
    except ValueError:
        raise MalformedPatch(path) from None

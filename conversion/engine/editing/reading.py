"""A chapter from JSON. What comes from a browser is as hostile as a manuscript: it is read into the closed set.

Text is cleaned as readers do. What a block may not carry is refused. `MalformedChapter` has the id of the block.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..book import clean
from ..patches.attributes import ATTRIBUTES, CHAPTER_ATTRIBUTES, NEW_ATTRIBUTES, Value, may_have, may_set
from ..patches.pieces import BREAK, STAND_IN, Mark, Piece
from ..patches.reading import MalformedPatch, mark_from_json
from ..patches.words import pieces_of_words, words_of
from .document import CONTAINERS, SIGNS, TEXTS, VERSION, Block, ChapterText, Json, NoteText
from .errors import MalformedChapter

MAX_BLOCKS = 20_000
MAX_DEPTH = 24
MAX_CHARACTERS = 3_000_000  # of a chapter
MAX_OF_BLOCK = 150_000
MAX_PIECES = 5_000  # of a block
MAX_MARKS = 8
MAX_OBJECTS = 20_000
MAX_NOTES = 5_000
MAX_ALT = 2_000

_ID = re.compile(
    r"[bc][0-9]{1,8}(?:\.[0-9]{1,8}){0,2}|p[0-9a-f]{12}\.[0-9]{1,8}(?:\.[0-9]{1,8}){0,2}|new-[\w-]{1,60}", re.ASCII
)
_CHAPTER = re.compile(r"[a-z0-9.-]{1,80}")
_IDENTITY = re.compile(r"[0-9a-f]{32}")
_KEPT = re.compile(r"(?:note|formula|picture):[0-9a-f]{16}")
_MAX_INDENT = 9_999
_CHILDREN = {
    "list": {"item"},
    "definitions": {"definition"},
    "table": {"caption", "row"},
    "row": {"cell"},
    "verse": {"stanza"},
    "stanza": {"line"},
    "figure": {"caption"},
}
_ONLY_IN = {"item", "definition", "row", "cell", "stanza", "line", "caption", "term"}


def chapter_from_json(value: Any) -> ChapterText:
    """Return the chapter. Raises MalformedChapter."""
    return _Reading().chapter(value)


class _Reading:
    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._blocks = self._characters = 0

    def chapter(self, value: Any) -> ChapterText:
        row = _object(value, "", {"version", "base", "chapter", "attributes", "blocks"})
        if row["version"] != VERSION or isinstance(row["version"], bool):
            raise MalformedChapter("version")
        notes = _list(row.get("notes", []), "", MAX_NOTES)
        return ChapterText(
            _match(_IDENTITY, row["base"], "base"),
            _match(_CHAPTER, row["chapter"], "chapter"),
            _chapter_attributes(row["attributes"]),
            self._all(row["blocks"], "", 0, None),
            [self._note(note) for note in notes],
            _objects(row.get("objects", {})),
        )

    def _note(self, value: Any) -> NoteText:
        row = _object(value, "", {"object", "blocks"})
        label = row.get("label", "")
        if not isinstance(label, str) or len(label) > MAX_ALT:
            raise MalformedChapter("note")
        return NoteText(_match(_KEPT, row["object"], "note"), clean.text(label), self._all(row["blocks"], "", 0, None))

    def _all(self, value: Any, parent: str, depth: int, kind: str | None) -> list[Block]:
        rows = _list(value, parent, MAX_BLOCKS)
        if depth > MAX_DEPTH:
            raise MalformedChapter("too-deep", parent)
        found = [self._block(row, parent, depth) for row in rows]
        for number, block in enumerate(found):
            if not _may_contain(kind, block.kind, number):
                raise MalformedChapter("wrong-place", block.id)
        return found

    def _block(self, value: Any, parent: str, depth: int) -> Block:
        row = _object(value, parent, {"id", "kind"})
        name = _match(_ID, row["id"], "id", parent)
        kind = row["kind"]
        self._blocks += 1
        if name in self._ids:
            raise MalformedChapter("id-twice", name)
        if self._blocks > MAX_BLOCKS:
            raise MalformedChapter("too-many-blocks", name)
        self._ids.add(name)
        if not isinstance(kind, str) or kind not in TEXTS | SIGNS | CONTAINERS:
            raise MalformedChapter("kind", name)
        if not row.keys() <= {"id", "kind", "attributes", "text", "blocks", "from"}:
            raise MalformedChapter("field", name)
        text, blocks = row.get("text", []), row.get("blocks", [])
        if (kind not in TEXTS and text) or (kind not in CONTAINERS | {"figure"} and blocks):
            raise MalformedChapter("content", name)
        origin = row.get("from") or ""
        return Block(
            name,
            kind,
            _attributes(row.get("attributes", {}), kind, name),
            self._text(text, kind, name) if kind in TEXTS else (),
            self._all(blocks, name, depth + 1, kind),
            _match(_ID, origin, "from", name) if origin else "",
        )

    def _text(self, value: Any, kind: str, name: str) -> tuple[Piece, ...]:
        pieces = [_piece(row, name) for row in _list(value, name, MAX_PIECES)]
        length = sum(len(piece.text) for piece in pieces)
        self._characters += length
        if length > MAX_OF_BLOCK or self._characters > MAX_CHARACTERS:
            raise MalformedChapter("too-long", name)
        if kind == "code" and any(piece.kept or piece.marks for piece in pieces):
            raise MalformedChapter("mark", name)
        if kind == "code":
            pieces = [Piece(piece.text.replace(BREAK, "\n")) for piece in pieces]
        return tuple(pieces_of_words(words_of(piece for piece in pieces if piece.text)))


def _may_contain(parent: str | None, kind: str, number: int) -> bool:
    if parent in _CHILDREN:
        return kind in _CHILDREN[parent] and (kind != "caption" or number == 0)
    if parent == "definition":
        return (kind == "term") == (number == 0)
    return kind not in _ONLY_IN


# ---------------------------------------------------------------- values


def _piece(value: Any, name: str) -> Piece:
    """Return a piece in the short form of bases: text, or a list of text, marks and perhaps a key."""
    if isinstance(value, str):
        return Piece(_clean(value))
    if not isinstance(value, list) or not 2 <= len(value) <= 3 or not isinstance(value[0], str):
        raise MalformedChapter("piece", name)
    marks = tuple(_mark(mark, name) for mark in _list(value[1], name, MAX_MARKS))
    if any(mark[0] in ("code", "ruby") for mark in marks[:-1]) or [mark[0] for mark in marks].count("link") > 1:
        raise MalformedChapter("mark", name)  # code and ruby contain nothing but text, and links no links
    if len(value) == 2:
        return Piece(_clean(value[0]), marks)
    if marks and marks[-1][0] in ("code", "ruby"):
        raise MalformedChapter("mark", name)
    return Piece(STAND_IN, marks, _match(_KEPT, value[2], "object", name))


def _clean(text: str) -> str:
    """Return text as readers clean it; its breaks stay. A stand-in without a key stands for nothing."""
    return BREAK.join(map(clean.text, text.split(BREAK))).replace(STAND_IN, "")


def _mark(value: Any, name: str) -> Mark:
    try:
        return mark_from_json(value, "mark")
    except MalformedPatch:
        raise MalformedChapter("mark", name) from None


def _attributes(value: Any, kind: str, name: str) -> dict[str, Value]:
    """Return the attributes that patches may set, where they are not what they are by default."""
    if not isinstance(value, dict):
        raise MalformedChapter("attributes", name)
    own = (*ATTRIBUTES.get(kind, ()), *NEW_ATTRIBUTES.get(kind, ()))
    known = {attribute.name for attribute in own} - {"indents"}  # lines have their own
    found: dict[str, Value] = {}
    for given, content in value.items():
        if kind == "line" and given == "indent" and _is_indent(content):
            found[given] = content
            continue
        if given not in known or not (may_have(kind, given, content) or _is_zero(content)):
            raise MalformedChapter("attributes", name)
        is_default = content == 1 and given in ("colspan", "rowspan")
        if (content and not is_default) or kind == "item":
            found[given] = content
    if kind == "heading" and "level" not in found:
        raise MalformedChapter("attributes", name)
    return found


def _is_indent(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _MAX_INDENT


def _is_zero(value: Any) -> bool:
    return isinstance(value, str | int) and not value


def _chapter_attributes(value: Any) -> dict[str, Value]:
    if not isinstance(value, dict) or "title" not in value:
        raise MalformedChapter("chapter-attributes")
    names = {attribute.name for attribute in CHAPTER_ATTRIBUTES}
    for name, content in value.items():
        if name not in names or not (may_set("chapter", name, content) or _is_zero(content)):
            raise MalformedChapter("chapter-attributes")
    return {name: content for name, content in value.items() if content or name == "title"}


def _objects(value: Any) -> dict[str, Json]:
    """Return the descriptions of pictures; nothing else of an object can be changed."""
    if not isinstance(value, dict) or len(value) > MAX_OBJECTS:
        raise MalformedChapter("objects")
    found: dict[str, Json] = {}
    for key, row in value.items():
        if not isinstance(key, str) or not _KEPT.fullmatch(key) or not isinstance(row, dict):
            raise MalformedChapter("objects")
        alt = row.get("alt", "")
        if not isinstance(alt, str):
            raise MalformedChapter("objects", key)
        if row.get("kind") == "picture":
            decorative = row.get("decorative", False)
            if not may_set("figure", "alt", alt):
                raise MalformedChapter("alt", key)
            if not may_set("figure", "decorative", decorative):
                raise MalformedChapter("objects", key)
            found[key] = {"kind": "picture", "alt": alt} | ({"decorative": True} if decorative else {})
    return found


def _object(value: Any, name: str, names: set[str]) -> Mapping[str, Any]:
    if not isinstance(value, dict) or not names <= value.keys():
        raise MalformedChapter("form", name)
    return value


def _list(value: Any, name: str, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise MalformedChapter("form", name)
    return value


def _match(pattern: re.Pattern[str], value: Any, code: str, name: str = "") -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise MalformedChapter(code, name)
    return value

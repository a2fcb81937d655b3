"""Changes of a chapter's document that a form of one block makes. The document is then saved like an editor's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

from publishing.editing.errors import BlockGone, WordsNotFound
from publishing.editing.plain_text import PieceJson

type Json = dict[str, Any]

# The kinds that a block can be turned into and back.
TEXT_KINDS = ("paragraph", "heading")


class Found(NamedTuple):
    """A block and the list that it stands in."""

    siblings: list[Json]
    place: int

    @property
    def block(self) -> Json:
        return self.siblings[self.place]


def find(document: Json, block_id: str) -> Found:
    """Return where a block stands, in the chapter or in a note. Raises BlockGone."""
    for siblings in _lists(document):
        for place, block in enumerate(siblings):
            if block["id"] == block_id:
                return Found(siblings, place)
    raise BlockGone


def with_text(document: Json, block_id: str, parts: Sequence[Sequence[PieceJson]]) -> Json:
    """Return the document with another text of a block; further parts become blocks of their own after it."""
    changed, found = _copied(document, block_id)
    block = found.block
    block["text"] = list(parts[0])
    rest = [
        {"id": f"new-{number}", "kind": _kind_of_rest(block), "attributes": {}, "text": list(part), "from": block_id}
        for number, part in enumerate(parts[1:], 1)
    ]
    found.siblings[found.place + 1 : found.place + 1] = rest
    return changed


def with_attributes(document: Json, block_id: str, attributes: Mapping[str, Any]) -> Json:
    """Return the document with other attributes of a block; empty ones are as by default."""
    changed, found = _copied(document, block_id)
    merged = {**found.block["attributes"], **attributes}
    found.block["attributes"] = {name: value for name, value in merged.items() if value not in ("", 0, False, None)}
    return changed


def with_kind(document: Json, block_id: str, kind: str) -> Json:
    """Return the document with a block of another kind: a paragraph, a heading, or a paragraph in a quotation."""
    changed, found = _copied(document, block_id)
    block = found.block
    if kind == "quotation":
        found.siblings[found.place] = {"id": "new-1", "kind": kind, "attributes": {}, "blocks": [block]}
    else:
        block["kind"] = kind
        block["attributes"] = {"level": 2} if kind == "heading" else {}
    return changed


def unwrapped(document: Json, block_id: str) -> Json:
    """Return the document with the blocks of a quotation in its place."""
    changed, found = _copied(document, block_id)
    found.siblings[found.place : found.place + 1] = found.block.get("blocks", [])
    return changed


def with_language(document: Json, block_id: str, words: str, language: str) -> Json:
    """Return the document with the first such words of a block in a language; without one for "". Raises
    WordsNotFound."""
    changed, found = _copied(document, block_id)
    block = found.block
    plain = "".join(text_of_piece(piece) for piece in block.get("text", []))
    start = plain.find(words)
    if start < 0 or not words:
        raise WordsNotFound
    block["text"] = list(_in_language(block["text"], start, start + len(words), language))
    return changed


def _in_language(pieces: Sequence[PieceJson], start: int, end: int, language: str) -> Iterator[PieceJson]:
    at = 0
    for piece in pieces:
        text, marks, *key = (piece, []) if isinstance(piece, str) else piece
        first, last = max(start - at, 0), min(end - at, len(text))
        at += len(text)
        if first >= last:
            yield piece
            continue
        others = [mark for mark in marks if mark[0] != "language"]
        wanted = [["language", language, "", ""], *others] if language else others
        for part, its_marks in ((text[:first], marks), (text[first:last], wanted), (text[last:], marks)):
            if part:
                yield [part, its_marks, *key] if its_marks or key else part


def text_of_piece(piece: PieceJson) -> str:
    return piece if isinstance(piece, str) else str(piece[0])


def without(document: Json, block_id: str) -> Json:
    changed, found = _copied(document, block_id)
    del found.siblings[found.place]
    return changed


def with_block_after(document: Json, block_id: str, kind: str) -> Json:
    """Return the document with a new block after one: a scene break, or an empty text to be filled in."""
    changed, found = _copied(document, block_id)
    attributes = {"level": 2} if kind == "heading" else {}
    new: Json = {"id": "new-1", "kind": kind, "attributes": attributes}
    found.siblings.insert(found.place + 1, new if kind == "scene_break" else new | {"text": []})
    return changed


def with_new_text(document: Json, pieces: Sequence[PieceJson]) -> Json:
    """Return the document with a text in the block that was just put in."""
    changed, found = _copied(document, "new-1")
    found.block["text"] = list(pieces)
    return changed


def joined(document: Json, block_id: str) -> Json:
    """Return the document with a block's words followed by those of the next. Raises BlockGone where none follows."""
    changed, found = _copied(document, block_id)
    following = found.siblings[found.place + 1] if found.place + 1 < len(found.siblings) else None
    if following is None or "text" not in following or "text" not in found.block:
        raise BlockGone
    before, after = found.block["text"], following["text"]
    needs_blank = bool(before and after) and not _ends_with_blank(before)
    found.block["text"] = [*before, *([" "] if needs_blank else []), *after]
    del found.siblings[found.place + 1]
    return changed


def may_join(document: Json, block_id: str) -> bool:
    """Whether the block that follows is text, too."""
    found = find(document, block_id)
    following = found.siblings[found.place + 1 : found.place + 2]
    return found.block["kind"] == "paragraph" and [one["kind"] for one in following] == ["paragraph"]


def _copied(document: Json, block_id: str) -> tuple[Json, Found]:
    changed = deepcopy(document)
    return changed, find(changed, block_id)


def _lists(document: Json) -> Iterator[list[Json]]:
    yield from _inner(document["blocks"])
    for note in document["notes"]:
        yield from _inner(note["blocks"])


def _inner(blocks: list[Json]) -> Iterator[list[Json]]:
    yield blocks
    for block in blocks:
        if "blocks" in block:
            yield from _inner(block["blocks"])


def _kind_of_rest(block: Json) -> str:
    return "paragraph" if block["kind"] == "heading" else str(block["kind"])


def _ends_with_blank(pieces: Sequence[PieceJson]) -> bool:
    last = pieces[-1]
    text = last if isinstance(last, str) else last[0]
    return bool(text) and str(text)[-1].isspace()

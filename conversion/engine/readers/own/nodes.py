"""The elements of our own files, each with its fields: a closed set, as `book/model.py` is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...book import model
from ...book.canonical import BLOCK_KINDS, INLINE_KINDS, MARK, VERSION
from ...book.walk import walk
from ...markup import mathml
from .values import (
    Malformed,
    Parser,
    anchor_or_nothing,
    direction,
    encoded,
    flag,
    href,
    identity,
    key,
    language,
    line,
    listed,
    name,
    number,
    one_of,
    record,
    role,
    short,
    string,
    text,
)

MAX_DEPTH = 24  # of elements in elements
_PARAGRAPH_ROLES = ("", "dedication", "epigraph", "attribution", "caption", "signature")
_LIST_STYLES = ("", "lower-alpha", "upper-alpha", "lower-roman", "upper-roman", "decimal")
_MAX_SPAN = 1000


class _Depth:
    """How deep the element is nested that is read now. The reader runs once in its process."""

    def __init__(self) -> None:
        self.now = 0

    def guarded(self, parse: Parser) -> Parser:
        def read(value: Any, place: str) -> Any:
            if self.now >= MAX_DEPTH:
                raise Malformed(place)
            self.now += 1
            try:
                return parse(value, place)
            finally:
                self.now -= 1

        return read


_depth = _Depth()


def _element(kinds: dict[str, Parser]) -> Parser:
    def read(value: Any, place: str) -> Any:
        kind = value.get("kind") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in kinds:
            raise Malformed(place)
        return kinds[kind]({field: content for field, content in value.items() if field != "kind"}, place)

    return _depth.guarded(read)


def _formula(**values: Any) -> model.Math:
    """Return a formula, its markup rebuilt; one that cannot be rebuilt refuses the file."""
    display, alt = values.get("display", False), values.get("alt", "")
    rebuilt = mathml.rebuild(values["mathml"], alt, is_display=display)
    if not rebuilt:
        raise Malformed("mathml")
    return model.Math(rebuilt, alt, display)


def _table(**values: Any) -> model.Table:
    table = model.Table(**values)
    if table.header_rows > len(table.rows):
        raise Malformed("header_rows")
    return table


def _pair(value: Any, place: str) -> tuple[str, str]:
    found = listed(text, most=2)(value, place)
    if len(found) != 2:
        raise Malformed(place)
    return found[0], found[1]


def _inline(value: Any, place: str) -> Any:
    return model.Text(text(value, place)) if isinstance(value, str) else _marked(value, place)


def _inlines(value: Any, place: str) -> list[Any]:
    return listed(_inline)(value, place)  # type: ignore[no-any-return]


def _blocks(value: Any, place: str) -> list[Any]:
    return listed(_block)(value, place)  # type: ignore[no-any-return]


_CHILDREN: dict[str, Parser] = {"children": _inlines}
_INLINE_FIELDS: dict[str, dict[str, Parser]] = {
    **dict.fromkeys(("emphasis", "strong", "small_caps", "underline", "strike", "subscript", "superscript"), _CHILDREN),
    "code": {"text": text},
    "language": _CHILDREN | {"lang": language, "direction": direction},
    "link": _CHILDREN | {"href": href},
    "note_ref": {"note_id": identity, "label": line},
    "line_break": {},
    "image": {"asset": key, "alt": text, "decorative": flag},
    "ruby": {"pairs": listed(_pair)},
    "math": {"mathml": string, "alt": text, "display": flag},
    "anchor": {"id": identity},
    "page_mark": {"label": line},
}
_OF_BLOCKS: dict[str, Parser] = {"lang": language, "direction": direction}
_align = one_of(tuple(model.Align), model.Align)
_line_of_verse = record(model.VerseLine, {"inlines": _inlines, "indent": number(0, 40)}, ("inlines",))
_item = record(model.ListItem, {"blocks": _blocks, "checked": flag}, ("blocks",))
_definition = record(model.Definition, {"term": _inlines, "blocks": _blocks}, ("term", "blocks"))
_cell = record(
    model.Cell,
    {
        "blocks": _blocks,
        "header": flag,
        "colspan": number(1, _MAX_SPAN),
        "rowspan": number(1, _MAX_SPAN),
        "align": _align,
    },
    ("blocks",),
)
_BLOCK_FIELDS: dict[str, dict[str, Parser]] = {
    "paragraph": {"inlines": _inlines, "align": _align, "role": one_of(_PARAGRAPH_ROLES)},
    "heading": {"level": number(1, 6), "inlines": _inlines},
    "verse": {"stanzas": listed(listed(_line_of_verse))},
    "quotation": {"blocks": _blocks},
    "aside": {"blocks": _blocks},
    "list": {
        "items": listed(_item),
        "ordered": flag,
        "start": number(0, 100_000),
        "style": one_of(_LIST_STYLES),
    },
    "definitions": {"items": listed(_definition)},
    "table": {"rows": listed(listed(_cell, most=_MAX_SPAN)), "header_rows": number(0, 1000), "caption": _inlines},
    "figure": {"asset": key, "alt": text, "caption": _inlines, "decorative": flag},
    "code": {"text": text, "language": line},
    "scene_break": {"sign": short},
}
_REQUIRED = {
    "children",
    "inlines",
    "blocks",
    "stanzas",
    "items",
    "rows",
    "asset",
    "note_id",
    "pairs",
    "mathml",
    "id",
} | {
    "level",
    "href",
    "text",
    "label",
}
_BUILD: dict[str, Callable[..., Any]] = {"math": _formula, "table": _table}


def _parser(kind: str, build: Callable[..., Any], fields: dict[str, Parser]) -> Parser:
    required = {field for field in fields if field in _REQUIRED} - ({"label"} if kind == "note_ref" else set())
    return record(_BUILD.get(kind, build), fields, required)


_marked = _element({kind: _parser(kind, INLINE_KINDS[kind], fields) for kind, fields in _INLINE_FIELDS.items()})
_block = _element(
    {kind: _parser(kind, BLOCK_KINDS[kind], fields | _OF_BLOCKS) for kind, fields in _BLOCK_FIELDS.items()}
)

# ---------------------------------------------------------------- the whole

_person = record(model.Contributor, {"name": line, "role": role}, ("name",))
_METADATA: dict[str, Parser] = {
    **dict.fromkeys(
        ("title", "subtitle", "identifier", "publisher", "rights", "published", "source", "page_source"), line
    ),
    "contributors": listed(_person, most=200),
    "language": language,
    "description": text,
    "subjects": listed(line, most=200),
}
_chapter = record(
    model.Chapter,
    {
        "id": identity,
        "title": line,
        "blocks": _blocks,
        "division": one_of(tuple(model.Division), model.Division),
        "role": role,
        **_OF_BLOCKS,
    },
    ("id", "title", "blocks"),
)
_note = record(
    model.Note,
    {"id": identity, "blocks": _blocks, "kind": one_of(("footnote", "endnote")), "lang": language},
    ("id", "blocks"),
)


def _entries(value: Any, place: str) -> list[Any]:
    return listed(_depth.guarded(_entry))(value, place)  # type: ignore[no-any-return]


_entry = record(
    model.TocEntry,
    {"title": line, "chapter_id": identity, "anchor": anchor_or_nothing, "children": _entries},
    ("title", "chapter_id"),
)
asset = record(dict, {"key": key, "media_type": string, "name": name, "data": encoded}, ("key", "name", "data"))
_whole = record(
    dict,
    {
        MARK: number(VERSION, VERSION),
        "metadata": record(model.Metadata, _METADATA),
        "cover": key,
        "direction": direction,
        "vertical": flag,
        "chapters": listed(_chapter, most=10_000),
        "toc": _entries,
        "notes": listed(_note, most=100_000),
        "assets": lambda value, place: value,  # read by the reader itself
    },
    (MARK, "metadata", "chapters"),
)


def book(value: Any) -> model.Book:
    """Return the Book of a file, still without its pictures. Raises Malformed."""
    found = _whole(value, "book")
    notes = {note.id: note for note in found.get("notes", ())}
    if not found["chapters"] or len(notes) != len(found.get("notes", ())):
        raise Malformed("book.chapters" if not found["chapters"] else "book.notes")
    return model.Book(
        metadata=found["metadata"],
        chapters=found["chapters"],
        toc=found.get("toc", []),
        notes=notes,
        cover=found.get("cover", ""),
        direction=found.get("direction") or "ltr",
        vertical=found.get("vertical", False),
    )


def require_unique_ids(book: model.Book) -> None:
    """Raise Malformed where two chapters, notes or anchors have the same id."""
    blocks = [block for chapter in book.chapters for block in chapter.blocks]
    blocks += [block for note in book.notes.values() for block in note.blocks]
    ids = [chapter.id for chapter in book.chapters]
    ids += [node.id for node in walk(blocks) if isinstance(node, model.Anchor)]
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise Malformed(f"id {one}")
        seen.add(one)

"""A Book as canonical JSON: the manuscript of a book that is written here. See `book/canonical.py`."""

from __future__ import annotations

import base64
import json
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from typing import Any

from ...book.canonical import BLOCK_KINDS, INLINE_KINDS, MARK, VERSION
from ...book.model import Asset, Book, Chapter, Heading, Metadata, Paragraph, Text
from ...book.page_text import running_text
from ...markup.terms import terms_for

_KINDS: dict[type, str] = {kind: name for name, kind in (*INLINE_KINDS.items(), *BLOCK_KINDS.items())}
# What a file of ours does not carry: where blocks stood in another source, an author's style sheet, drawn pages.
_LEFT_OUT = frozenset({"place", "dress", "picture_dress", "pages", "is_made"})

type Json = dict[str, Any]


def own_book(book: Book) -> bytes:
    """Return the canonical JSON of a Book. Drawn pages become their running text."""
    value: Json = {MARK: VERSION, "metadata": _fields(book.metadata)}
    for name in ("cover", "direction", "vertical"):
        value[name] = getattr(book, name)
    value["chapters"] = [_chapter(chapter) for chapter in book.chapters]
    value["toc"] = [_fields(entry) for entry in book.toc]
    value["notes"] = [_fields(note) for note in book.notes.values()]
    value["assets"] = [_asset(key, asset) for key, asset in sorted(book.assets.items())]
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def empty_book(title: str, language: str) -> bytes:
    """Return the file of a book that is to be written: a first chapter with its heading and an empty paragraph."""
    heading = f"{terms_for(language).chapter} 1"
    chapter = Chapter("ch-1", heading, [Heading(1, [Text(heading)]), Paragraph([])])
    direction = "rtl" if language.split("-", maxsplit=1)[0] in _RIGHT_TO_LEFT else "ltr"
    return own_book(Book(Metadata(title=title, language=language), [chapter], direction=direction))


_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "yi", "ps", "sd", "ug", "dv", "ckb"})


def _chapter(chapter: Chapter) -> Json:
    value = _fields(chapter)
    if chapter.pages:
        value["blocks"] = [_value(block) for block in running_text(chapter.pages)]
    return value


def _asset(key: str, asset: Asset) -> Json:
    data = base64.b64encode(asset.data).decode("ascii")
    return {"key": key, "media_type": asset.media_type, "name": asset.name, "data": data}


def _fields(record: Any) -> Json:
    """Return the fields of a record that are not what they are by default."""
    value: Json = {}
    for field in fields(record):
        content = getattr(record, field.name)
        if field.name in _LEFT_OUT:
            continue
        default = field.default_factory() if field.default_factory is not MISSING else field.default
        if (field.default is MISSING and field.default_factory is MISSING) or content != default:
            value[field.name] = _value(content)
    return value


def _value(content: Any) -> Any:
    if type(content) is Text:
        return content.text
    if isinstance(content, StrEnum):
        return str(content)
    if isinstance(content, list | tuple):
        return [_value(item) for item in content]
    if is_dataclass(content) and not isinstance(content, type):
        kind = _KINDS.get(type(content))
        return ({"kind": kind} if kind else {}) | _fields(content)
    return content


def with_chapter(data: bytes, title: str) -> bytes:
    """Return a file of ours with another chapter at the end of the body: its heading and an empty paragraph."""
    value: Json = json.loads(data)
    chapters: list[Json] = value["chapters"]
    ids = {chapter["id"] for chapter in chapters}
    name = next(
        f"ch-{number}" for number in range(len(chapters) + 1, 2 * len(chapters) + 2) if f"ch-{number}" not in ids
    )
    new = _chapter(Chapter(name, title, [Heading(1, [Text(title)]), Paragraph([])]))
    body = [number for number, one in enumerate(chapters, 1) if one.get("division", "bodymatter") == "bodymatter"]
    chapters.insert(body[-1] if body else len(chapters), new)
    if value.get("toc"):
        value["toc"].append({"title": title, "chapter_id": name})
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")

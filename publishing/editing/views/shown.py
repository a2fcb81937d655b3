"""Blocks of a chapter's document as markup: text with its marks, everything escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from publishing.editing.plain_text import PieceJson

_TAGS = {
    "emphasis": "em",
    "strong": "strong",
    "underline": "u",
    "strike": "s",
    "subscript": "sub",
    "superscript": "sup",
    "code": "code",
}
_CLASSED = {"small_caps": ("span", "small-caps"), "comment": ("mark", "text-commented")}
_EDITABLE = frozenset({"paragraph", "heading", "line", "term", "caption", "code", "scene_break", "figure"})
_EDITABLE_CONTAINERS = frozenset({"quotation", "aside", "list", "verse", "definitions", "table"})


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block for the template: `text` is its markup, `label` what it is called for people."""

    id: str
    kind: str
    label: str
    text: SafeString
    language: str
    can_edit: bool
    blocks: list[ShownBlock] = field(default_factory=list)


def shown_blocks(blocks: Iterable[dict[str, Any]], objects: dict[str, Any]) -> list[ShownBlock]:
    labels = kind_labels()
    return [_shown(block, objects, labels) for block in blocks]


def markup_of(pieces: Iterable[PieceJson], objects: dict[str, Any]) -> SafeString:
    """Return text with its marks as markup. Formulas and pictures are shown by their descriptions."""
    return mark_safe("".join(_markup(pieces, objects)))  # each part is escaped


def kind_labels() -> dict[str, str]:
    return {
        "paragraph": _("Paragraph"),
        "heading": _("Heading"),
        "line": _("Line of verse"),
        "term": _("Term"),
        "caption": _("Caption"),
        "code": _("Code"),
        "scene_break": _("Scene break"),
        "figure": _("Picture"),
        "quotation": _("Quotation"),
        "aside": _("Aside"),
        "list": _("List"),
        "item": _("List item"),
        "verse": _("Verse"),
        "stanza": _("Stanza"),
        "definitions": _("Definitions"),
        "definition": _("Definition"),
        "table": _("Table"),
        "row": _("Row"),
        "cell": _("Cell"),
    }


def _shown(block: dict[str, Any], objects: dict[str, Any], labels: dict[str, str]) -> ShownBlock:
    kind, attributes = str(block["kind"]), block.get("attributes", {})
    return ShownBlock(
        id=str(block["id"]),
        kind=kind,
        label=labels.get(kind, kind),
        text=_text_of(kind, block, attributes, objects),
        language=str(attributes.get("lang", "")),
        can_edit=kind in _EDITABLE or kind in _EDITABLE_CONTAINERS,
        blocks=[_shown(inner, objects, labels) for inner in block.get("blocks", [])],
    )


def _text_of(kind: str, block: dict[str, Any], attributes: dict[str, Any], objects: dict[str, Any]) -> SafeString:
    if kind == "scene_break":
        return escape(attributes.get("sign") or "* * *")
    if kind == "figure":
        alt = attributes.get("alt") or _("no description")
        return format_html("[{}: {}]", _("Picture"), alt)
    return markup_of(block.get("text", []), objects)


def _markup(pieces: Iterable[PieceJson], objects: dict[str, Any]) -> Iterator[str]:
    for piece in pieces:
        text, marks, key = (piece, [], "") if isinstance(piece, str) else (*piece, "")[:3]
        inner = _object(key, objects) if key else _lines(text)
        for name, *carried in reversed(marks):
            inner = _marked(name, carried, inner)
        yield inner


def _lines(text: str) -> SafeString:
    return mark_safe("<br>".join(escape(line) for line in text.split("\u2028")))


def _marked(name: str, carried: list[str], inner: SafeString) -> SafeString:
    if name in _TAGS:
        return format_html("<{0}>{1}</{0}>", mark_safe(_TAGS[name]), inner)
    if name in _CLASSED:
        return format_html('<{0} class="{1}">{2}</{0}>', *map(mark_safe, _CLASSED[name]), inner)
    if name == "ruby":
        return format_html("<ruby>{}<rt>{}</rt></ruby>", inner, carried[0])
    if name == "link":
        return format_html('<span class="text-link" title="{}">{}</span>', carried[0], inner)
    if name == "language" and carried[0]:
        return format_html('<span lang="{}">{}</span>', carried[0], inner)
    return inner


def _object(key: str, objects: dict[str, Any]) -> SafeString:
    about = objects.get(key, {})
    if key.startswith("note:"):
        return format_html("<sup>[{}]</sup>", about.get("label", ""))
    name = _("Picture") if key.startswith("picture:") else _("Formula")
    alt = about.get("alt", "")
    return format_html("[{}: {}]", name, alt) if alt else format_html("[{}]", name)

"""The attributes of blocks and chapters that a patch may set, and which values they may have."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..book import clean
from ..book.model import Align, AnyBlock, Chapter, Division

type Value = str | int | bool

_PARAGRAPH_ROLES = ("", "dedication", "epigraph", "attribution", "caption", "signature")
_LIST_STYLES = ("", "lower-alpha", "upper-alpha", "lower-roman", "upper-roman", "decimal")
_ROLE = re.compile(r"[a-z][a-z-]{0,39}")
_ASSET = re.compile(r"[0-9a-f]{64}")
_INDENTS = re.compile(r"[0-9]{1,4}(?:,[0-9]{1,4}){0,9999}")
MAX_SPAN = 1000  # columns or rows of a cell
_LANGUAGE_OF_CODE = re.compile(r"[A-Za-z0-9+#._-]{0,40}")
MAX_ALT_CHARACTERS = 2000
MAX_SIGN_CHARACTERS = 40
LEFT_OUT = "left_out"  # of a chapter: it is in the manuscript and not in the book


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute by the name of its field; `accepts` says whether a value may stand there."""

    name: str
    accepts: Callable[[Value], bool]


def _one_of(*values: str) -> Callable[[Value], bool]:
    return lambda value: isinstance(value, str) and value in values


def _number(low: int, high: int) -> Callable[[Value], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _flag(value: Value) -> bool:
    return isinstance(value, bool)


def _line(limit_chars: int) -> Callable[[Value], bool]:
    """Accept what the cleaning of titles leaves as it is."""
    return lambda value: isinstance(value, str) and clean.title(value, limit_chars) == value


def _matching(pattern: re.Pattern[str]) -> Callable[[Value], bool]:
    return lambda value: isinstance(value, str) and bool(pattern.fullmatch(value))


def _is_language(value: Value) -> bool:
    return isinstance(value, str) and (not value or clean.language(value) == value)


def _is_sign(value: Value) -> bool:
    return isinstance(value, str) and len(value) <= MAX_SIGN_CHARACTERS and clean.text(value) == value


_LANG = Attribute("lang", _is_language)
_DIRECTION = Attribute("direction", _one_of("", "ltr", "rtl"))
_OF_BLOCKS = (_LANG, _DIRECTION)
_ALIGN = Attribute("align", _one_of(*Align))
ALT = Attribute("alt", _line(MAX_ALT_CHARACTERS))
DECORATIVE = Attribute("decorative", _flag)
OF_PICTURES = (ALT, DECORATIVE)  # also of those within text

ATTRIBUTES: dict[str, tuple[Attribute, ...]] = {
    "paragraph": (*_OF_BLOCKS, _ALIGN, Attribute("role", _one_of(*_PARAGRAPH_ROLES))),
    "heading": (*_OF_BLOCKS, Attribute("level", _number(1, 6))),
    "scene_break": (Attribute("sign", _is_sign),),
    "figure": (*_OF_BLOCKS, *OF_PICTURES),
    "code": (Attribute("language", _matching(_LANGUAGE_OF_CODE)),),
    "quotation": _OF_BLOCKS,
    "aside": _OF_BLOCKS,
    "verse": _OF_BLOCKS,
    "definitions": _OF_BLOCKS,
    "list": (
        *_OF_BLOCKS,
        Attribute("ordered", _flag),
        Attribute("start", _number(0, 100_000)),
        Attribute("style", _one_of(*_LIST_STYLES)),
    ),
    "table": (*_OF_BLOCKS, Attribute("header_rows", _number(0, 1000))),
}
# What only blocks that are put in may have: parts of containers have no patches of their own.
NEW_ATTRIBUTES: dict[str, tuple[Attribute, ...]] = {
    "item": (Attribute("checked", _flag),),
    "verse": (Attribute("indents", _matching(_INDENTS)),),  # of its lines, in order
    "figure": (Attribute("asset", _matching(_ASSET)),),  # one of the Book's, or a file of the author's
    "cell": (
        Attribute("header", _flag),
        Attribute("colspan", _number(1, MAX_SPAN)),
        Attribute("rowspan", _number(1, MAX_SPAN)),
        _ALIGN,
    ),
}
CHAPTER_ATTRIBUTES: tuple[Attribute, ...] = (
    *_OF_BLOCKS,
    Attribute("title", _line(clean.TITLE_LIMIT_CHARS)),
    Attribute("division", _one_of(*Division)),
    Attribute("role", _matching(_ROLE)),
    Attribute(LEFT_OUT, _flag),
)
_ENUMS: dict[str, type[Any]] = {"align": Align, "division": Division}


def may_set(kind: str, name: str, value: Value) -> bool:
    """Return whether an attribute of a kind of block, or of a "chapter", may have this value."""
    known = CHAPTER_ATTRIBUTES if kind == "chapter" else ATTRIBUTES.get(kind, ())
    return any(attribute.name == name and attribute.accepts(value) for attribute in known)


def may_have(kind: str, name: str, value: Value) -> bool:
    """Return whether an attribute of a block that is put in may have this value."""
    return may_set(kind, name, value) or any(
        attribute.name == name and attribute.accepts(value) for attribute in NEW_ATTRIBUTES.get(kind, ())
    )


def attributes_of(kind: str, block: AnyBlock) -> dict[str, Value]:
    """Return the attributes of a block that are not what they are by default."""
    return {
        attribute.name: _plain(value)
        for attribute in ATTRIBUTES.get(kind, ())
        if (value := getattr(block, attribute.name))
    }


def chapter_attributes(chapter: Chapter) -> dict[str, Value]:
    """Return the attributes of a chapter, its title in any case."""
    values = {
        attribute.name: _plain(value)
        for attribute in CHAPTER_ATTRIBUTES
        if attribute.name != LEFT_OUT and (value := getattr(chapter, attribute.name))
    }
    return {"title": "", **values}


def set_attribute(target: AnyBlock | Chapter, name: str, value: Value) -> None:
    """Set a value that `may_set` accepts."""
    setattr(target, name, _ENUMS[name](value) if name in _ENUMS else value)


def _plain(value: Any) -> Value:
    return str(value) if isinstance(value, Align | Division) else value

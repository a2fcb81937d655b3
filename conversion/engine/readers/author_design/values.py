"""Declarations, taken apart and written anew: listed properties, bounded values, no address but those of pictures.

EPUB forbids `direction` and `unicode-bidi` in style sheets; they are the Book's own. `position` is not listed, nor is
anything that hides, moves or animates. Every value is written from its parts: nothing is copied as text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import tinycss2

MAX_DECLARATIONS = 80  # of one rule
MAX_PARTS = 24  # of one value
MAX_STRING = 80
MAX_CONTENT = 24  # characters of generated content

_BOX = ("", "-top", "-right", "-bottom", "-left")
_EDGES = ("", "-top", "-right", "-bottom", "-left", "-width", "-style", "-color")
_SIDES = ("top", "right", "bottom", "left")
PROPERTIES = frozenset(
    {
        *(f"{name}{side}" for name in ("margin", "padding") for side in _BOX),
        *(f"border{part}" for part in _EDGES),
        *(f"border-{side}-{part}" for side in _SIDES for part in ("width", "style", "color")),
        *("border-radius", "border-collapse", "border-spacing", "color", "background-color", "background-image"),
        *("background-position", "background-repeat", "background-size", "width", "max-width", "min-width", "height"),
        *("max-height", "float", "clear", "display", "list-style-type", "list-style-position", "list-style-image"),
        *("font-family", "font-size", "font-style", "font-weight", "font-variant", "font-variant-caps"),
        *("font-variant-numeric", "font-variant-ligatures", "line-height", "letter-spacing", "word-spacing"),
        *("text-align", "text-align-last", "text-indent", "text-transform", "text-decoration", "vertical-align"),
        *("text-decoration-line", "text-decoration-style", "text-decoration-color", "white-space", "hyphens", "widows"),
        *("orphans", "break-before", "break-after", "break-inside", "page-break-before", "page-break-after"),
        *("page-break-inside", "caption-side", "table-layout", "content"),
    }
)
INHERITED = frozenset(
    {
        *("color", "font-family", "font-size", "font-style", "font-weight", "font-variant", "font-variant-caps"),
        *("font-variant-numeric", "font-variant-ligatures", "line-height", "letter-spacing", "word-spacing"),
        *("text-align", "text-align-last", "text-indent", "text-transform", "white-space", "hyphens", "widows"),
        *("orphans", "list-style-type", "list-style-position", "list-style-image"),
    }
)
_PREFIXES = ("-webkit-", "-epub-", "-moz-")
_UNPREFIXED = frozenset({"hyphens", "border-radius", "text-align-last"})
_WORDS = {
    "display": frozenset({"block", "inline", "inline-block", "list-item", "table", "table-row", "table-cell"}),
    "white-space": frozenset({"normal", "pre", "pre-wrap", "pre-line", "nowrap"}),
    "content": frozenset({"none", "normal"}),
}
_REFUSED_WORDS = frozenset({"transparent", "fixed", "absolute", "sticky"})
_WITH_PICTURES = frozenset({"background-image", "list-style-image"})
_COLOUR_FUNCTIONS = frozenset({"rgb", "rgba", "hsl", "hsla"})
_MAY_BE_NEGATIVE = ("margin", "text-indent", "letter-spacing", "word-spacing", "vertical-align")
_EM_OF = {"em": 1, "rem": 1, "ex": 0.5, "ch": 0.5, "px": 1 / 16, "pt": 1 / 12, "pc": 1, "in": 6, "cm": 2.4, "mm": 0.24}
_MIN_EM, _MAX_EM = -4.0, 60.0
_MAX_PERCENT = 400.0
# Bounds of their own, in em; percentages of them are a hundredth.
_BOUNDS = {"font-size": (0.5, 8.0), "line-height": (0.8, 5.0), "letter-spacing": (-0.2, 1.5), "word-spacing": (-0.3, 3)}
# Bounds of numbers without a unit; elsewhere only 0 has none.
_NUMBERS = {
    "font-weight": (1.0, 1000.0),
    "font-size": (1.0, 0.0),  # none is allowed
    "line-height": (0.8, 5.0),
    "widows": (1.0, 20.0),
    "orphans": (1.0, 20.0),
}
_IDENT = re.compile(r"-?[A-Za-z][A-Za-z0-9-]{0,40}")
_HASH = re.compile(r"[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6}")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\"\\<>]")

type Declaration = tuple[str, str, bool]  # name, value, whether it is important
type Pictures = Callable[[str], str]  # the key of the picture at an address, "" where there is none


class Unlisted(Exception):
    """A value holds something that is not kept."""


def declarations(content: Iterable[Any] | str, pictures: Pictures) -> tuple[list[Declaration], int]:
    """The declarations of a block that are kept, in order, and how many are not."""
    kept: list[Declaration] = []
    dropped = 0
    items = tinycss2.parse_declaration_list(content, skip_comments=True, skip_whitespace=True)
    for number, item in enumerate(items):
        made = None
        if item.type == "declaration" and number < MAX_DECLARATIONS:
            made = _declaration(item, pictures)
        if made is None:
            dropped += 1
        else:
            kept.append(made)
    return kept, dropped


def _declaration(item: Any, pictures: Pictures) -> Declaration | None:
    name = item.lower_name
    for prefix in _PREFIXES:
        bare = name.removeprefix(prefix)
        name = bare if bare in _UNPREFIXED else name
    if name == "background" and all(token.type not in ("url", "function") for token in item.value):
        name = "background-color"
    if name not in PROPERTIES:
        return None
    try:
        return name, _value(name, item.value, pictures), bool(item.important)
    except Unlisted:
        return None


def family_name(text: str) -> str:
    """The name of a face as a string of CSS; "" where it has signs no name has."""
    name = " ".join(text.split())
    return f'"{name}"' if name and len(name) <= MAX_STRING and not _UNSAFE.search(name) else ""


def address_of(token: Any) -> str | None:
    """The address in `url(…)`, however it is written; None for another token."""
    if token.type == "url":
        return str(token.value)
    if token.type == "function" and token.lower_name == "url":
        return "".join(part.value for part in token.arguments if part.type == "string")
    return None


def _value(name: str, tokens: list[Any], pictures: Pictures) -> str:
    tokens = _trimmed(tokens)
    if not tokens or len(tokens) > 2 * MAX_PARTS:
        raise Unlisted
    if name in _WORDS and not (name == "content" and tokens[0].type == "string"):
        _only_word(tokens, _WORDS[name])
    return "".join(_part(name, token, pictures) for token in tokens)


def _only_word(tokens: list[Any], words: frozenset[str]) -> None:
    if len(tokens) != 1 or tokens[0].type != "ident" or tokens[0].lower_value not in words:
        raise Unlisted


def _trimmed(tokens: list[Any]) -> list[Any]:
    found = [token for token in tokens if token.type != "comment"]
    while found and found[0].type == "whitespace":
        found.pop(0)
    while found and found[-1].type == "whitespace":
        found.pop()
    return found


def _part(name: str, token: Any, pictures: Pictures) -> str:
    """One token of a value, written from its parts."""
    write = _WRITERS.get(token.type)
    if write is None:
        raise Unlisted
    return write(name, token, pictures)


def _ident(name: str, token: Any, pictures: Pictures) -> str:
    if not _IDENT.fullmatch(token.value) or token.lower_value in _REFUSED_WORDS:
        raise Unlisted
    return str(token.value)


def _literal(name: str, token: Any, pictures: Pictures) -> str:
    if token.value not in (",", "/"):
        raise Unlisted
    return str(token.value)


def _hash(name: str, token: Any, pictures: Pictures) -> str:
    if not (name.endswith("color") or name.startswith("border")) or not _HASH.fullmatch(token.value):
        raise Unlisted
    return f"#{token.value}"


def _string(name: str, token: Any, pictures: Pictures) -> str:
    if name == "font-family" and (family := family_name(token.value)):
        return family
    if name == "content" and len(token.value) <= MAX_CONTENT and not _UNSAFE.search(token.value):
        return f'"{token.value}"'
    raise Unlisted


def _address(name: str, token: Any, pictures: Pictures) -> str:
    address = address_of(token) if name in _WITH_PICTURES else None
    key = pictures(address) if address else ""
    if not key:
        raise Unlisted
    return f'url("asset:{key}")'


def _function(name: str, token: Any, pictures: Pictures) -> str:
    if token.lower_name == "url":
        return _address(name, token, pictures)
    if token.lower_name not in _COLOUR_FUNCTIONS or not (name.endswith("color") or name.startswith("border")):
        raise Unlisted
    return _colour(token)


def _colour(token: Any) -> str:
    """A colour that can be seen: no share of transparency."""
    numbers = [part for part in token.arguments if part.type in ("number", "percentage", "dimension")]
    if len(numbers) != 3 or any(part.type not in _COLOUR_TOKENS for part in token.arguments):
        raise Unlisted
    values = ", ".join(f"{_plain(part.value)}{'%' if part.type == 'percentage' else ''}" for part in numbers)
    return f"{token.lower_name.removesuffix('a')}({values})"


_COLOUR_TOKENS = frozenset({"number", "percentage", "whitespace", "literal"})


def _number(name: str, token: Any, pictures: Pictures) -> str:
    value = float(token.value)
    if token.type == "number":
        least, most = _NUMBERS.get(name, (0.0, 0.0))
        if not least <= value <= most:
            raise Unlisted
        return _plain(value)
    unit = "%" if token.type == "percentage" else token.lower_unit
    if unit in ("vh", "vw"):
        is_fitting = 0 <= value <= 100 and name not in _BOUNDS
    elif unit != "%" and unit not in _EM_OF:
        raise Unlisted
    elif name in _BOUNDS:
        least, most = _BOUNDS[name]
        is_fitting = least <= value * (0.01 if unit == "%" else _EM_OF[unit]) <= most
    elif unit == "%":
        is_fitting = (-20 if name.startswith(_MAY_BE_NEGATIVE) else 0) <= value <= _MAX_PERCENT
    else:
        least = _MIN_EM if name.startswith(_MAY_BE_NEGATIVE) else 0
        is_fitting = least <= value * _EM_OF[unit] <= _MAX_EM
    if not is_fitting:
        raise Unlisted
    return _plain(value) + unit


def _plain(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".") or "0"


_WRITERS: dict[str, Callable[[str, Any, Pictures], str]] = {
    "whitespace": lambda name, token, pictures: " ",
    "literal": _literal,
    "ident": _ident,
    "hash": _hash,
    "number": _number,
    "dimension": _number,
    "percentage": _number,
    "string": _string,
    "url": _address,
    "function": _function,
}

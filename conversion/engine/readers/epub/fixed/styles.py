"""Style sheets of fixed pages, written anew: listed properties, and no address but those of the book's own files.

The result is only ever read by WeasyPrint, which draws from it; nothing of it reaches an artifact.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import tinycss2

from ...assembly.addresses import local_part
from .closed_set import FUNCTIONS, PROPERTIES

MAX_SHEET_BYTES = 500_000
MAX_RULES = 5_000
MAX_SELECTOR_CHARACTERS = 300
MAX_IMPORTS = 20
_PREFIXES = ("-webkit-", "-epub-", "-moz-", "-ms-")
_UNPREFIXED = frozenset({"transform", "transform-origin", "hyphens", "border-radius", "box-sizing", "text-align-last"})
_MEDIA = re.compile(r"\s*(only\s+)?(all|screen|print)?\s*", re.IGNORECASE)

type Resolve = Callable[[str], str]  # the address of a file, by its name in the archive; "" when there is none


@dataclass(slots=True)
class Face:
    """A face that a sheet brings along; `part` is its file's name in the archive."""

    family: str
    part: str
    weight: str = "normal"
    style: str = "normal"


@dataclass(slots=True)
class SheetWriter:
    """Writes sheets anew. `picture` gives addresses of pictures, `sheet` the text of another sheet."""

    picture: Resolve
    sheet: Resolve
    faces: list[Face] = field(default_factory=list)
    rules: int = 0
    imports: int = 0

    def rewritten(self, text: str, part: str) -> str:
        """The sheet `text` of the file `part`, from which its addresses are relative."""
        nodes = tinycss2.parse_stylesheet(text[:MAX_SHEET_BYTES], skip_comments=True, skip_whitespace=True)
        return "\n".join(self._rules(nodes, posixpath.dirname(part)))

    def declarations(self, text: str, folder: str) -> str:
        """A style attribute anew."""
        items = tinycss2.parse_declaration_list(text[:20_000], skip_comments=True, skip_whitespace=True)
        return self._declared(items, folder)

    def _rules(self, nodes: list[Any], folder: str) -> Iterator[str]:
        for node in nodes:
            self.rules += 1
            if self.rules > MAX_RULES:
                return
            if node.type == "qualified-rule":
                selector = tinycss2.serialize(node.prelude).strip()
                body = self.declarations(tinycss2.serialize(node.content), folder)
                if body and len(selector) <= MAX_SELECTOR_CHARACTERS and "<" not in selector:
                    yield f"{selector} {{ {body} }}"
            elif node.type == "at-rule":
                yield from self._at_rule(node, folder)

    def _at_rule(self, node: Any, folder: str) -> Iterator[str]:
        name = node.lower_at_keyword
        if name == "media" and node.content is not None and _MEDIA.fullmatch(tinycss2.serialize(node.prelude)):
            inside = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            yield from self._rules(inside, folder)
        elif name == "import" and self.imports < MAX_IMPORTS:
            self.imports += 1
            for token in node.prelude:
                if token.type in ("string", "url"):
                    part = local_part(folder, token.value)
                    yield self.rewritten(self.sheet(part), part) if part else ""
                    return
        elif name == "font-face" and node.content is not None:
            self._face(node.content, folder)

    def _face(self, content: list[Any], folder: str) -> None:
        found = {}
        for item in tinycss2.parse_declaration_list(content, skip_comments=True, skip_whitespace=True):
            if item.type == "declaration":
                found[item.lower_name] = item.value
        family = " ".join(t.value for t in found.get("font-family", []) if t.type in ("string", "ident"))
        for token in found.get("src", []):
            address = token.value if token.type == "url" else ""
            if token.type == "function" and token.lower_name == "url":
                address = "".join(t.value for t in token.arguments if t.type == "string")
            part = local_part(folder, address) if address else ""
            if part and family:
                weight, style = (tinycss2.serialize(found.get(n, [])).strip() for n in ("font-weight", "font-style"))
                self.faces.append(Face(_plain(family), part, _plain(weight) or "normal", _plain(style) or "normal"))
                return

    def _declared(self, items: list[Any], folder: str) -> str:
        made = []
        for item in items:
            if item.type != "declaration":
                continue
            name = item.lower_name
            for prefix in _PREFIXES:
                bare = name.removeprefix(prefix)
                name = bare if bare in _UNPREFIXED else name
            value = self._value(item.value, folder) if name in PROPERTIES else ""
            if value:
                made.append(f"{name}: {value}{' !important' if item.important else ''}")
        return "; ".join(made)

    def _value(self, tokens: list[Any], folder: str) -> str:
        """The value again, or "" when it holds what is not listed."""
        parts = []
        for token in tokens:
            if token.type == "url" or (token.type == "function" and token.lower_name == "url"):
                address = (
                    token.value
                    if token.type == "url"
                    else "".join(t.value for t in token.arguments if t.type == "string")
                )
                known = self.picture(local_part(folder, address))
                if not known:
                    return ""
                parts.append(f'url("{known}")')
            elif token.type == "function":
                inside = self._value(token.arguments, folder) if token.lower_name in FUNCTIONS else ""
                if "gradient" in token.lower_name:  # WeasyPrint knows no current colour there, and raises
                    inside = _CURRENT.sub("black", inside)
                if not inside:
                    return ""
                parts.append(f"{token.lower_name}({inside})")
            elif token.type in _TOKENS:
                parts.append(token.serialize())
            else:
                return ""
        return "".join(parts).strip()


_CURRENT = re.compile(r"\bcurrentcolor\b", re.IGNORECASE)
_TOKENS = frozenset(
    {"ident", "number", "dimension", "percentage", "hash", "string", "literal", "whitespace", "unicode-range"}
)


def _plain(value: str) -> str:
    return re.sub(r"[^\w .%-]", "", value)[:80].strip()

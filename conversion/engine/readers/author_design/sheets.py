"""A style sheet as rules: selectors that are simple enough to be matched, with the declarations that are kept."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import tinycss2
from cssselect2.compiler import compile_selector_list
from cssselect2.parser import SelectorError

from ..assembly.addresses import local_part
from .values import Declaration, Pictures, address_of, declarations

MAX_SHEET_CHARACTERS = 500_000
MAX_RULES = 4_000
MAX_SELECTORS = 40  # of one rule
MAX_COMPOUNDS = 4  # of one selector: matching takes time that grows with the depth of the tree for each
MAX_SELECTOR_TOKENS = 40
MAX_NAMESPACES = 8
_MEDIA = re.compile(r"\s*(all|screen)?\s*", re.IGNORECASE)
_PSEUDO_CLASSES = frozenset({"first-child", "last-child"})
PSEUDO_ELEMENTS = frozenset({"first-letter", "first-line", "before", "after"})
_ATTRIBUTE_TOKENS = frozenset({"ident", "string", "literal", "whitespace"})
_COMBINATORS = frozenset({">", "+"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One selector of a rule; `selector` is what `cssselect2` made of it."""

    selector: Any
    declarations: tuple[Declaration, ...]


@dataclass(frozen=True, slots=True)
class FaceRule:
    """A face that a sheet brings along; `part` is its file's name in the container."""

    family: str
    part: str
    weight: str
    style: str


@dataclass(slots=True)
class ParsedSheet:
    """What is kept of one sheet, and how many declarations, rules or selectors are not."""

    rules: list[Rule] = field(default_factory=list)
    namespaces: dict[str, str] = field(default_factory=dict)
    faces: list[FaceRule] = field(default_factory=list)
    dropped: int = 0


def parse(text: str, part: str, pictures: Pictures) -> ParsedSheet:
    """Read a sheet; addresses in it are relative to `part`. `pictures` is asked for names in the container."""
    sheet = ParsedSheet()
    if len(text) > MAX_SHEET_CHARACTERS:
        sheet.dropped += 1
        text = text[:MAX_SHEET_CHARACTERS]
    folder = posixpath.dirname(part)
    nodes = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    _read(nodes, sheet, folder, lambda address: pictures(local_part(folder, address)))
    return sheet


def _read(nodes: list[Any], sheet: ParsedSheet, folder: str, pictures: Pictures, *, depth: int = 0) -> None:
    for node in nodes:
        if node.type == "qualified-rule" and len(sheet.rules) < MAX_RULES:
            _rule(node, sheet, pictures)
        elif node.type == "at-rule" and node.content is not None and node.lower_at_keyword == "font-face":
            _face(node.content, sheet, folder)
        elif node.type == "at-rule" and _is_plain_media(node) and depth < 2:
            inside = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            _read(inside, sheet, folder, pictures, depth=depth + 1)
        elif node.type == "at-rule" and node.lower_at_keyword == "namespace":
            _namespace(node.prelude, sheet)
        elif not (node.type == "at-rule" and node.lower_at_keyword == "charset"):
            sheet.dropped += 1


def _namespace(prelude: list[Any], sheet: ParsedSheet) -> None:
    """A prefix, for attributes. The namespace of elements is not asked for: HTML has none."""
    words = [token for token in prelude if token.type not in ("whitespace", "comment")]
    if len(words) == 2 and words[0].type == "ident" and len(sheet.namespaces) < MAX_NAMESPACES:
        sheet.namespaces[words[0].value] = str(address_of(words[1]) or getattr(words[1], "value", ""))


def _is_plain_media(node: Any) -> bool:
    if node.lower_at_keyword != "media" or node.content is None:
        return False
    return all(token.type in ("ident", "whitespace") for token in node.prelude) and bool(
        _MEDIA.fullmatch(tinycss2.serialize(node.prelude))
    )


def _rule(node: Any, sheet: ParsedSheet, pictures: Pictures) -> None:
    kept, dropped = declarations(node.content, pictures)
    sheet.dropped += dropped
    if not kept:
        return
    for number, selector in enumerate(_selectors(node.prelude)):
        if number >= MAX_SELECTORS or not _is_simple(selector):
            sheet.dropped += 1
            continue
        try:
            compiled = compile_selector_list(selector, sheet.namespaces)
        except SelectorError:
            sheet.dropped += 1
            continue
        sheet.rules += [Rule(one, tuple(kept)) for one in compiled if one.pseudo_element in (None, *PSEUDO_ELEMENTS)]


def _selectors(prelude: list[Any]) -> Iterator[list[Any]]:
    """The prelude, parted at its commas."""
    found: list[Any] = []
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            yield found
            found = []
        elif token.type != "comment":
            found.append(token)
    yield found


def _is_simple(tokens: list[Any]) -> bool:
    """Names, classes, ids and attributes, below or after each other, first and last children, pseudo-elements."""
    if not tokens or len(tokens) > MAX_SELECTOR_TOKENS:
        return False
    compounds, before = 1, ""
    for token in tokens:
        value = getattr(token, "value", "")
        if token.type == "ident" and before == ":":
            if value.lower() not in _PSEUDO_CLASSES | PSEUDO_ELEMENTS:
                return False
        elif token.type == "literal":
            if value not in {".", "*", ":", "|", *_COMBINATORS}:
                return False
            compounds += value in _COMBINATORS
        elif token.type == "whitespace":
            compounds += 1
        elif token.type == "[] block":
            if not _ATTRIBUTE_TOKENS.issuperset(inner.type for inner in token.content):
                return False
        elif token.type not in ("ident", "hash"):
            return False
        before = value if token.type == "literal" else ""
    edges = sum(token.type == "whitespace" for token in (tokens[0], tokens[-1]))
    around = sum(token.type == "literal" and token.value in _COMBINATORS for token in tokens)
    return bool(compounds - edges - around <= MAX_COMPOUNDS)


def _face(content: list[Any], sheet: ParsedSheet, folder: str) -> None:
    found = {}
    for item in tinycss2.parse_declaration_list(content, skip_comments=True, skip_whitespace=True):
        if item.type == "declaration":
            found[item.lower_name] = [token for token in item.value if token.type != "whitespace"]
    family = " ".join(token.value for token in found.get("font-family", []) if token.type in ("string", "ident"))
    addresses = [address_of(token) for token in found.get("src", [])]
    part = next((name for address in addresses if address and (name := local_part(folder, address))), "")
    if not part or not family:
        sheet.dropped += 1
        return
    weight, style = (_word(found.get(name, [])) for name in ("font-weight", "font-style"))
    sheet.faces.append(FaceRule(family, part, weight if weight in _WEIGHTS else "400", _STYLES.get(style, "normal")))


def _word(tokens: list[Any]) -> str:
    token = tokens[0] if tokens else None
    if token is None:
        return ""
    return token.lower_value if token.type == "ident" else str(getattr(token, "int_value", "") or "")


_WEIGHTS = frozenset({"normal", "bold", *(str(number) for number in range(100, 1000, 100))})
_STYLES = {"italic": "italic", "oblique": "italic"}

"""Formulas as a line of text, for output that cannot draw them: x^(n−1), (a+b)/c, [1, 0; 0, 1]."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree import ElementTree

_RELATIONS = frozenset("=<>≤≥≠≈≡∼≅∈∉⊂⊆⊃→⇒⇔↔↦:")
_TOKENS = frozenset({"mi", "mn", "mo", "ms", "mtext"})
_HIDDEN = frozenset({"annotation", "annotation-xml", "mphantom", "none", "mprescripts"})
_MARKUP = re.compile(r"<[^>]*>")


def linear(mathml: str) -> str:
    """Return the text of a MathML formula. Markup that is not well-formed is stripped of its tags."""
    from xml.etree import ElementTree  # slow to load, and few books have formulas

    try:
        text = _of(ElementTree.fromstring(mathml))  # noqa: S314  # rebuilt by a reader, without entities
    except ElementTree.ParseError:
        text = _MARKUP.sub(" ", mathml)
    return " ".join(text.split())


def _of(element: ElementTree.Element) -> str:
    name = element.tag.rpartition("}")[2]
    if name in _HIDDEN:
        return ""
    if name in _TOKENS:
        return _token(name, "".join(element.itertext()).strip())
    parts = [_of(child) for child in element]
    if name == "mfenced":
        return _fenced(element, parts)
    count, write = _WRITTEN.get(name, (-1, "".join))
    return write(parts) if count in (-1, len(parts)) else "".join(parts)


def _fenced(element: ElementTree.Element, parts: list[str]) -> str:
    signs = element.get("separators", ",").replace(" ", "")
    inside = "".join(
        part + (f"{signs[min(at, len(signs) - 1)]} " if signs and at + 1 < len(parts) else "")
        for at, part in enumerate(parts)
    )
    return f"{element.get('open', '(')}{inside.strip()}{element.get('close', ')')}"


def _both(parts: list[str]) -> str:
    return _script(_script(parts[0], "_", parts[1]), "^", parts[2])


def _row(parts: list[str]) -> str:
    return ", ".join(part for part in map(str.strip, parts) if part)


# How elements are written from the texts of their children, and how many children they must have.
_WRITTEN: dict[str, tuple[int, Callable[[list[str]], str]]] = {
    "msub": (2, lambda parts: _script(parts[0], "_", parts[1])),
    "munder": (2, lambda parts: _script(parts[0], "_", parts[1])),
    "msup": (2, lambda parts: _script(parts[0], "^", parts[1])),
    "mover": (2, lambda parts: _script(parts[0], "^", parts[1])),
    "msubsup": (3, _both),
    "munderover": (3, _both),
    "mfrac": (2, lambda parts: f"{_grouped(parts[0])}/{_grouped(parts[1])}"),
    "msqrt": (-1, lambda parts: f"√({''.join(parts).strip()})"),
    "mroot": (2, lambda parts: f"root({parts[0].strip()}, {parts[1].strip()})"),
    "mtable": (-1, lambda parts: f" [{'; '.join(map(str.strip, parts))}] "),
    "mtr": (-1, _row),
    "mlabeledtr": (-1, _row),
    "mspace": (-1, lambda parts: " "),
}


def _token(name: str, text: str) -> str:
    return f" {text} " if text in _RELATIONS or name == "mtext" else text


def _script(base: str, sign: str, script: str) -> str:
    return f"{base.rstrip()}{sign}{_grouped(script)}" if script.strip() else base


def _grouped(text: str) -> str:
    text = text.strip()
    return text if len(text) == 1 or text.isalnum() else f"({text})"

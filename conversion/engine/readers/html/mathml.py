"""Presentation MathML of a source, rebuilt element by element from a closed set."""

from __future__ import annotations

import re
from html import escape

from ...book import clean, math_text
from ...book.model import Math
from ...gate.xml import Element
from ..assembly.xhtml_names import local_name

_ELEMENTS = frozenset(
    [
        "math",
        "mi",
        "mn",
        "mo",
        "ms",
        "mtext",
        "mspace",
        "mrow",
        "mfrac",
        "msqrt",
        "mroot",
        "mstyle",
        "merror",
        "mpadded",
        "mphantom",
        "mfenced",
        "menclose",
        "msub",
        "msup",
        "msubsup",
        "munder",
        "mover",
        "munderover",
        "mmultiscripts",
        "mprescripts",
        "none",
        "mtable",
        "mtr",
        "mtd",
        "mlabeledtr",
        "maligngroup",
        "malignmark",
    ]
)
_TOKENS = frozenset({"mi", "mn", "mo", "ms", "mtext"})
_DROPPED = frozenset(["annotation", "annotation-xml", "script", "style"])
_ATTRIBUTES = frozenset(
    [
        "accent",
        "accentunder",
        "align",
        "bevelled",
        "close",
        "columnalign",
        "columnlines",
        "columnspacing",
        "columnspan",
        "denomalign",
        "depth",
        "dir",
        "displaystyle",
        "fence",
        "form",
        "frame",
        "height",
        "largeop",
        "length",
        "linethickness",
        "lspace",
        "mathsize",
        "mathvariant",
        "maxsize",
        "minsize",
        "movablelimits",
        "notation",
        "numalign",
        "open",
        "rowalign",
        "rowlines",
        "rowspacing",
        "rowspan",
        "rspace",
        "scriptlevel",
        "separator",
        "separators",
        "stretchy",
        "symmetric",
        "voffset",
        "width",
    ]
)
_SAFE_VALUE = re.compile(r"[^<>&\"\x00-\x1f]{0,80}")
_ADDRESS = re.compile(r"(https?|javascript|data|file)\s*:|url\s*\(", re.IGNORECASE)
MAX_ELEMENTS = 20_000
MAX_DEPTH = 100
# What programs write where nobody described a formula.
_EMPTY_ALTS = frozenset({"alternative text not available", "no alternative text available", "formula", "equation"})


def rebuild(element: Element) -> Math | None:
    """The formula, or None when it is empty or out of all proportion."""
    if sum(1 for _ in element.iter()) > MAX_ELEMENTS:
        return None
    display = element.get("display") == "block" or element.get("mode") == "display"
    body = _children(element, 1)
    if not body:
        return None
    mode = ' display="block"' if display else ""
    markup = f'<math xmlns="http://www.w3.org/1998/Math/MathML"{mode}>{body}</math>'
    alt = clean.title(str(element.get("alttext", "")), 1000)
    if not alt or clean.fold(alt) in _EMPTY_ALTS:
        alt = clean.title(math_text.linear(markup), 1000)
    return Math(markup, alt, display)


def _children(element: Element, depth: int) -> str:
    return "".join(_node(child, depth) for child in element.iterchildren())


def _node(element: Element, depth: int) -> str:
    name = local_name(element)
    if not name or name in _DROPPED or depth > MAX_DEPTH:
        return ""
    if name in ("semantics", "maction"):
        first = next(element.iterchildren(), None)
        return "" if first is None else _node(first, depth + 1)
    if name not in _ELEMENTS or name == "math":
        return f"<mrow>{_children(element, depth + 1)}</mrow>"
    if name in _TOKENS:
        body = escape(clean.text("".join(str(text) for text in element.itertext())), quote=False)
    else:
        body = _children(element, depth + 1)
    return f"<{name}{_attributes(element)}>{body}</{name}>"


def _attributes(element: Element) -> str:
    kept = ""
    for name, value in ((str(name), str(value)) for name, value in element.attrib.items()):
        if name in _ATTRIBUTES and _SAFE_VALUE.fullmatch(value) and not _ADDRESS.search(value):
            kept += f' {name}="{escape(value)}"'
    return kept

"""Rebuild a `<math>` element from the elements and attributes of presentation MathML 3.

The readers rebuild MathML too. Doing so again here keeps one guarantee in one place: whatever a reader let through, an
artifact only contains these names, each with as many children as its schema requires.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from .text import attribute, clean, escape

if TYPE_CHECKING:
    from xml.etree import ElementTree

NAMESPACE = "http://www.w3.org/1998/Math/MathML"

_TOKENS = frozenset({"mi", "mn", "mo", "ms", "mtext"})
_COLLAPSED = " \t\n\r"  # MathML 3, section 2.1.7: white space at the edges means nothing, a no-break space does
_ROWS = frozenset({"math", "mrow", "msqrt", "mstyle", "merror", "mpadded", "mphantom", "menclose", "mtd"})
_FIXED = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3}
_TABLES = {"mtable": ("mtr", "mlabeledtr"), "mtr": ("mtd",), "mlabeledtr": ("mtd",)}
_ATTRIBUTES = {
    "mathvariant": "normal|bold|italic|bold-italic|double-struck|script|bold-script|fraktur|bold-fraktur|"
    "sans-serif|bold-sans-serif|sans-serif-italic|sans-serif-bold-italic|monospace",
    "displaystyle": "true|false",
    "stretchy": "true|false",
    "fence": "true|false",
    "separator": "true|false",
    "largeop": "true|false",
    "movablelimits": "true|false",
    "symmetric": "true|false",
    "accent": "true|false",
    "accentunder": "true|false",
    "form": "prefix|infix|postfix",
    "columnalign": "(left|center|right)( (left|center|right))*",
    "rowalign": "(top|bottom|center|baseline|axis)( (top|bottom|center|baseline|axis))*",
    "columnlines": "(none|solid|dashed)( (none|solid|dashed))*",
    "rowlines": "(none|solid|dashed)( (none|solid|dashed))*",
    "linethickness": r"[0-9.]+(px|em|pt|%)?|thin|medium|thick",
    "width": r"-?[0-9.]+(em|ex|px|pt|%)?",
    "height": r"-?[0-9.]+(em|ex|px|pt|%)?",
    "depth": r"-?[0-9.]+(em|ex|px|pt|%)?",
    "lspace": r"-?[0-9.]+(em|ex|px|pt)?",
    "rspace": r"-?[0-9.]+(em|ex|px|pt)?",
    "notation": "[a-z]+( [a-z]+)*",
    "columnspan": "[0-9]+",
    "rowspan": "[0-9]+",
}
_ALLOWED = {name: re.compile(pattern) for name, pattern in _ATTRIBUTES.items()}
_PLACES = {
    "mathvariant": _TOKENS | {"mstyle"},
    "displaystyle": {"math", "mstyle", "mtable"},
    "columnalign": {"mtable", "mtr", "mtd"},
    "rowalign": {"mtable", "mtr", "mtd"},
    "columnlines": {"mtable"},
    "rowlines": {"mtable"},
    "linethickness": {"mfrac"},
    "width": {"mspace", "mpadded", "mtable"},
    "height": {"mspace", "mpadded"},
    "depth": {"mspace", "mpadded"},
    "notation": {"menclose"},
    "columnspan": {"mtd"},
    "rowspan": {"mtd"},
    "accent": {"mo", "mover", "munderover"},
    "accentunder": {"munder", "munderover"},
    "lspace": {"mo", "mpadded"},
}


def rebuild(mathml: str, alt: str, *, is_display: bool) -> str:
    """Return a clean `<math>` element with its namespace, or "" when the source cannot be read."""
    if "<!" in mathml:  # a document type could declare entities
        return ""
    from xml.etree import ElementTree  # slow to load, and few books have formulas

    try:
        root = ElementTree.fromstring(clean(mathml))  # noqa: S314  # no entities, see above
    except ElementTree.ParseError:
        return ""
    if _local(root) != "math" or not len(root):
        return ""
    display = ' display="block"' if is_display else ""
    text = f' alttext="{attribute(alt)}"' if alt.strip() else ""
    return f'<math xmlns="{NAMESPACE}"{display}{text}>{_content(root, "math")}</math>'


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2].rpartition(":")[2]


def _element(element: ElementTree.Element) -> str:
    name = _local(element)
    if name in _TOKENS:
        text = "".join(element.itertext()).strip(_COLLAPSED)
        return f"<{name}{_attributes(element, name)}>{escape(text)}</{name}>"
    if name in ("mspace", "none"):
        return f"<{name}{_attributes(element, name)}/>"
    special = _SPECIAL.get(name)
    if special is not None:
        return special(element)
    if name in _FIXED or name in _ROWS or name in _TABLES:
        return f"<{name}{_attributes(element, name)}>{_content(element, name)}</{name}>"
    return f"<mrow>{''.join(map(_element, element))}</mrow>"


def _content(element: ElementTree.Element, name: str) -> str:
    if name in _TABLES:
        return "".join(_cell(child, _TABLES[name]) for child in element)
    children = [markup for markup in map(_element, element) if markup]
    wanted = _FIXED.get(name)
    if wanted is not None:
        children = children[:wanted] + ["<mrow/>"] * (wanted - len(children))
    return "".join(children)


def _cell(child: ElementTree.Element, allowed: tuple[str, ...]) -> str:
    if _local(child) in allowed:
        return _element(child)
    inside = _element(child)
    return f"<mtd>{inside}</mtd>" if allowed == ("mtd",) else f"<mtr><mtd>{inside}</mtd></mtr>"


def _scripts(element: ElementTree.Element) -> str:
    """Return the children with scripts in pairs after the base, and again after `mprescripts`."""
    parts: list[str] = []
    pending = 0
    for index, child in enumerate(element):
        if _local(child) == "mprescripts":
            parts.append("<none/>" * (pending % 2) + "<mprescripts/>")
            pending = 0
            continue
        parts.append(_element(child))
        pending += index > 0
    return f"<mmultiscripts>{''.join(parts) or '<mrow/>'}{'<none/>' * (pending % 2)}</mmultiscripts>"


def _fenced(element: ElementTree.Element) -> str:
    """Return `mfenced` spelled out with operators: newer reading systems no longer support it."""
    opened, closed = element.get("open", "("), element.get("close", ")")
    separators = element.get("separators", ",").replace(" ", "")
    parts = [f'<mo fence="true">{escape(opened)}</mo>' if opened else ""]
    for index, child in enumerate(element):
        if index and separators:
            parts.append(f"<mo>{escape(separators[min(index, len(separators)) - 1])}</mo>")
        parts.append(_element(child))
    parts.append(f'<mo fence="true">{escape(closed)}</mo>' if closed else "")
    return f"<mrow>{''.join(parts)}</mrow>"


def _semantics(element: ElementTree.Element) -> str:
    """Return only the presentation; annotations repeat it in other languages."""
    return _element(element[0]) if len(element) else "<mrow/>"


_SPECIAL: dict[str, Callable[[ElementTree.Element], str]] = {
    "semantics": _semantics,
    "mfenced": _fenced,
    "mmultiscripts": _scripts,
    "annotation": lambda element: "",
    "annotation-xml": lambda element: "",
}


def _attributes(element: ElementTree.Element, name: str) -> str:
    kept: list[str] = []
    for key in sorted(element.keys()):
        pattern = _ALLOWED.get(key)
        value = (element.get(key) or "").strip()
        places = _PLACES.get(key, {"mo"})
        if pattern is not None and name in places and pattern.fullmatch(value):
            kept.append(f' {key}="{attribute(value)}"')
    return "".join(kept)

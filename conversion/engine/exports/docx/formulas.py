"""Presentation MathML as Office mathematics (OMML); a formula that has no counterpart is written as a line of text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ...book import math_text
from ...markup import mathml
from ...markup.text import escape, one_line

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ACCENTS = {"^": "\u0302", "~": "\u0303", "¯": "\u0305", "→": "\u20d7", "˙": "\u0307", "¨": "\u0308"}


class _Unknown(Exception):
    """An element without a counterpart."""


def formula(source: str, alt: str, *, is_display: bool) -> str:
    """Return a formula as OMML, or as its line of text."""
    from xml.etree import ElementTree  # slow to load, and few books have formulas

    rebuilt = mathml.rebuild(source, alt, is_display=is_display)
    try:
        if not rebuilt:
            raise _Unknown
        body = _row(list(ElementTree.fromstring(rebuilt)))  # noqa: S314 (rebuilt)
    except _Unknown:
        text = one_line(alt) or math_text.linear(source)
        return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    inside = f"<m:oMath>{body}</m:oMath>"
    return f"<m:oMathPara>{inside}</m:oMathPara>" if is_display else inside


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _row(elements: list[Element]) -> str:
    return "".join(_element(element) for element in elements)


def _element(element: Element) -> str:
    handler = _HANDLERS.get(_name(element))
    if handler is None:
        raise _Unknown
    return handler(element)


def _argument(element: Element) -> str:
    return _row(list(element)) if _name(element) == "mrow" else _element(element)


def _text(element: Element) -> str:
    text = "".join(element.itertext()).strip()
    if not text:
        return ""
    is_normal = element.get("mathvariant") == "normal" or (_name(element) == "mi" and len(text) > 1)
    properties = '<m:rPr><m:sty m:val="p"/></m:rPr>' if is_normal or _name(element) != "mi" else ""
    if _name(element) in ("mtext", "ms"):
        properties = "<m:rPr><m:nor/></m:rPr>"
    return f'<m:r>{properties}<m:t xml:space="preserve">{escape(text)}</m:t></m:r>'


def _space(element: Element) -> str:
    return '<m:r><m:t xml:space="preserve"> </m:t></m:r>'


def _parts(tag: str, *names: str) -> Callable[[Element], str]:
    def convert(element: Element) -> str:
        children = list(element)
        if len(children) != len(names):
            raise _Unknown
        pairs = zip(names, children, strict=True)
        inside = "".join(f"<m:{name}>{_argument(child)}</m:{name}>" for name, child in pairs)
        return f"<m:{tag}>{inside}</m:{tag}>"

    return convert


def _fraction(element: Element) -> str:
    top, below = list(element)
    kind = '<m:fPr><m:type m:val="noBar"/></m:fPr>' if element.get("linethickness", "").startswith("0") else ""
    return f"<m:f>{kind}<m:num>{_argument(top)}</m:num><m:den>{_argument(below)}</m:den></m:f>"


def _root(element: Element) -> str:
    hidden = '<m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/>'
    return f"<m:rad>{hidden}<m:e>{_row(list(element))}</m:e></m:rad>"


def _root_of_degree(element: Element) -> str:
    inside, degree = list(element)
    return f"<m:rad><m:deg>{_argument(degree)}</m:deg><m:e>{_argument(inside)}</m:e></m:rad>"


def _over(element: Element) -> str:
    inside, above = list(element)
    sign = "".join(above.itertext()).strip()
    if element.get("accent") == "true" and sign in _ACCENTS:
        accent = f'<m:accPr><m:chr m:val="{_ACCENTS[sign]}"/></m:accPr>'
        return f"<m:acc>{accent}<m:e>{_argument(inside)}</m:e></m:acc>"
    return f"<m:limUpp><m:e>{_argument(inside)}</m:e><m:lim>{_argument(above)}</m:lim></m:limUpp>"


def _under_over(element: Element) -> str:
    inside, below, above = list(element)
    low = f"<m:limLow><m:e>{_argument(inside)}</m:e><m:lim>{_argument(below)}</m:lim></m:limLow>"
    return f"<m:limUpp><m:e>{low}</m:e><m:lim>{_argument(above)}</m:lim></m:limUpp>"


def _matrix(element: Element) -> str:
    rows = ""
    for row in element:
        cells = "".join(f"<m:e>{_row(list(cell))}</m:e>" for cell in row)
        rows += f"<m:mr>{cells}</m:mr>"
    return f"<m:m>{rows}</m:m>"


def _inside(element: Element) -> str:
    return _row(list(element))


_HANDLERS: dict[str, Callable[[Element], str]] = {
    **dict.fromkeys(("mi", "mn", "mo", "mtext", "ms"), _text),
    "mspace": _space,
    **dict.fromkeys(("mrow", "mstyle", "mpadded", "merror"), _inside),
    "mfrac": _fraction,
    "msup": _parts("sSup", "e", "sup"),
    "msub": _parts("sSub", "e", "sub"),
    "msubsup": _parts("sSubSup", "e", "sub", "sup"),
    "munder": _parts("limLow", "e", "lim"),
    "mover": _over,
    "munderover": _under_over,
    "msqrt": _root,
    "mroot": _root_of_degree,
    "mtable": _matrix,
}

"""Formulas of an RTF: Office mathematics with each element as a group, `{\\mf{\\mnum …}{\\mden …}}`."""

from __future__ import annotations

from lxml import etree

from ...book import clean
from ...book.model import Math
from ...gate.xml import Element
from ..docx.names import M
from ..docx.omml import math
from . import charsets
from .tokens import Group

MAX_DEPTH = 50
_VAL = M + "val"


def read_math(group: Group, codec: str, *, display: bool) -> Math:
    """The formula of a `\\moMath` group."""
    root = etree.Element(M + "oMath")
    _fill(root, group, codec, 0)
    return math(root, display=display)


def _fill(element: Element, group: Group, codec: str, depth: int) -> None:
    for inner in group.groups():
        name = inner.name.decode("ascii", "ignore").removeprefix("m")
        if not name.isalpha() or depth >= MAX_DEPTH:  # "\\'" is a word of RTF and no name
            continue
        child = etree.SubElement(element, M + name)
        if name == "r" and not any(part.name.startswith(b"mr") for part in inner.groups(b"mr")):
            _run(child, inner, codec)
        elif str(element.tag).endswith("Pr"):
            child.set(_VAL, clean.text(charsets.text_of(inner, codec)))
        else:
            _fill(child, inner, codec, depth + 1)


def _run(element: Element, group: Group, codec: str) -> None:
    """`\\mr` holds text; the same word is a row of a matrix, which holds groups."""
    words = group.words()
    for inner in group.groups():
        words |= inner.words()
    properties = etree.SubElement(element, M + "rPr")
    if b"mnor" in words:
        etree.SubElement(properties, M + "nor")
    if words.get(b"msty") in (0, 1):
        etree.SubElement(properties, M + "sty").set(_VAL, "p" if words[b"msty"] == 0 else "b")
    etree.SubElement(element, M + "t").text = clean.text(charsets.text_of(group, codec))

"""From bytes to a tree: well-formed XHTML strictly, everything else with the forgiving HTML parser."""

from __future__ import annotations

import re

from lxml import etree

from ...errors import AuthorFixable
from ...gate import xml
from ...gate.xml import Element
from ..assembly.xhtml_names import local_name
from .css import Sheet

_DEFAULT_NAMESPACE = re.compile(rb"\sxmlns\s*=\s*([\"'])http://www\.w3\.org/1999/xhtml\1")


def parse_page(data: bytes, part: str) -> tuple[Element, bool]:
    """The root of a document of a container, and whether its markup had to be repaired.

    Raises AuthorFixable `source.entity-expansion`: declarations are refused, not repaired.
    """
    data = _DEFAULT_NAMESPACE.sub(b"", data)
    try:
        return xml.parse_xhtml(data, part), False
    except AuthorFixable as error:
        if error.code == "source.entity-expansion":
            raise
    return parse_html(data, part), True


def parse_html(data: bytes, part: str = "") -> Element:
    """The root of an HTML document in UTF-8, whatever its condition.

    Raises AuthorFixable `source.xml-too-deep` where the parser gives up, since it would lose all words after.
    """
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, recover=True, huge_tree=True
    )
    root = etree.fromstring(data or b"<html></html>", parser)
    if any("Excessive depth" in (entry.message or "") for entry in parser.error_log):
        raise AuthorFixable("source.xml-too-deep", part=part or "body")
    return root if root is not None else etree.Element("html")


def child(root: Element, name: str) -> Element | None:
    """The first child of the root with a local name: its head or its body."""
    return next((element for element in root.iterchildren() if local_name(element) == name), None)


def inline_sheets(root: Element) -> Sheet:
    """The style elements of a document."""
    sheet = Sheet()
    for text in style_texts(root):
        sheet.add(text)
    return sheet


def style_texts(root: Element) -> list[str]:
    """What the style elements of a document hold."""
    styles = [element for element in root.iter() if local_name(element) == "style"]
    return ["".join(str(text) for text in element.itertext()) for element in styles]

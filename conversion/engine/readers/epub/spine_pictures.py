"""Pictures that stand in the spine themselves: each is read as a document that shows it.

What its fallback says for those who cannot see the picture is its description.
"""

from __future__ import annotations

import posixpath

from lxml import etree

from ...book import clean
from ...gate.archive import Archive
from ...gate.xml import Element
from ..assembly.xhtml_names import local_name
from ..html.parse import child, parse_page
from .package import Item

MAX_DESCRIPTION_CHARACTERS = 2_000


def page_of(item: Item, archive: Archive) -> Element:
    """Return a document that shows the picture, with its description. Raises AuthorFixable as `parse_page` does."""
    root = etree.Element("html")
    body = etree.SubElement(root, "body")
    name = posixpath.basename(item.part)
    etree.SubElement(body, "img", src=name, alt=_description(item, archive))
    return root


def _description(item: Item, archive: Archive) -> str:
    """The words of the fallback, or the descriptions of its pictures where it has no words."""
    if item.fallback not in archive:
        return ""
    root, _ = parse_page(archive.read(item.fallback), item.fallback)
    body = child(root, "body")
    if body is None:
        return ""
    words = " ".join(" ".join(str(text) for text in body.itertext()).split())
    if not words:
        words = " ".join(str(image.get("alt", "")) for image in body.iter() if local_name(image) == "img")
    return clean.title(words, MAX_DESCRIPTION_CHARACTERS)

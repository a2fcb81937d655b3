"""Which file of an edition's EPUB has each block of its text."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from lxml import etree

from common import storage
from conversion.engine.api import edition_text
from storefront.catalogue.selectors.edition_texts import BookText

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


@lru_cache(maxsize=16)
def files_of_blocks(epub: str, text: BookText) -> tuple[str, ...]:
    """Return the path in the EPUB of each block of the text; "" for one before the first that is found there.

    The EPUB has pages of its own, such as the title page, and cuts long chapters: so blocks are matched by their words.
    """
    there = [(path, block) for path, content in _documents(epub) for block in edition_text.chapter_texts(content)]
    matcher = SequenceMatcher(None, text.blocks, [block for _path, block in there], autojunk=False)
    found = {
        here + index: there[other + index][0]
        for here, other, length in matcher.get_matching_blocks()
        for index in range(length)
    }
    paths, path = [], ""
    for block in range(len(text.blocks)):
        path = found.get(block, path)
        paths.append(path)
    return tuple(paths)


def _documents(epub: str) -> Iterator[tuple[str, bytes]]:
    """Yield the path and the content of each document in reading order."""
    with storage.private().open(epub, "rb") as opened, zipfile.ZipFile(opened) as archive:
        container = etree.fromstring(archive.read("META-INF/container.xml"), _PARSER)
        package = next(str(one.get("full-path")) for one in container.iter("{*}rootfile"))
        root = etree.fromstring(archive.read(package), _PARSER)
        hrefs = {item.get("id"): str(item.get("href")) for item in root.iter("{*}item")}
        for item in root.iter("{*}itemref"):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(package), hrefs[item.get("idref")]))
            yield path, archive.read(path)

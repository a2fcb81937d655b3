"""Make a copy of one of our EPUBs, KEPUBs or Kindle EPUBs that carries the marks of its buyer.

    same file, same stamp -> same bytes

One entry is in memory at a time, and only what a mark changes is packed anew. Raises KeyError, ValueError,
zipfile.BadZipFile or etree.XMLSyntaxError for a file that our engine did not write.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from functools import partial
from posixpath import dirname, join, normpath
from typing import IO
from urllib.parse import unquote

from lxml import etree

from ..support.repacked_zip import RepackedZip
from . import cover_mark, joiners, keys, last_line
from .package_mark import mark_package

_CONTAINER = "META-INF/container.xml"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Stamp:
    """The marks of a copy. `token` is its secret, `artifact_sha256` the file before it was stamped, `number` that of
    the order, or of the copy if `is_order` is not set."""

    token: str
    artifact_sha256: str
    number: str
    is_order: bool = True
    name: str = ""
    version: int = keys.VERSION


@dataclass(frozen=True, slots=True)
class Parts:
    """The entries of an EPUB that can carry a mark. `last` is the page for the line, "" when all pages are drawn."""

    package: str
    cover: str
    pages: frozenset[str]
    last: str
    language: str


def stamp_epub(source: IO[bytes], out: IO[bytes], stamp: Stamp) -> None:
    """Write a copy of the EPUB with the marks of this stamp. Raises ValueError for a version nobody knows."""
    _check_version(stamp)
    with zipfile.ZipFile(source) as archive:
        parts = parts_of(archive)
        copy = RepackedZip(source, out)
        for entry in archive.infolist():
            content = archive.read(entry) if _can_carry(parts, entry.filename) else b""
            marked = _marked(entry.filename, content, parts, stamp)
            if marked == content:
                copy.keep(entry)
            else:
                copy.replace(entry, marked)
        copy.close()


def stamped_entry(archive: zipfile.ZipFile, name: str, stamp: Stamp) -> bytes:
    """Return one entry of an EPUB as the copy with this stamp has it, without making the whole copy. Raises ValueError
    for a version nobody knows."""
    _check_version(stamp)
    return _marked(name, archive.read(name), parts_of(archive), stamp)


def parts_of(archive: zipfile.ZipFile) -> Parts:
    """Return where marks can stand in an EPUB."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    container = etree.fromstring(archive.read(_CONTAINER), parser)
    package = next(str(found.get("full-path")) for found in container.iter("{*}rootfile"))
    root = etree.fromstring(archive.read(package), parser)
    items = {item.get("id"): item for item in root.iter("{*}item")}
    cover = next((item for item in items.values() if "cover-image" in _words(item, "properties")), None)
    flowing = [
        _path(package, items[reference.get("idref")])
        for reference in root.iter("{*}itemref")
        if reference.get("idref") in items and _is_flowing(root, reference, items[reference.get("idref")])
    ]
    return Parts(
        package=package,
        cover=_path(package, cover) if cover is not None else "",
        pages=frozenset(flowing),
        last=flowing[-1] if flowing else "",
        language=root.get(_XML_LANG) or "",
    )


def _is_flowing(root: etree._Element, reference: etree._Element, item: etree._Element) -> bool:
    """Whether a place in the spine is text of the book: no drawn page, not the contents."""
    is_book_drawn = any(
        meta.get("property") == "rendition:layout" and (meta.text or "").strip() == "pre-paginated"
        for meta in root.iter("{*}meta")
    )
    own = _words(reference, "properties")
    is_drawn = "rendition:layout-pre-paginated" in own or (is_book_drawn and "rendition:layout-reflowable" not in own)
    return not is_drawn and "nav" not in _words(item, "properties")


def _words(element: etree._Element, attribute: str) -> list[str]:
    return (element.get(attribute) or "").split()


def _path(package: str, item: etree._Element) -> str:
    return normpath(join(dirname(package), unquote(item.get("href") or "")))


def _check_version(stamp: Stamp) -> None:
    if stamp.version != keys.VERSION:
        raise ValueError(f"unknown version of stamp: {stamp.version}")


def _can_carry(parts: Parts, name: str) -> bool:
    return name in parts.pages or name in (parts.package, parts.cover)


def _marked(name: str, content: bytes, parts: Parts, stamp: Stamp) -> bytes:
    if name == parts.package:
        return mark_package(content, keys.package_mark(stamp.token, stamp.artifact_sha256))
    if name == parts.cover and cover_mark.is_jpeg(content):
        return cover_mark.mark_cover(content, keys.cover_mark(stamp.token))
    if name not in parts.pages:
        return content
    bit = partial(keys.has_joiner, keys.joiner_key(stamp.token))
    page = joiners.with_joiners(content.decode("utf-8"), bit)
    if name == parts.last:
        page = last_line.with_line(
            page, number=stamp.number, is_order=stamp.is_order, name=stamp.name, language=parts.language
        )
    return page.encode("utf-8")

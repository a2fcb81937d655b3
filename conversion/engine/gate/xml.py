"""The one door to an XML parser: no entities, no network, no external files, bounded depth.

A document type is accepted only without declarations of its own; named HTML entities are known from a
table of ours, never from a document type. libxml2's own limits (depth 256, text of 10 million bytes) stay on.
"""

from __future__ import annotations

import html.entities
import re
from typing import Any

from lxml import etree

from ..errors import AuthorFixable
from . import controls

type Element = etree._Element

MAX_DEPTH = 240
_DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]*(\[)?", re.IGNORECASE)
_HEAD_BYTES = 1_000_000
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31});")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_KEPT = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})
_WIDE = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))


def parse(data: bytes, part: str) -> Element:
    """The root of the well-formed `data`.

    Raises AuthorFixable: `source.entity-expansion` for entity declarations, `source.xml-too-deep`,
    `source.xml-malformed`, each naming the `part`. Control characters are dropped.
    """
    data = _utf8(data, part)
    _refuse_declarations(data, part)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        cleaned = controls.without_in_xml(data)
        if cleaned != data:
            return parse(cleaned, part)  # through the checks again: what was dropped may have hidden a declaration
        raise AuthorFixable(_reason(error), part=part) from error
    internal: Any = root.getroottree().docinfo.internalDTD
    if internal is not None and any(True for _ in internal.iterentities()):
        raise AuthorFixable("source.entity-expansion", part=part)
    return root


def recovered(data: bytes, part: str) -> bytes:
    """Malformed `data` as well-formed XML, as far as it can be understood; b"" where nothing can.

    Raises AuthorFixable for declarations and depth, as `parse` does: these are no accidents.
    """
    try:
        parse(data, part)
    except AuthorFixable as error:
        if error.code != "source.xml-malformed":
            raise
    else:
        return data
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    # Control characters would end the recovery where they stand.
    root = etree.fromstring(_CONTROL.sub(b"", _utf8(data, part)) or b"<none/>", parser)
    return b"" if root is None or root.tag == "none" else etree.tostring(root, encoding="utf-8", xml_declaration=True)


def parse_xhtml(data: bytes, part: str) -> Element:
    """Like `parse`, for XHTML that uses HTML's named entities without declaring them."""
    return parse(_NAMED.sub(_named_entity, _utf8(data, part)), part)


def _named_entity(match: re.Match[bytes]) -> bytes:
    name = match.group(1)
    if name in _KEPT:
        return match.group()
    value = html.entities.html5.get(name.decode("ascii") + ";")
    return match.group() if value is None else value.encode("ascii", "xmlcharrefreplace")


def _utf8(data: bytes, part: str) -> bytes:
    """UTF-16 turned into UTF-8, so that one scan for declarations sees what the parser will see."""
    for mark, codec in _WIDE:
        if data.startswith(mark):
            try:
                text = data.decode(codec)
            except UnicodeDecodeError as error:
                raise AuthorFixable("source.xml-malformed", part=part) from error
            return re.sub(r"^(<\?xml[^>]*?)\s+encoding=[\"'][^\"']*[\"']", r"\1", text.lstrip("\ufeff")).encode()
    return data


def _refuse_declarations(data: bytes, part: str) -> None:
    match = _DOCTYPE.search(data, 0, _HEAD_BYTES)
    if match is None or match.group(1) is None:
        return
    if b"<!ENTITY" in data or b"<!ATTLIST" in data or b"%" in data[match.end() : match.end() + 2000]:
        raise AuthorFixable("source.entity-expansion", part=part)


def _reason(error: etree.XMLSyntaxError) -> str:
    message = (error.msg or "").lower()
    if "depth" in message or "nested" in message:
        return "source.xml-too-deep"
    return "source.entity-expansion" if "entit" in message and "loop" in message else "source.xml-malformed"

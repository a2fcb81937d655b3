"""The reader for our own files: a Book as canonical JSON (`book/canonical.py`), written by hand or by anybody.

It is read into the closed set like any manuscript: an element, field or value that is not known refuses the file and
says where; text, titles and link targets are cleaned, formulas rebuilt, pictures re-encoded.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from ...book.model import Asset, Book, Figure, InlineImage, ReaderResult
from ...book.walk import walk
from ...errors import AuthorFixable
from ...findings.model import Finding
from ...gate.admission import Manuscript
from . import nodes
from .values import Malformed

MAX_ASSETS = 5_000


def read(manuscript: Manuscript) -> ReaderResult:
    """Return the Book of a file of ours. Raises AuthorFixable with the place of what is wrong."""
    try:
        value = json.loads(manuscript.text, object_pairs_hook=_object, parse_constant=_refuse)
        book = nodes.book(value)
        pictures, findings = _pictures(value.get("assets", []))
        _use(book, pictures)
        nodes.require_unique_ids(book)
    except Malformed as error:
        raise AuthorFixable("source.own-malformed", place=error.place) from None
    except (RecursionError, ValueError):  # what is no JSON, or nested too deeply
        raise AuthorFixable("source.own-malformed", place="JSON") from None
    return ReaderResult(book, findings)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise Malformed("JSON")
    return value


def _refuse(name: str) -> None:
    raise Malformed(name)


# ---------------------------------------------------------------- pictures


def _pictures(value: Any) -> tuple[dict[str, Asset], list[Finding]]:
    """Return the pictures, re-encoded, by the keys that the file gives them."""
    from ...images import reencode  # loads Pillow; a novel has no pictures

    if not isinstance(value, list) or len(value) > MAX_ASSETS:
        raise Malformed("assets")
    found: dict[str, Asset] = {}
    findings: list[Finding] = []
    for number, item in enumerate(value):
        place = f"assets[{number}]"
        about = nodes.asset(item, place)
        try:
            data = base64.b64decode(about["data"], validate=True)
        except (binascii.Error, ValueError):
            raise Malformed(f"{place}.data") from None
        picture, remarks = reencode.reencode(data, name=about["name"])
        findings += remarks
        if picture is not None:
            found[about["key"]] = picture
    return found, findings


def _use(book: Book, pictures: dict[str, Asset]) -> None:
    """Put the pictures into the book under their own checksums. One that cannot be read leaves its description."""
    blocks = [block for chapter in book.chapters for block in chapter.blocks]
    blocks += [block for note in book.notes.values() for block in note.blocks]
    for node in walk(blocks):
        if isinstance(node, Figure | InlineImage):
            node.asset = pictures[node.asset].sha256 if node.asset in pictures else ""
    book.cover = pictures[book.cover].sha256 if book.cover in pictures else ""
    book.assets = {picture.sha256: picture for picture in pictures.values()}

"""Putting back what a container's format needs: its type, the way to its main part, well-formed parts."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from ..findings.model import Finding
from ..gate import xml
from ..gate.damaged import PAGES, is_docx, is_epub
from .changes import Ledger

_EPUB, _ODT = b"application/epub+zip", b"application/vnd.oasis.opendocument.text"
_CONTAINER = "META-INF/container.xml"
_TYPES, _TOP_RELATIONS = "[Content_Types].xml", "_rels/.rels"
_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_FIGURES = re.compile(r"(\d+)")
_BODY = re.compile(rb"<(?:\w+:)?document\b[^>]*wordprocessingml")

type _Entries = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Mended:
    """A container's entries in the order they are to be written."""

    entries: _Entries
    findings: list[Finding]


def mend(entries: _Entries) -> Mended | None:
    """The entries of an EPUB, a DOCX or an ODT with what was missing; None where they are none of these.

    Raises AuthorFixable `source.entity-expansion` or `source.xml-too-deep`: such parts are not mended.
    """
    ledger = Ledger()
    for is_of_kind, mender in _KINDS:
        if is_of_kind(entries):
            mended = mender(entries, ledger)
            return None if mended is None else Mended(mended, ledger.findings())
    return None


def _is_odt(entries: _Entries) -> bool:
    return "content.xml" in entries and (
        entries.get("mimetype", b"").strip().startswith(_ODT) or b"opendocument" in entries["content.xml"][:2000]
    )


def _recover(entries: _Entries, names: list[str], ledger: Ledger) -> None:
    """Make these parts well-formed where they are not; what cannot be is taken out."""
    for name in names:
        data = entries[name]
        made = xml.recovered(data, name)
        if not made:
            ledger.note("repaired.entry-dropped", name)
            del entries[name]
        elif made is not data:
            ledger.note("repaired.xml", name)
            entries[name] = made


# ---------------------------------------------------------------- EPUB


def _epub(entries: _Entries, ledger: Ledger) -> _Entries | None:
    kept = dict(entries)
    packages = sorted((name for name in kept if name.lower().endswith(".opf")), key=lambda name: name.count("/"))
    _recover(kept, [*packages, *(name for name in (_CONTAINER,) if name in kept)], ledger)
    packages = [name for name in packages if name in kept]
    if not packages:
        pages = sorted((name for name in kept if name.lower().endswith(PAGES)), key=_in_reading_order)
        if not pages:
            return None
        kept["content.opf"] = _package(pages)
        packages = ["content.opf"]
        ledger.note("repaired.package", "content.opf")
    if not _leads_somewhere(kept):
        kept[_CONTAINER] = _container(packages[0])
        ledger.note("repaired.container", packages[0])
    if kept.pop("mimetype", b"").strip() != _EPUB or next(iter(entries)) != "mimetype":
        ledger.note("repaired.mimetype")
    return {"mimetype": _EPUB, _CONTAINER: kept.pop(_CONTAINER), **kept}


def _in_reading_order(name: str) -> list[str | int]:
    """Figures in names count as numbers: chapter 2 comes before chapter 10."""
    return [int(part) if part.isdigit() else part for part in _FIGURES.split(name.lower())]


def _leads_somewhere(entries: _Entries) -> bool:
    if _CONTAINER not in entries:
        return False
    root = xml.parse(entries[_CONTAINER], _CONTAINER)
    paths = (str(element.get("full-path", "")) for element in root.iter("{*}rootfile"))
    return any(posixpath.normpath(path) in entries for path in paths if path)


def _container(package: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        f'<rootfile full-path="{escape(package)}" media-type="application/oebps-package+xml"/>'
        "</rootfiles></container>"
    ).encode()


def _package(pages: list[str]) -> bytes:
    """A package that lists the pages there are. Title and language are left to the reader and the author's form."""
    items = "".join(
        f'<item id="p{number}" href="{escape(name)}" media-type="application/xhtml+xml"/>'
        for number, name in enumerate(pages)
    )
    refs = "".join(f'<itemref idref="p{number}"/>' for number in range(len(pages)))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        f"<metadata/><manifest>{items}</manifest><spine>{refs}</spine></package>"
    ).encode()


# ---------------------------------------------------------------- DOCX and ODT


def _docx(entries: _Entries, ledger: Ledger) -> _Entries | None:
    kept = dict(entries)
    _recover(kept, [name for name in entries if name.endswith((".xml", ".rels"))], ledger)
    main = _main_part(kept)
    if not main:
        return None
    if _TYPES not in kept:
        kept[_TYPES] = _content_types(main)
        ledger.note("repaired.content-types", _TYPES)
    if not _leads_to_document(kept):
        kept[_TOP_RELATIONS] = _top_relations(main)
        ledger.note("repaired.relationships", _TOP_RELATIONS)
    return {_TYPES: kept.pop(_TYPES), **kept}


def _main_part(entries: _Entries) -> str:
    """The part that holds the text: by its usual name, else by what it is."""
    if "word/document.xml" in entries:
        return "word/document.xml"
    parts = (name for name, data in entries.items() if name.startswith("word/") and _BODY.search(data[:4000]))
    return next(parts, "")


def _leads_to_document(entries: _Entries) -> bool:
    if _TOP_RELATIONS not in entries:
        return False
    root = xml.parse(entries[_TOP_RELATIONS], _TOP_RELATIONS)
    return any(
        str(relation.get("Type", "")).endswith("/officeDocument")
        and str(relation.get("Target", "")).lstrip("/") in entries
        for relation in root.iter("{*}Relationship")
    )


def _content_types(main: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{escape(main)}" ContentType="{_MAIN_TYPE}"/></Types>'
    ).encode()


def _top_relations(main: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_DOCUMENT}" Target="{escape(main)}"/></Relationships>'
    ).encode()


def _odt(entries: _Entries, ledger: Ledger) -> _Entries | None:
    kept = dict(entries)
    _recover(kept, [name for name in entries if name.endswith(".xml")], ledger)
    if "content.xml" not in kept:
        return None
    if not kept.pop("mimetype", b"").strip().startswith(_ODT):
        ledger.note("repaired.mimetype")
    return {"mimetype": _ODT, **kept}


_KINDS: tuple[tuple[Callable[[_Entries], bool], Callable[[_Entries, Ledger], _Entries | None]], ...] = (
    (is_docx, _docx),
    (_is_odt, _odt),
    (is_epub, _epub),
)

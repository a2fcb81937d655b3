"""The parts of a DOCX and how they point to each other (Open Packaging Conventions)."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from urllib.parse import unquote

from ...errors import AuthorFixable
from ...gate import xml
from ...gate.archive import Archive
from ...gate.xml import Element
from .names import STRICT

# Where programs put parts, for documents that have lost the way to them.
_USUAL = {
    "officeDocument": "word/document.xml",
    "styles": "word/styles.xml",
    "numbering": "word/numbering.xml",
    "footnotes": "word/footnotes.xml",
    "endnotes": "word/endnotes.xml",
}
_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


@dataclass(frozen=True, slots=True)
class Relationship:
    """`target` is a part name, or an address when `external`."""

    kind: str  # last segment of the type, e.g. "footnotes"
    target: str
    external: bool


class Package:
    """Parsed parts by name; missing parts are simply absent."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.repairs: list[tuple[str, str]] = []  # code and part, for the reader to tell
        self._relationships: dict[str, dict[str, Relationship]] = {}
        self.main = self._main_part()

    def xml(self, part: str) -> Element | None:
        """The root of `part`, or None when there is no such part. Raises AuthorFixable like `xml.parse`."""
        if part not in self.archive:
            return None
        data = self.archive.read(part)
        if b"purl.oclc.org/ooxml" in data[:4000]:
            for strict, usual in STRICT:
                data = data.replace(strict, usual)
        return xml.parse(data, part)

    def relationships(self, part: str) -> dict[str, Relationship]:
        """The relationships of `part` by id."""
        if part not in self._relationships:
            folder, name = posixpath.split(part)
            root = self.xml(posixpath.join(folder, "_rels", name + ".rels"))
            self._relationships[part] = {} if root is None else dict(_relationships(root, folder))
        return self._relationships[part]

    def related(self, part: str, kind: str) -> str:
        """The first part of `kind` that `part` points to, or ""; where the pointer is lost, the part's usual name."""
        lost = ""
        for relationship in self.relationships(part).values():
            if relationship.kind == kind and not relationship.external:
                if relationship.target in self.archive:
                    return relationship.target
                lost = lost or relationship.target
        usual = _USUAL.get(kind, "")
        if usual and usual in self.archive:
            self.repairs.append(("repaired.relationships", usual))
            return usual
        if lost:
            self.repairs.append(("repaired.part-missing", lost))
        return ""

    def _main_part(self) -> str:
        part = self.related("", "officeDocument")
        if not part:
            raise AuthorFixable("source.part-missing", part="word/document.xml")
        return part


def _relationships(root: Element, folder: str) -> list[tuple[str, Relationship]]:
    found = []
    for element in root.iter(_REL):
        external = element.get("TargetMode") == "External"
        target = str(element.get("Target", ""))
        if not external:
            target = posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
        kind = str(element.get("Type", "")).rsplit("/", 1)[-1]
        found.append((str(element.get("Id", "")), Relationship(kind, target, external)))
    return found

"""Write the EPUB package through EbookLib and add what EbookLib lacks.

EbookLib parses every chapter again, writes the current time, and cannot set `xml:lang` on the package. So the items
here hold finished bytes, and the writer packs them itself, in a fixed order with a fixed time.
"""

# EbookLib has no type hints, and this module extends its classes.
# mypy: disallow-untyped-calls=False

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ebooklib import epub
from lxml import etree

from ..book.model import Book
from ..support.reproducible_zip import FixedArchive

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


GENERATOR = "Octavo"
# The name of the mark that tells every content from every other (`PackageWriter._mark_content`).
CONTENT_MARK = "octavo:content"


@dataclass(frozen=True, slots=True)
class Document:
    """A finished XHTML file of the spine."""

    id: str
    path: str
    content: str
    has_math: bool = False
    rendition: tuple[str, ...] = ()  # properties of its place in the spine


@dataclass(frozen=True, slots=True)
class File:
    """A finished file outside the spine."""

    id: str
    path: str
    media_type: str
    content: bytes


class Package:
    """An EbookLib book that is filled in reading order."""

    def __init__(self, book: Book, language: str, identifier: str) -> None:
        self.book = epub.EpubBook()
        self.book.metadata[epub.NAMESPACES["OPF"]]["generator"] = [(None, {"name": "generator", "content": GENERATOR})]
        self.book.set_language(language)
        self.book.set_direction("rtl" if book.is_bound_right else "ltr")
        self.language = language
        self.direction = book.direction
        self.identifier = identifier
        self.contents_follow = 0  # how many items of the spine come before the contents

    def add_item(self, item: epub.EpubItem) -> None:
        """Add an item that is not in the spine."""
        self.book.add_item(item)

    def add_file(self, file: File) -> None:
        """Add a picture or a style sheet."""
        self.book.add_item(epub.EpubItem(file.id, file.path, file.media_type, file.content))

    def add_document(self, document: Document) -> None:
        """Add a file to the end of the spine."""
        item = _Text(document)
        self.book.add_item(item)
        self.book.spine.append(item)

    def add_navigation(self, nav: str, *, is_read: bool = True) -> None:
        """Add the navigation document; with `is_read` it is also in the spine, after the title page."""
        item = epub.EpubNav(uid="nav", file_name="nav.xhtml")
        item.content = nav.encode("utf-8", "replace")
        self.book.add_item(item)
        if is_read:
            self.book.spine.insert(self.contents_follow, item)

    def add_ncx(self, ncx: str) -> None:
        """Add the table of contents for EPUB 2 readers."""
        item = epub.EpubNcx()
        item.content = ncx.encode("utf-8", "replace")
        self.book.add_item(item)


class _Text(epub.EpubItem):
    """A file of the spine, with the properties EbookLib writes into the manifest."""

    def __init__(self, document: Document) -> None:
        content = document.content.encode("utf-8", "replace")
        super().__init__(document.id, document.path, "application/xhtml+xml", content)
        self.properties = ["mathml"] if document.has_math else []
        self.rendition = document.rendition


class PackageWriter(epub.EpubWriter):
    """Writes a package whose items are finished."""

    def __init__(self, package: Package, modified: datetime) -> None:
        super().__init__("", package.book, {"mtime": modified})
        self.package = package

    def write_to(self, out: Path) -> None:
        """Write the archive: the media type first and uncompressed, then everything in the order it was added."""
        self._mark_content()
        with FixedArchive(out) as self.out:
            self.out.writestr("mimetype", "application/epub+zip")
            self._write_container()
            self._write_opf()
            for item in self.book.get_items():
                self.out.writestr(f"{self.book.FOLDER_NAME}/{item.file_name}", item.content)

    def _mark_content(self) -> None:
        """Write a digest of all items into the package document, which stands at the beginning of the archive.

        KOReader knows a file by parts of its bytes alone: a letter corrected in a chapter is in none of them, and the
        place in the old text would be taken for one in the new (decision 149).
        """
        digest = hashlib.sha256()
        for item in self.book.get_items():
            content = item.content if isinstance(item.content, bytes) else item.content.encode()
            digest.update(f"{item.file_name}\0{len(content)}\0".encode())
            digest.update(content)
        self.book.add_metadata(None, "meta", "", {"name": CONTENT_MARK, "content": digest.hexdigest()[:32]})

    def _write_opf_file(self, root: etree._Element) -> None:
        root.set(_XML_LANG, self.package.language)
        if self.package.direction in ("ltr", "rtl"):
            root.set("dir", self.package.direction)
        super()._write_opf_file(root)

    def _write_opf_spine(self, root: etree._Element, ncx_id: str | None) -> None:
        super()._write_opf_spine(root, ncx_id)
        rendition = {item.get_id(): item.rendition for item in self.book.get_items() if isinstance(item, _Text)}
        for reference in root.iter("itemref"):
            if properties := rendition.get(reference.get("idref")):
                reference.set("properties", " ".join(properties))

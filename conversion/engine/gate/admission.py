"""The first stage: what is this file, by its content, and may it be opened at all?

The name decides only between the plain-text formats, which content cannot tell apart. Whatever is not
one of our formats is refused here with the reason, before any parser of documents sees it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Self

from ..errors import AuthorFixable
from . import controls, encoding, xml
from .archive import Archive, open_archive
from .damaged import could_be_a_book, entry_names

MAX_SOURCE_BYTES = 200 << 20
MAX_TEXT_BYTES = 30 << 20
MAX_OWN_BYTES = 100 << 20  # a file of ours has its pictures in it
_HEAD_BYTES = 4096
_PART_BYTES = 8 << 20  # of a part that only says what the file is


class SourceFormat(StrEnum):
    DOCX = "docx"
    ODT = "odt"
    RTF = "rtf"
    EPUB = "epub"
    HTML = "html"
    MARKDOWN = "markdown"
    MARKDOWN_ZIP = "markdown-zip"
    TXT = "txt"
    PDF = "pdf"
    CBZ = "cbz"  # a ZIP of page pictures
    OWN = "octavo-book"  # a Book as JSON: `book/canonical.py`


@dataclass(slots=True)
class Manuscript:
    """A file that passed the gate: a container has its `archive` open, a text its decoded `text`, a PDF and an
    RTF a `path`."""

    format: SourceFormat
    name: str
    archive: Archive | None = None
    text: str = ""
    codec: str = ""
    path: Path | None = None
    keep_design: bool = False  # asked of readers that can

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self.archive is not None:
            self.archive.__exit__(*exception)

    def container(self) -> Archive:
        """The archive of a format that has one."""
        if self.archive is None:
            raise AuthorFixable("source.zip-damaged", part="")
        return self.archive


# First bytes of what people upload by mistake or on purpose -> code and what to call it.
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"MZ", "source.not-a-manuscript", "program"),
    (b"\x7fELF", "source.not-a-manuscript", "program"),
    (b"\xcf\xfa\xed\xfe", "source.not-a-manuscript", "program"),
    (b"\xca\xfe\xba\xbe", "source.not-a-manuscript", "program"),
    (b"\x1f\x8b", "source.not-a-manuscript", "gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "source.not-a-manuscript", "7-Zip archive"),
    (b"Rar!\x1a\x07", "source.not-a-manuscript", "RAR archive"),
    (b"BZh", "source.not-a-manuscript", "bzip2 archive"),
    (b"\xfd7zXZ\x00", "source.not-a-manuscript", "xz archive"),
    (b"\x89PNG\r\n", "source.not-a-manuscript", "PNG picture"),
    (b"\xff\xd8\xff", "source.not-a-manuscript", "JPEG picture"),
    (b"GIF8", "source.not-a-manuscript", "GIF picture"),
    (b"%!PS", "source.type-unsupported", "PostScript"),
)
_RTF = b"{\\rtf"
_PDF = b"%PDF-"
_START_XREF = re.compile(rb"startxref\s+(\d{1,12})\s")
_TRAILER_BYTES = 4 << 20
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
_NOTES = frozenset({"xml", "txt", "csv", "json", "md", "nfo"})
_BESIDE_PICTURES = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
_MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd")
_MARKDOWN_LISTS = frozenset({"summary.md", "book.txt"})
_ABOUT_THE_FILES = frozenset({"readme", "license", "licence", "changelog", "contributing", "code_of_conduct", "notes"})
_BESIDE_MARKDOWN = frozenset(
    {"md", "markdown", "mdown", "mkd", "txt", "json", "toml", "yml", "yaml", "css", "bib", "svg"}
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACROS = b"macroEnabled"
_CONTENT_TYPES: tuple[tuple[bytes, str], ...] = (
    (b"spreadsheetml.sheet.main", "Excel workbook"),
    (b"presentationml.presentation.main", "PowerPoint presentation"),
)
_TEXT_FORMATS = {
    "md": SourceFormat.MARKDOWN,
    "markdown": SourceFormat.MARKDOWN,
    "mdown": SourceFormat.MARKDOWN,
    "mkd": SourceFormat.MARKDOWN,
    "txt": SourceFormat.TXT,
    "text": SourceFormat.TXT,
    "": SourceFormat.TXT,
    "html": SourceFormat.HTML,
    "htm": SourceFormat.HTML,
    "xhtml": SourceFormat.HTML,
}
_CONTAINER_EXTENSIONS = frozenset({"docx", "epub", "odt", "docm", "doc", "zip", "pdf", "rtf"})
_HTML_START = re.compile(
    r"\s*(<\?xml[^>]{0,200}\?>\s*)?(<!--.{0,2000}?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.I | re.S
)
_HTML_TAG = re.compile(r"<(p|h[1-6]|div|body|br|table)\b[^<>]{0,500}>", re.IGNORECASE)
_OWN_START = re.compile(rb'\s*\{\s*"octavo-book"\s*:')
_TEX = re.compile(r"\\(documentclass|documentstyle|begin\{document\}|usepackage|input\{|input )")


def identify(source: Path, name: str) -> SourceFormat:
    """The format of the file at `source`; `name` is the uploaded name.

    Raises AuthorFixable with a `source.…` code when the file is not one we can read.
    """
    with admit(source, name) as manuscript:
        return manuscript.format


def inspect(source: Path, name: str) -> SourceFormat:
    """The format, by what can be seen in a moment and without unpacking: for a look at the door, when a file is
    uploaded. Raises like `identify`, but knows nothing of damage inside."""
    with _admit(source, name, is_whole=False) as manuscript:
        if manuscript.format is SourceFormat.PDF and _is_locked_pdf(source):
            raise AuthorFixable("source.encrypted", part="")
        return manuscript.format


def admit(source: Path, name: str) -> Manuscript:
    """Open the file at `source` as a checked manuscript. Raises like `identify`; close it after use."""
    return _admit(source, name, is_whole=True)


def _admit(source: Path, name: str, *, is_whole: bool) -> Manuscript:
    size_bytes = source.stat().st_size
    if size_bytes == 0:
        raise AuthorFixable("source.empty")
    if size_bytes > MAX_SOURCE_BYTES:
        raise AuthorFixable("source.too-large", size_mb=size_bytes >> 20, limit_mb=MAX_SOURCE_BYTES >> 20)
    with source.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if head.startswith(b"PK\x03\x04"):
        return _admit_container(source, name, is_whole=is_whole)
    if head.startswith(_PDF):
        return _admit_pdf(source, name)
    if is_rtf(head):
        return Manuscript(SourceFormat.RTF, name, path=source)
    _refuse_known(source, head, name)
    is_own = _OWN_START.match(head) is not None
    limit = MAX_OWN_BYTES if is_own else MAX_TEXT_BYTES
    if size_bytes > limit:
        raise AuthorFixable("source.too-large", size_mb=size_bytes >> 20, limit_mb=limit >> 20)
    return _admit_own(source, name) if is_own else _admit_text(source, name)


def is_rtf(head: bytes) -> bool:
    """Whether a file that begins so is RTF, whatever its name."""
    return head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(_RTF)


def _extension(name: str) -> str:
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower().lstrip(".")
    return suffix if suffix.isalnum() and suffix.isascii() and len(suffix) <= 10 else ""


def _refuse_known(source: Path, head: bytes, name: str) -> None:
    if head.startswith(_OLE):
        data = source.read_bytes()[: 8 << 20]
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise AuthorFixable("source.encrypted", part="")
        raise AuthorFixable("source.type-legacy-office")
    if head.startswith((b"PK\x05\x06", b"PK\x01\x02", b"PK\x07\x08")):
        raise AuthorFixable("source.zip-damaged", part="")
    for signature, code, kind in _SIGNATURES:
        if head.startswith(signature) and (signature != b"MZ" or b"\0" in head):
            raise AuthorFixable(code, kind=kind, extension=_extension(name))
    if head[60:68] in (b"BOOKMOBI", b"TEXtREAd"):
        raise AuthorFixable("source.type-unsupported", kind="Kindle book", extension=_extension(name))


# ---------------------------------------------------------------- containers


def _admit_container(source: Path, name: str, *, is_whole: bool) -> Manuscript:
    archive = open_archive(source, verify=is_whole)
    try:
        found = _container_format(archive, name)
    except BaseException:
        archive.__exit__(None, None, None)
        raise
    return Manuscript(found, name, archive=archive)


def _container_format(archive: Archive, name: str) -> SourceFormat:
    mimetype = archive.head("mimetype", 200).strip() if "mimetype" in archive else b""
    is_office = "[Content_Types].xml" in archive
    is_epub = mimetype == b"application/epub+zip" or "META-INF/container.xml" in archive
    is_open_document = mimetype.startswith(b"application/vnd.oasis.opendocument.text")
    claims = [name for name, claimed in (("DOCX", is_office), ("EPUB", is_epub), ("ODT", is_open_document)) if claimed]
    if len(claims) > 1:
        raise AuthorFixable("source.two-formats", first=claims[0], second=claims[1])
    if is_office:
        return _office_format(archive)
    if is_epub:
        _refuse_locked_epub(archive)
        return SourceFormat.EPUB
    if is_open_document:
        manifest = archive.head("META-INF/manifest.xml", _PART_BYTES) if "META-INF/manifest.xml" in archive else b""
        if b"encryption-data" in manifest:
            raise AuthorFixable("source.encrypted", part="")
        return SourceFormat.ODT
    if _is_markdown_book(archive, _extension(name)):
        return SourceFormat.MARKDOWN_ZIP
    kind = "Pages document" if "Index/Document.iwa" in archive else "plain zip archive"
    if _is_set_of_pictures(archive, _extension(name)):
        return SourceFormat.CBZ
    damaged = int(could_be_a_book(archive.names))
    raise AuthorFixable("source.not-a-manuscript", kind=kind, extension=_extension(name), damaged=damaged)


def _office_format(archive: Archive) -> SourceFormat:
    types = archive.head("[Content_Types].xml", _PART_BYTES)
    if _MACROS in types:
        raise AuthorFixable("source.macros")
    for marker, kind in _CONTENT_TYPES:
        if marker in types:
            raise AuthorFixable("source.type-unsupported", kind=kind, extension="")
    return SourceFormat.DOCX


def _refuse_locked_epub(archive: Archive) -> None:
    """Obfuscated fonts are harmless; any other encrypted resource means digital rights management."""
    if "META-INF/encryption.xml" not in archive:
        return
    root = xml.parse(archive.head("META-INF/encryption.xml", _PART_BYTES), "META-INF/encryption.xml")
    for method in root.iter("{http://www.w3.org/2001/04/xmlenc#}EncryptionMethod"):
        parent = method.getparent()
        inside_key = parent is not None and str(parent.tag).endswith("}EncryptedKey")
        algorithm = str(method.get("Algorithm", ""))
        if inside_key or algorithm not in (
            "http://www.idpf.org/2008/embedding",
            "http://ns.adobe.com/pdf/enc#RC",
        ):
            raise AuthorFixable("source.encrypted", part="")


def markdown_list(names: Iterable[str]) -> str:
    """The file that lists the others: SUMMARY.md or Book.txt, the one nearest to the top; "" without one."""
    lists = [name for name in names if PurePosixPath(name).name.lower() in _MARKDOWN_LISTS and not _is_hidden(name)]
    return min(lists, key=lambda name: (name.count("/"), name), default="")


def is_markdown_text(name: str) -> bool:
    """Whether an entry may be a chapter, by its name: not a read-me, a licence or the like."""
    path = PurePosixPath(name.lower())
    return path.suffix in _MARKDOWN_SUFFIXES and path.stem not in _ABOUT_THE_FILES and not _is_hidden(name)


def _is_markdown_book(archive: Archive, extension: str) -> bool:
    """Whether an archive holds a book in Markdown: chapters with a list of them, or nothing but chapters and what
    belongs to them."""
    chapters = [name for name in archive.names if is_markdown_text(name)]
    if extension not in ("zip", "textpack", "") or not chapters:
        return False
    return bool(markdown_list(archive.names)) or all(
        _is_hidden(name) or _extension(name) in _BESIDE_MARKDOWN or _is_picture(archive.head(name, 16))
        for name in archive.names
    )


def _is_set_of_pictures(archive: Archive, extension: str) -> bool:
    """Whether pages are what the archive holds: a CBZ may hold other things beside them, a plain ZIP only notes."""
    if extension not in ("cbz", "zip", ""):
        return False
    pictures = set(page_pictures(archive))
    others = [name for name in archive.names if name not in pictures and not _is_hidden(name)]
    return bool(pictures) and (extension == "cbz" or all(_extension(name) in _NOTES for name in others))


def page_pictures(archive: Archive) -> list[str]:
    """The names of an archive's page pictures, by their content; what systems leave beside them is passed over."""
    return [name for name in archive.names if not _is_hidden(name) and _is_picture(archive.head(name, 16))]


def _is_hidden(name: str) -> bool:
    parts = name.split("/")
    return any(part.startswith((".", "__")) for part in parts) or parts[-1].lower() in _BESIDE_PICTURES


def _is_picture(head: bytes) -> bool:
    if head.startswith(_PICTURES):
        return True
    is_webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    return is_webp or (head[4:8] == b"ftyp" and head[8:12] in (b"avif", b"avis"))


# ---------------------------------------------------------------- PDF


def _admit_pdf(source: Path, name: str) -> Manuscript:
    """A PDF is opened only by its reader, in a process of its own. One that calls itself something else is refused:
    two programs would see two books."""
    extension = _extension(name)
    if extension not in ("pdf", ""):
        raise AuthorFixable("source.type-mismatch", extension=extension)
    return Manuscript(SourceFormat.PDF, name, path=source)


def _is_locked_pdf(source: Path) -> bool:
    """Whether the trailer that the end of the file points to names an encryption."""
    with source.open("rb") as stream:
        stream.seek(max(0, stream.seek(0, os.SEEK_END) - _HEAD_BYTES))
        found = _START_XREF.findall(stream.read())
        if not found:
            return False
        stream.seek(int(found[-1]))
        trailer = stream.read(_TRAILER_BYTES)
    if trailer.startswith(b"xref"):  # a table of plain text, with the trailer after it
        trailer = trailer.partition(b"trailer")[2]
    return b"/Encrypt" in re.split(rb"stream|startxref", trailer, maxsplit=1)[0]


# ---------------------------------------------------------------- texts


def _admit_own(source: Path, name: str) -> Manuscript:
    """A file of ours calls itself JSON: one that calls itself something else is refused, as other programs would see
    another text."""
    extension = _extension(name)
    if extension not in ("json", ""):
        raise AuthorFixable("source.type-mismatch", extension=extension, damaged=0)
    try:
        text = source.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise AuthorFixable("source.own-malformed", place="UTF-8") from None
    return Manuscript(SourceFormat.OWN, name, text=text, codec="utf-8")


def _admit_text(source: Path, name: str) -> Manuscript:
    data = source.read_bytes()
    extension = _extension(name)
    if extension in _CONTAINER_EXTENSIONS:
        damaged = int(could_be_a_book(entry_names(data)))
        raise AuthorFixable("source.type-mismatch", extension=extension, damaged=damaged)
    if extension not in _TEXT_FORMATS and not _HTML_START.match(data[:_HEAD_BYTES].decode("latin-1")):
        raise AuthorFixable("source.type-unsupported", kind=(extension or "unknown").upper(), extension=extension)
    text, codec = encoding.decode(data, is_markup=_TEXT_FORMATS.get(extension) is SourceFormat.HTML)
    text = controls.without(text)
    if not text.strip().strip("\ufeff\u200b"):
        raise AuthorFixable("source.no-text")
    found = _text_format(text, extension)
    if found is SourceFormat.HTML:
        text = controls.without_references(text)
    return Manuscript(found, name, text=text, codec=codec)


def _text_format(text: str, extension: str) -> SourceFormat:
    head = text[:_HEAD_BYTES]
    found = _TEXT_FORMATS.get(extension, SourceFormat.HTML)
    if found is SourceFormat.MARKDOWN:
        return found
    if _HTML_START.match(head):
        return SourceFormat.HTML
    if found is SourceFormat.HTML:
        return found if _HTML_TAG.search(text[: 1 << 20]) else SourceFormat.TXT
    if _TEX.search(head):
        raise AuthorFixable("source.type-unsupported", kind="LaTeX", extension=extension)
    return SourceFormat.TXT

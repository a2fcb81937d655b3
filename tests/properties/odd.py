"""A book with odd characters in its fields: what is typed, and what must have become of it in every file."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Iterator
from html import escape
from pathlib import Path
from xml.etree import ElementTree

import pypdfium2 as pdfium

from conversion.engine.book.model import Contributor
from conversion.engine.contract import AuthorDetails, ConversionRequest, ConversionResult
from conversion.engine.pipeline import convert
from tests.conversion.readers.build import picture

MARKUP = {"quote": '"', "apostrophe": "'", "less": "<", "greater": ">", "ampersand": "&", "entity": "&lt;&quot;&#34;"}
MARKUP |= {"tag": '<b class="x">', "comment": "<!-- -->", "cdata": "]]>", "brace": "{{ x }} {% y %} %s %(z)s {0}"}
MARKUP |= {"backslash": "\\", "percent": "%20", "dollar": "$1", "pdf": "(a) ) \\( %", "typographic": "“’—…"}
HIDDEN = {
    "override": "\u202e",
    "isolate": "\u2067",
    "nul": "\x00",
    "bell": "\x07",
    "escape": "\x1b",
    "next-line": "\x85",
}
HIDDEN |= {"separator": "\u2028", "mark": "\ufeff", "non-character": "\uffff", "delete": "\x7f", "zero-width": "\u200b"}
ODD = MARKUP | HIDDEN
DETAILS = ("title", "subtitle", "author", "editor", "description", "publisher", "rights", "subjects", "language")
INSIDE = ("heading", "text", "alt", "note", "cell", "code", "link", "verse", "caption")
FIELDS = (*DETAILS, *INSIDE)
FORMATS = ("web", "sample", "cover", "epub", "pdf", "print-cover", "proof", "kepub", "kindle", "text", "markdown")
TARGETS = ("phone", "print")
_FAILED = ("pdf.not-made", "pdf.plain", "pdf.fallback", "artifact.not-made", "epub.words-lost")
_PICTURE = f"data:image/png;base64,{base64.b64encode(picture()).decode()}"
_PROSE = "The keeper counted the boats that had not come home, and there were many of them. " * 4


def said(field: str, character: str) -> str:
    """What stands in a field: a word of its own on both sides of the odd character."""
    return f"{field.capitalize()}a {character} omega"


def made(folder: Path, character: str, fields: tuple[str, ...], formats: tuple[str, ...] = FORMATS) -> ConversionResult:
    """Convert a book with the character in these fields; the others are plain."""

    def value(field: str) -> str:
        return said(field, character if field in fields else "and")

    source, out = folder / "book.html", folder / "out"
    source.write_text(_manuscript(lambda field: escape(value(field))), encoding="utf-8")
    out.mkdir()
    about = AuthorDetails(
        title=value("title"),
        subtitle=value("subtitle"),
        contributors=(Contributor(value("author")), Contributor(value("editor"), "edt")),
        language=f"en{character}" if "language" in fields else "en",
        description=value("description"),
        publisher=value("publisher"),
        rights=value("rights"),
        subjects=(value("subjects"),),
    )
    request = ConversionRequest(source, source.name, out, formats, TARGETS, about)
    return convert(request, lambda progress: None)


def _manuscript(value) -> str:  # type: ignore[no-untyped-def]
    return (
        f"<html><body><h1>{value('heading')}</h1><p>{value('text')} {_PROSE}</p>"
        f'<figure><img src="{_PICTURE}" alt="{value("alt")}"><figcaption>{value("caption")}</figcaption></figure>'
        f'<p><a href="https://example.org/?a=1&amp;b=2">{value("link")}</a><a epub:type="noteref" href="#n">1</a></p>'
        f"<table><tr><th>{value('cell')}</th><th>Salt</th></tr><tr><td>May</td><td>12</td></tr></table>"
        f"<pre><code>{value('code')}</code></pre>"
        f'<div class="poem"><p>{value("verse")}<br>and a second line</p></div>'
        f'<aside epub:type="footnote" id="n"><p>{value("note")}</p></aside>'
        f"<h1>Second</h1><p>{_PROSE}</p></body></html>"
    )


def faults(folder: Path, result: ConversionResult, character: str, fields: tuple[str, ...]) -> Iterator[str]:
    """What is wrong with the files of a book."""
    out = folder / "out"
    yield from (f"{one.code} {one.facts}" for one in result.findings if one.code in _FAILED)
    for file in result.artifacts:
        if file.path.endswith((".epub", ".zip")):
            yield from _faults_of_archive(out / file.path)
    epub = " ".join(_texts(out / "book.epub"))
    shown = character if character in MARKUP.values() else ""
    for field in fields:
        if field != "language" and not _stands_in(epub, field, shown):
            yield f"EPUB: {field} is not there"
    for name in ("book.txt", *(f"book-{target}.pdf" for target in TARGETS)):
        if (out / name).is_file():
            text = _pdf_text(out / name) if name.endswith(".pdf") else (out / name).read_text(encoding="utf-8")
            for field in ("title", "heading"):
                if not _stands_in(text, field, shown if field in fields else "and"):
                    yield f"{name}: {field} is not there"


def _stands_in(text: str, field: str, shown: str) -> bool:
    """The field's words with the character between them; one that nobody sees may be gone."""
    text = _folded(text)
    if shown:
        return _folded(said(field, shown)) in text
    return f"{field}a" in text


def _folded(text: str) -> str:
    """Without case, spaces, and the curls and hyphens of typesetting."""
    return "".join(text.casefold().replace("\u00ad", "").split())


def _faults_of_archive(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            try:
                if name.endswith((".xhtml", ".opf", ".ncx", ".xml", ".svg")):
                    ElementTree.fromstring(data)  # made by us
                elif name.endswith(".json"):
                    json.loads(data)
            except (ElementTree.ParseError, ValueError) as error:
                yield f"{path.name}: {name}: {error}"


def _texts(epub: Path) -> Iterator[str]:
    """All texts and attributes of an EPUB."""
    with zipfile.ZipFile(epub) as archive:
        for name in archive.namelist():
            if name.endswith((".xhtml", ".opf")):
                root = ElementTree.parse(io.BytesIO(archive.read(name))).getroot()  # made by us
                yield "".join(root.itertext())
                yield " ".join(value for element in root.iter() for value in element.attrib.values())


def _pdf_text(path: Path) -> str:
    with pdfium.PdfDocument(path) as document:
        return " ".join(page.get_textpage().get_text_range() for page in document)

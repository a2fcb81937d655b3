"""Small manuscripts for tests of everything behind the readers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def docx(chapters: Iterable[tuple[str, Iterable[str]]]) -> bytes:
    """A DOCX of chapters, each a title in the style Heading 1 and paragraphs."""
    body = "".join(
        _paragraph(title, "Heading1") + "".join(_paragraph(text) for text in paragraphs)
        for title, paragraphs in chapters
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>')
    return out.getvalue()


def _paragraph(text: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def short_book(folder: Path, name: str = "salt.docx") -> Path:
    """Three chapters of plain English in a file."""
    text = "The lighthouse stood where the road ended, and the road ended where the salt began. " * 6
    path = folder / name
    lights = ("lantern", "beacon", "candle")
    other = [text.replace("lighthouse", light) for light in lights]
    path.write_bytes(docx([(f"Chapter {n}", [f"{text}{n}", other[n - 1]]) for n in (1, 2, 3)]))
    return path

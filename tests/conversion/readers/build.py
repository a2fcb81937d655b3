"""Small sources built in memory, and short ways to look into what a reader made of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

from PIL import Image

from conversion.engine.book.model import Book, ReaderResult
from conversion.engine.readers import read_source

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def picture() -> bytes:
    """A PNG of two by two pixels."""
    out = io.BytesIO()
    Image.new("RGB", (2, 2), (200, 30, 30)).save(out, "PNG")
    return out.getvalue()


def zipped(path: Path, parts: dict[str, bytes | str]) -> Path:
    """A zip file of `parts`, in order."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as container:
        for name, data in parts.items():
            container.writestr(name, data)
    return path


def docx(
    path: Path,
    body: str,
    *,
    styles: str = "",
    numbering: str = "",
    footnotes: str = "",
    endnotes: str = "",
    relationships: str = "",
    core: str = "",
    parts: dict[str, bytes | str] | None = None,
) -> Path:
    """A DOCX around the contents of `w:body` and of the other parts."""
    related = relationships
    contents: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Override PartName="/word/document.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>",
    }
    for kind, xml in (("styles", styles), ("numbering", numbering), ("footnotes", footnotes), ("endnotes", endnotes)):
        if xml:
            contents[f"word/{kind}.xml"] = f"<w:{kind} {_NAMESPACES}>{xml}</w:{kind}>"
            related += f'<Relationship Id="k-{kind}" Type="{_OFFICE}/{kind}" Target="{kind}.xml"/>'
    contents["word/_rels/document.xml.rels"] = (
        f'<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>'
    )
    if core:
        contents["docProps/core.xml"] = (
            f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/">{core}</cp:coreProperties>'
        )
    return zipped(path, contents | (parts or {}))


def relationship(identifier: str, kind: str, target: str, *, external: bool = False) -> str:
    """One relationship of the main part."""
    mode = ' TargetMode="External"' if external else ""
    return f'<Relationship Id="{identifier}" Type="{_OFFICE}/{kind}" Target="{target}"{mode}/>'


def p(text: str = "", style: str = "", props: str = "", runs: str = "") -> str:
    """A `w:p` of plain text or of given runs."""
    mark = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{mark}{props}</w:pPr>{run(text) if text else ''}{runs}</w:p>"


def run(text: str, props: str = "") -> str:
    """A `w:r`."""
    return f'<w:r><w:rPr>{props}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def style(identifier: str, name: str, *, based: str = "", kind: str = "paragraph", rpr: str = "", ppr: str = "") -> str:
    """A `w:style`."""
    base = f'<w:basedOn w:val="{based}"/>' if based else ""
    return (
        f'<w:style w:type="{kind}" w:styleId="{identifier}"><w:name w:val="{name}"/>{base}'
        f"<w:pPr>{ppr}</w:pPr><w:rPr>{rpr}</w:rPr></w:style>"
    )


HEADINGS = style("Heading1", "heading 1") + style("Heading2", "heading 2") + style("Title", "Title")


def epub(
    path: Path,
    pages: dict[str, str],
    *,
    nav: str = "",
    metadata: str = "<dc:title>Tales</dc:title><dc:language>en</dc:language>",
    items: str = "",
    spine: str = "",
    parts: dict[str, bytes | str] | None = None,
) -> Path:
    """An EPUB whose spine holds `pages` (file name -> contents of body, or a whole document)."""
    manifest = "".join(
        f'<item id="i{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(pages)
    )
    refs = spine or "".join(f'<itemref idref="i{n}"/>' for n, _ in enumerate(pages))
    if nav:
        manifest += '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
    contents: dict[str, bytes | str] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">'
        '<rootfiles><rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles>'
        "</container>",
        "OPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/">{metadata}</metadata><manifest>{manifest}{items}</manifest>'
        f"<spine>{refs}</spine></package>",
    }
    for name, body in pages.items():
        contents[f"OPS/{name}"] = body if body.startswith("<?xml") else xhtml(body)
    if nav:
        contents["OPS/nav.xhtml"] = xhtml(f'<nav epub:type="toc"><ol>{nav}</ol></nav>')
    return zipped(path, contents | (parts or {}))


def xhtml(body: str, head: str = "") -> str:
    """A whole XHTML document; `body` may bring its own body element."""
    inner = body if body.startswith("<body") else f"<body>{body}</body>"
    return (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title>Page</title>{head}</head>{inner}</html>'
    )


def read(path: Path) -> ReaderResult:
    """The reading of a source."""
    return read_source(path, path.name)[1]


def written(folder: Path, name: str, text: str | bytes) -> ReaderResult:
    """The reading of a text file with these contents."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read(path)


def nodes[T](book: object, kind: type[T]) -> list[T]:
    """All nodes of one class inside a book, a block or a list, in reading order."""
    return [node for node in _walk(book) if isinstance(node, kind)]


def _walk(value: object) -> Iterator[object]:
    if isinstance(value, list | tuple):
        for item in value:
            yield from _walk(item)
    elif isinstance(value, dict):
        yield from _walk(list(value.values()))
    elif is_dataclass(value) and not isinstance(value, type):
        yield value
        for field in fields(value):
            yield from _walk(getattr(value, field.name))


def codes(reading: ReaderResult) -> list[str]:
    """The codes of all findings."""
    return [finding.code for finding in reading.findings]


def titles(book: Book) -> list[str]:
    """The titles of the chapters."""
    return [chapter.title for chapter in book.chapters]

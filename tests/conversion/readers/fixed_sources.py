"""Small sources of fixed layout, drawn by code: a comic as CBZ, a PDF, a fixed-layout EPUB, and a Book of pages."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image, ImageDraw

from conversion.engine.book.model import Book, Chapter, Contributor, Metadata, TocEntry
from conversion.engine.book.page import Page, PageText
from conversion.engine.book.page_text import running_text
from conversion.engine.images.reencode import raster_asset
from conversion.engine.readers.assembly.fixed_pages import give_sides

MODIFIED = "2020-01-01T00:00:00Z"


def drawing(number: int, size: tuple[int, int] = (600, 800)) -> Image.Image:
    """A page: a sky, a sun and the page's number."""
    image = Image.new("RGB", size, (200, 220 - 5 * (number % 20), 240))
    pen = ImageDraw.Draw(image)
    pen.ellipse((size[0] // 2, 60, size[0] // 2 + 160, 220), fill=(250, 220, 120))
    pen.rectangle((0, size[1] - 120, size[0], size[1]), fill=(60, 110, 70))
    pen.text((60, 120), f"{number}", fill=(30, 30, 60), font_size=90)
    return image


def picture(number: int = 1, fmt: str = "JPEG", size: tuple[int, int] = (600, 800)) -> bytes:
    """A drawing as a file."""
    out = io.BytesIO()
    drawing(number, size).save(out, fmt)
    return out.getvalue()


def archive(files: Mapping[str, bytes | str]) -> bytes:
    """A ZIP of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def comic(pages: int = 3, **beside: str) -> dict[str, bytes | str]:
    """The files of a comic: pictures 1.jpg, 2.jpg … and what is given by name, "_" standing for "."."""
    files: dict[str, bytes | str] = {f"{n}.jpg": picture(n) for n in range(1, pages + 1)}
    return files | {name.replace("_", "."): text for name, text in beside.items()}


def pdf(texts: Sequence[str] = ("One small lamp.",), *, size: tuple[float, float] = (300, 400)) -> Pdf:
    """A PDF with a page for each text, lines parted by line ends, in the standard Helvetica."""
    made = Pdf.new()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    for text in texts:
        made.add_blank_page(page_size=size)
        lines = " ".join(f"({line}) Tj 0 -24 Td" for line in text.split("\n"))
        page = made.pages[-1].obj
        page.Resources = Dictionary(Font=Dictionary(F=font))
        page.Contents = Stream(made, f"BT /F 18 Tf 40 {size[1] - 60} Td {lines} ET".encode())
    return made


def saved(made: Pdf, path: Path, **options: object) -> Path:
    """Write a PDF to a path."""
    made.save(path, **options)
    return path


def acting_pdf() -> Pdf:
    """A PDF that would do everything a book must not."""
    made = pdf()
    page = made.pages[0].obj
    script = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    made.Root.OpenAction = script
    made.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([pikepdf.String("start"), script])))
    made.attachments["tool.exe"] = b"MZ program"
    made.Root.AcroForm = made.make_indirect(Dictionary(Fields=Array(), XFA=Stream(made, b"<xdp/>")))
    page.AA = Dictionary(O=Dictionary(S=Name.Launch, F=pikepdf.String("calc.exe")))
    links = [("file:///etc/passwd", "Link"), ("https://example.org/", "Link"), ("", "FileAttachment")]
    page.Annots = Array(
        [
            made.make_indirect(
                Dictionary(
                    Type=Name.Annot,
                    Subtype=Name(f"/{kind}"),
                    Rect=Array([0, 0, 50, 50]),
                    A=Dictionary(S=Name.URI, URI=pikepdf.String(address)),
                )
            )
            for address, kind in links
        ]
    )
    return made


_XHTML = (
    '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" xml:lang="en"><head>'
    '<title>page</title><meta name="viewport" content="width=600, height=800"/>'
    '<link rel="stylesheet" href="css/s.css"/></head><body>{body}</body></html>'
)
_NAV = (
    '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>n</title></head>'
    '<body><nav epub:type="toc"><ol><li><a href="p1.xhtml">Face</a></li><li><a href="p2.xhtml">Story</a></li></ol>'
    "</nav>"
    '<nav epub:type="page-list"><ol><li><a href="p1.xhtml">i</a></li><li><a href="p2.xhtml">1</a></li></ol></nav>'
    "</body></html>"
)
_METAS = '<meta property="rendition:layout">pre-paginated</meta>'


def fixed_epub(
    bodies: Sequence[str],
    *,
    css: str = "",
    metas: str = _METAS,
    spine: Sequence[str] = (),
    progression: str = "ltr",
    files: Mapping[str, bytes | str] | None = None,
) -> bytes:
    """A fixed-layout EPUB with a document for each body (600 x 800), pictures img/1.jpg to img/3.jpg, and more files.

    `spine` gives the properties of each place in the spine.
    """
    names = [f"p{number}" for number in range(1, len(bodies) + 1)]
    properties = [*spine, *("" for _ in names)]
    manifest = "".join(f'<item id="{n}" href="{n}.xhtml" media-type="application/xhtml+xml"/>' for n in names)
    places = "".join(f'<itemref idref="{n}" properties="{p}"/>' for n, p in zip(names, properties, strict=False))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="u">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The Moon</dc:title>'
        "<dc:language>en</dc:language><dc:creator>Ann Lee</dc:creator>"
        f'<dc:identifier id="u">urn:x:1</dc:identifier>{metas}</metadata><manifest>'
        f'{manifest}<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/></manifest>'
        f'<spine page-progression-direction="{progression}">{places}</spine></package>'
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
        '<rootfile full-path="OPS/p.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    content: dict[str, bytes | str] = {"mimetype": "application/epub+zip", "META-INF/container.xml": container}
    content |= {"OPS/p.opf": package, "OPS/nav.xhtml": _NAV, "OPS/css/s.css": css}
    content |= {f"OPS/img/{n}.jpg": picture(n) for n in (1, 2, 3)}
    content |= {f"OPS/{name}.xhtml": _XHTML.format(body=body) for name, body in zip(names, bodies, strict=True)}
    return archive(content | dict(files or {}))


def page_book(pages: int = 6, *, direction: str = "ltr", alt: str = "A sun over a field.") -> Book:
    """A Book of pages in two chapters; each page has two lines of words."""
    assets = [raster_asset(drawing(n), f"{n}.jpg", lossy=True) for n in range(1, pages + 1)]
    made = []
    for number, asset in enumerate(assets, 1):
        lines = [PageText("The sun went up,", 60, 300, 300, 40), PageText("and nobody saw.", 60, 345, 280, 40)]
        made.append(Page(f"p-{number}", asset.sha256, 600, 800, lines, alt=alt, label=str(number)))
    give_sides(made, rtl=direction == "rtl", is_single=False)
    parts = [made[: pages // 2], made[pages // 2 :]]
    chapters = [
        Chapter(f"c-{n}", title, running_text(part), pages=part)
        for n, (title, part) in enumerate(zip(("Morning", "Evening"), parts, strict=True), 1)
    ]
    about = Metadata("The Sun", contributors=[Contributor("Ann Lee")], language="en")
    about.identifier = "urn:uuid:6f7c1f5e-2f0b-5b0c-9a53-0c7a1d0c7a10"
    toc = [TocEntry(chapter.title, chapter.id) for chapter in chapters]
    book = Book(about, chapters, toc, assets={asset.sha256: asset for asset in assets}, direction=direction)
    book.cover = assets[0].sha256
    return book

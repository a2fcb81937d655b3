"""Books broken in one way each: a whole EPUB and a whole DOCX, and functions that damage them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

from PIL import Image

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SENTENCE = "The harbour was quiet and the boats lay still in the grey light of that long morning."
CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
OPF = (
    '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
    '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
    '<dc:identifier id="id">urn:isbn:9783161484100</dc:identifier>'
    "<dc:title>The Harbour</dc:title><dc:language>en</dc:language><dc:creator>Ines Marlow</dc:creator>"
    "<dc:date>2020-05-01</dc:date></metadata><manifest>"
    '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    '<item id="one" href="one.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="two" href="two.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="dot" href="dot.png" media-type="image/png"/></manifest>'
    '<spine><itemref idref="one"/><itemref idref="two"/></spine></package>'
)
NAV = (
    '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>Contents</title>'
    '</head><body><nav epub:type="toc"><ol><li><a href="one.xhtml">One</a></li><li><a href="two.xhtml">Two</a></li>'
    "</ol></nav></body></html>"
)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (2, 2), (200, 30, 30)).save(out, "PNG")
    return out.getvalue()


def page(title: str, inside: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head>'
        f"<title>{title}</title></head><body><h1>{title}</h1><p>{SENTENCE}</p>{inside}<p>{SENTENCE}</p></body></html>"
    )


def epub_parts() -> dict[str, bytes]:
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OPS/book.opf": OPF,
        "OPS/nav.xhtml": NAV,
        "OPS/one.xhtml": page("One", '<p><img src="dot.png" alt="a red dot"/></p>'),
        "OPS/two.xhtml": page("Two", '<p><a href="one.xhtml">Back</a></p>'),
    }
    return {name: text.encode() for name, text in parts.items()} | {"OPS/dot.png": picture()}


def docx_parts() -> dict[str, bytes]:
    relations = "".join(
        f'<Relationship Id="{kind}" Type="{OFFICE}/{kind}" Target="{kind}.xml"/>'
        for kind in ("styles", "numbering", "footnotes")
    )
    style = '<w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 1"/></w:style>'
    paragraph = f"<w:p><w:r><w:t>{SENTENCE}</w:t></w:r></w:p>"
    heading = '<w:p><w:pPr><w:pStyle w:val="H"/></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'
    mark = '<w:p><w:r><w:t>Noted</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    number = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    numbered = f"<w:p>{number}<w:r><w:t>First</w:t></w:r></w:p>"
    body = heading.format("One") + paragraph + mark + numbered + heading.format("Two") + paragraph * 2
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Override PartName="/word/document.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r" '
        f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>',
        "word/styles.xml": f'<w:styles xmlns:w="{W}">{style}</w:styles>',
        "word/numbering.xml": f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
        '<w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>',
        "word/footnotes.xml": f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="2">{paragraph}</w:footnote></w:footnotes>',
    }
    return {name: text.encode() for name, text in parts.items()}


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return out.getvalue()


# ---------------------------------------------------------------- damage to content


def changed(name: str, old: str, new: str) -> Callable[[dict[str, bytes]], bytes]:
    """Replace words in one part."""

    def damage(parts: dict[str, bytes]) -> bytes:
        assert old.encode() in parts[name]
        return packed(parts | {name: parts[name].replace(old.encode(), new.encode())})

    return damage


def without(*names: str) -> Callable[[dict[str, bytes]], bytes]:
    return lambda parts: packed({name: data for name, data in parts.items() if name not in names})


def renamed(old: str, new: str) -> Callable[[dict[str, bytes]], bytes]:
    return lambda parts: packed({new if name == old else name: data for name, data in parts.items()})


def in_latin_1(parts: dict[str, bytes]) -> bytes:
    text = parts["OPS/one.xhtml"].decode().replace("The harbour", "Le café à la française, où la fenêtre")
    return packed(parts | {"OPS/one.xhtml": text.encode("latin-1")})


# ---------------------------------------------------------------- damage to the container


def cut_off(parts: dict[str, bytes]) -> bytes:
    """The directory and a part of the last entry are gone."""
    data = packed(parts)
    return data[: data.rindex(b"PK\x03\x04") + 60]


def without_directory(parts: dict[str, bytes]) -> bytes:
    data = packed(parts)
    return data[: data.index(b"PK\x01\x02")]


def cut_in_text(parts: dict[str, bytes]) -> bytes:
    """Breaks off in the middle of the last page, which is stored unpacked."""
    last = "OPS/two.xhtml" if "OPS/two.xhtml" in parts else "word/document.xml"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in {**{n: d for n, d in parts.items() if n != last}, last: parts[last]}.items():
            archive.writestr(name, data)
    data = out.getvalue()
    start = data.index(parts[last])
    return data[: start + len(parts[last]) * 3 // 4]


def wrong_checksum(name: str) -> Callable[[dict[str, bytes]], bytes]:
    """One entry's data is not what its checksum says."""

    def damage(parts: dict[str, bytes]) -> bytes:
        data = bytearray(packed(parts))
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            info = archive.getinfo(name)
        struct.pack_into("<I", data, info.header_offset + 14, 12345)
        central = data.index(b"PK\x01\x02")
        while data[central + 46 : central + 46 + len(name)] != name.encode():
            central = data.index(b"PK\x01\x02", central + 4)
        struct.pack_into("<I", data, central + 16, 12345)
        return bytes(data)

    return damage


def twice(name: str) -> Callable[[dict[str, bytes]], bytes]:
    """One entry is there twice; the first is nonsense."""

    def damage(parts: dict[str, bytes]) -> bytes:
        other = name[:-1] + "#"
        before = {other: b"<html><body><p>Old words.</p></body></html>"} | parts
        return packed(before).replace(other.encode(), name.encode())

    return damage


def with_backslashes(parts: dict[str, bytes]) -> bytes:
    data = packed(parts)
    for name in parts:
        data = data.replace(name.encode(), name.replace("/", "\\").encode())
    return data


def after_junk(parts: dict[str, bytes]) -> bytes:
    return b"HTTP/1.1 200 OK\r\n\r\n" + packed(parts)


def between_junk(parts: dict[str, bytes]) -> bytes:
    data = packed(parts)
    second = data.index(b"PK\x03\x04", 4)
    return data[:second] + b"\0" * 64 + data[second:]


def outside(parts: dict[str, bytes]) -> bytes:
    return packed(parts | {"../../evil.xhtml": b"<p>x</p>"})


def linked(parts: dict[str, bytes]) -> bytes:
    """One more entry, which is a symbolic link."""
    out = io.BytesIO(packed(parts))
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo("OPS/three.xhtml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, b"one.xhtml")
    return out.getvalue()


def mimetype_last(parts: dict[str, bytes]) -> bytes:
    return packed({name: parts[name] for name in [*list(parts)[1:], "mimetype"]})

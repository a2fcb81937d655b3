"""Every kind of picture, in a DOCX and in an EPUB: out comes JPEG, PNG or rebuilt SVG, upright, in RGB, whole."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image, ImageCms

from conversion.engine.contract import ConversionRequest
from conversion.engine.pipeline import convert
from tests.conversion.readers.build import docx, epub, p, relationship

WIDTH, HEIGHT = 640, 480
_COLOURS = {"red": (200, 30, 30), "green": (30, 160, 40), "blue": (30, 40, 200), "yellow": (230, 210, 40)}
_ALT = "Four fields"


def _fields(mode: str = "RGB") -> Image.Image:
    """Red and green above, blue and yellow below: turned or mirrored, it would show."""
    image = Image.new("RGB", (WIDTH, HEIGHT))
    for (x, y), colour in zip(((0, 0), (1, 0), (0, 1), (1, 1)), _COLOURS.values(), strict=True):
        image.paste(colour, (x * WIDTH // 2, y * HEIGHT // 2, (x + 1) * WIDTH // 2, (y + 1) * HEIGHT // 2))
    return image.convert(mode)


def _encoded(image: Image.Image, fmt: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, fmt, **options)
    return out.getvalue()


def _turned_jpeg() -> bytes:
    """Stored lying on its side, with the note in its EXIF that tells how to hold it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return _encoded(_fields().transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif, quality=95)


def _clear(fmt: str) -> bytes:
    """The fields with a hole in the middle that lets the page show through."""
    image = _fields("RGBA")
    image.paste((0, 0, 0, 0), (WIDTH // 2 - 40, HEIGHT // 2 - 40, WIDTH // 2 + 40, HEIGHT // 2 + 40))
    return _encoded(image, fmt, **({"lossless": True} if fmt == "WEBP" else {}))


def _png_of_16_bits() -> bytes:
    """Pillow writes 16 bits for greys only, so this is put together by hand."""
    pixels = _fields().tobytes()
    rows = b"".join(
        b"\0" + b"".join(bytes((value, value)) for value in pixels[y * WIDTH * 3 : (y + 1) * WIDTH * 3])
        for y in range(HEIGHT)
    )

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 16, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def _svg() -> bytes:
    half, low = WIDTH // 2, HEIGHT // 2
    fields = "".join(
        f'<rect x="{x * half}" y="{y * low}" width="{half}" height="{low}" fill="rgb{colour}"/>'
        for (x, y), colour in zip(((0, 0), (1, 0), (0, 1), (1, 1)), _COLOURS.values(), strict=True)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f"<script>alert(1)</script>{fields}</svg>"
    ).encode()


def _metafile(fmt: str) -> bytes:
    """A bitmap in the wrapping that word processors like."""
    bmp = _encoded(_fields(), "BMP")
    header, pixels = bmp[14:54], bmp[54:]
    if fmt == "EMF":
        first = struct.pack("<II16s16s4sI", 1, 108, b"", b"", b" EMF", 0x10000).ljust(108, b"\0")
        places = struct.pack("<IIII", 80, len(header), 80 + len(header), len(pixels))
        drawing = bytes(16) + struct.pack("<6i", 0, 0, 0, 0, WIDTH, HEIGHT) + places
        body = (drawing.ljust(72, b"\0") + header + pixels).ljust(72 + len(header) + len(pixels) + 3 & ~3, b"\0")
        return first + struct.pack("<II", 81, 8 + len(body)) + body + struct.pack("<IIIII", 14, 20, 0, 0, 20)
    record = struct.pack("<IH8h", 0xCC0020, 0, HEIGHT, WIDTH, 0, 0, HEIGHT, WIDTH, 0, 0) + header + pixels
    start = b"\xd7\xcd\xc6\x9a" + bytes(18) + struct.pack("<HHHIHIH", 1, 9, 0x300, 0, 0, 0, 0)
    return start + struct.pack("<IH", 3 + len(record) // 2, 0x0F43) + record + struct.pack("<IH", 3, 0)


def _cmyk_profiled() -> bytes:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return _encoded(_fields(), "TIFF", icc_profile=srgb)


# name of the file -> how it is made, the type it comes out as, how far a colour may be off
PICTURES: dict[str, tuple[Callable[[], bytes], str, int]] = {
    "photo.avif": (lambda: _encoded(_fields(), "AVIF", quality=95), "image/jpeg", 14),
    "photo.webp": (lambda: _encoded(_fields(), "WEBP", quality=95), "image/jpeg", 14),
    "clear.webp": (lambda: _clear("WEBP"), "image/png", 1),
    "photo.jpg": (lambda: _encoded(_fields(), "JPEG", quality=95), "image/jpeg", 10),
    "print.jpg": (lambda: _encoded(_fields("CMYK"), "JPEG", quality=95), "image/jpeg", 24),
    "turned.jpg": (_turned_jpeg, "image/jpeg", 14),
    "grey.jpg": (lambda: _encoded(_fields("L"), "JPEG", quality=95), "image/jpeg", 255),
    "clear.png": (lambda: _clear("PNG"), "image/png", 1),
    "deep.png": (_png_of_16_bits, "image/png", 2),
    "palette.png": (lambda: _encoded(_fields("P"), "PNG"), "image/png", 40),
    "still.gif": (lambda: _encoded(_fields("P"), "GIF"), "image/png", 40),
    "clear.gif": (lambda: _clear("GIF"), "image/png", 40),
    "scan.tif": (lambda: _encoded(_fields(), "TIFF", compression="tiff_lzw"), "image/png", 1),
    "print.tif": (lambda: _encoded(_fields("CMYK"), "TIFF"), "image/png", 2),
    "profile.tif": (_cmyk_profiled, "image/png", 3),
    "old.bmp": (lambda: _encoded(_fields(), "BMP"), "image/png", 1),
    "pasted.emf": (lambda: _metafile("EMF"), "image/png", 1),
    "pasted.wmf": (lambda: _metafile("WMF"), "image/png", 1),
    "drawing.svg": (_svg, "image/svg+xml", 0),
}


def _docx(folder: Path, name: str, data: bytes) -> Path:
    drawing = (
        f'<w:r><w:drawing><wp:inline><wp:docPr descr="{_ALT}"/><a:graphic><a:graphicData><a:blip r:embed="rp"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
    body = p("Before the picture.") + p(runs=drawing) + p("After the picture.")
    related = relationship("rp", "image", f"media/{name}")
    return docx(folder / "book.docx", body, relationships=related, parts={f"word/media/{name}": data})


def _epub(folder: Path, name: str, data: bytes) -> Path:
    page = f'<h1>One</h1><p>Before the picture.</p><figure><img src="{name}" alt="{_ALT}"/></figure><p>After.</p>'
    item = f'<item id="pic" href="{name}" media-type="application/octet-stream"/>'
    return epub(folder / "book.epub", {"one.xhtml": page}, items=item, parts={f"OPS/{name}": data})


def _picture_of(made: Path) -> tuple[str, bytes, str]:
    """Media type, bytes and alternative text of the only picture in the text of an EPUB."""
    with zipfile.ZipFile(made) as archive:
        package = etree.fromstring(archive.read("EPUB/content.opf"))
        types = {item.get("href"): item.get("media-type") for item in package.iter("{*}item")}
        pages = [name for name in archive.namelist() if name.endswith(".xhtml") and "cover" not in name]
        images = [img for name in pages for img in etree.fromstring(archive.read(name)).iter("{*}img")]
        (image,) = images
        href = image.get("src").removeprefix("../")
        return types[href], archive.read(f"EPUB/{href}"), image.get("alt")


@pytest.mark.parametrize("build", [_docx, _epub], ids=["docx", "epub"])
@pytest.mark.parametrize("name", PICTURES)
def test_comes_out_whole(tmp_path: Path, name: str, build: Callable[[Path, str, bytes], Path]) -> None:
    make, wanted, tolerance = PICTURES[name]
    source = build(tmp_path, name, make())
    out = tmp_path / "out"
    out.mkdir()
    result = convert(ConversionRequest(source, source.name, out, formats=("epub",)), lambda progress: None)
    media_type, data, alt = _picture_of(out / "book.epub")
    assert (media_type, alt) == (wanted, _ALT)
    assert not any(finding.code in ("image.unusable", "source.image-missing") for finding in result.findings)
    if wanted == "image/svg+xml":
        assert data.count(b"<rect") == 4
        assert b"script" not in data
        return
    picture = Image.open(io.BytesIO(data))
    assert picture.size == (WIDTH, HEIGHT)
    assert picture.mode in ("RGB", "RGBA", "L")
    assert not picture.getexif()
    assert "icc_profile" not in picture.info
    corners = [(60, 60), (WIDTH - 60, 60), (60, HEIGHT - 60), (WIDTH - 60, HEIGHT - 60)]
    for corner, colour in zip(corners, _COLOURS.values(), strict=True):
        found = picture.convert("RGB").getpixel(corner)
        assert max(abs(got - there) for got, there in zip(found, colour, strict=True)) <= tolerance
    if name.startswith("clear"):
        assert picture.mode == "RGBA"
        assert picture.getpixel((WIDTH // 2, HEIGHT // 2))[3] == 0
        assert picture.getpixel((10, 10))[3] == 255

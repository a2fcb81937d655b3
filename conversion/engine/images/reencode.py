"""Re-encode every picture: readers hand bytes in, and the Book only holds what Pillow or `svg.py` wrote.

Only the pixels of the source file survive: no metadata, no colour profile, no appended bytes, no frames after the
first. A picture that cannot be read is left out and named in a finding.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import warnings
from dataclasses import dataclass
from typing import cast

from PIL import Image, ImageCms, ImageOps

from ..book.model import Asset
from ..findings.model import Finding, Severity
from ..support.cache import Cache
from . import svg

MAX_PIXELS = 40_000_000
MAX_SIDE_PX = 3200
KEEP_QUANTIZATION_BYTES = 1_500_000
PHOTO_IN_PNG_BYTES = 400_000
JPEG_QUALITY = 88
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "TIFF", "BMP")
LOSSY = frozenset({"JPEG", "MPO", "WEBP", "AVIF"})

Image.MAX_IMAGE_PIXELS = MAX_PIXELS


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A smaller cover for web pages. `format` is avif, webp or jpeg; sizes are in pixels."""

    format: str
    width: int
    height: int
    data: bytes

    @property
    def media_type(self) -> str:
        return f"image/{self.format}"

    @property
    def extension(self) -> str:
        return "jpg" if self.format == "jpeg" else self.format


def reencode(data: bytes, *, name: str) -> tuple[Asset | None, list[Finding]]:
    """Re-encode the picture as JPEG, PNG or closed-set SVG, in RGB or grey, at most 3200 px on its longest side.

    `name` is the picture's file name in the source, for the sentences. For a picture that cannot be read, returns no
    asset and a finding that says why. Equal input bytes give equal output bytes. Never raises for bad input.
    """
    label = safe_name(name)
    if svg.looks_like_svg(data):
        return _reencode_svg(data, label)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _reencode_raster(data, label)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError):
        return None, [_too_large(label)]
    except Exception:  # decoders raise anything from struct.error to IndexError on malicious bytes
        return None, [Finding("image.unusable", Severity.PROBLEM, facts={"name": label})]


def thumbnails(
    cover: Asset,
    widths: tuple[int, ...] = (160, 320, 640),
    formats: tuple[str, ...] = ("avif", "webp", "jpeg"),
) -> list[Thumbnail]:
    """Return the cover at each width (px) in each format, narrowest first. `cover` must be a raster asset."""
    with Image.open(io.BytesIO(cover.data), formats=("JPEG", "PNG")) as opened:
        full = _flatten(opened)
    made = []
    for width in widths:
        height = max(1, round(full.height * width / full.width))
        small = full.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
        made += [Thumbnail(fmt, width, height, _encode_thumbnail(small, fmt)) for fmt in formats]
    return made


def known_thumbnails(cover: Asset, cache: Cache) -> list[Thumbnail]:
    """Return the thumbnails, from the cache where the cover has not changed: AVIF takes longest of all to encode."""
    key = cache.key("thumbnails", cover.sha256) if cache.is_kept else ""
    if key and (known := cache.find(key)) is not None:
        head, _, data = known.read_bytes().partition(b"\n")
        found, position = [], 0
        for form, width, height, length in json.loads(head):
            found.append(Thumbnail(form, width, height, data[position : position + length]))
            position += length
        return found
    made = thumbnails(cover)
    if key:
        head = json.dumps([[each.format, each.width, each.height, len(each.data)] for each in made]).encode()
        cache.write(key, b"\n".join([head, b"".join(each.data for each in made)]))
    return made


def as_jpeg(picture: Asset) -> Asset:
    """Return a raster asset as JPEG, with white in place of transparency."""
    if picture.media_type == "image/jpeg":
        return picture
    with Image.open(io.BytesIO(picture.data), formats=("PNG",)) as opened:
        return raster_asset(_flatten(opened), picture.name, lossy=True, quality=90)


def safe_name(name: str) -> str:
    """Return the last part of a file name, printable and short enough for a sentence."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(c for c in last if c.isprintable())[-80:] or "picture"


def raster_asset(image: Image.Image, name: str, *, lossy: bool, quality: int = JPEG_QUALITY) -> Asset:
    """Encode an RGB, grey or RGBA image as JPEG (`lossy`) or PNG, with its hash as key."""
    data = _jpeg(image, quality) if lossy else _png(image)
    media_type = "image/jpeg" if lossy else "image/png"
    return Asset(hashlib.sha256(data).hexdigest(), media_type, data, image.width, image.height, name)


# ---------------------------------------------------------------- raster


def _reencode_raster(data: bytes, label: str) -> tuple[Asset | None, list[Finding]]:
    findings: list[Finding] = []
    with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        source_format = opened.format or ""
        size = opened.size
        if size[0] * size[1] > MAX_PIXELS:
            return None, [_too_large(label)]
        if source_format in ("GIF", "WEBP", "AVIF", "PNG") and getattr(opened, "is_animated", False):
            findings.append(Finding("image.animated", Severity.INFO, facts={"name": label}))
            opened.seek(0)
        if source_format == "JPEG" and _may_keep_quantization(opened, data):
            opened.load()
            opened.info.clear()  # Pillow would copy the comment, the profile and XMP into the new file
            return _asset(_jpeg(opened, "keep"), "image/jpeg", size, label), findings
        if opened.mode in ("CMYK", "LAB"):
            findings.append(Finding("image.converted-colours", Severity.INFO, facts={"name": label}))
        opened.draft("", (MAX_SIDE_PX, MAX_SIDE_PX))
        image = _upright_rgb(opened)
    if max(size) > MAX_SIDE_PX:
        image.thumbnail((MAX_SIDE_PX, MAX_SIDE_PX), Image.Resampling.LANCZOS)
        findings.append(Finding("image.reduced", Severity.INFO, facts={"name": label, "pixels": max(size)}))
    return _smallest_fit(image, label, source_format), findings


def _may_keep_quantization(image: Image.Image, data: bytes) -> bool:
    """Return whether a JPEG can keep its own quantisation tables, which avoids a second loss of detail."""
    return (
        image.mode in ("RGB", "L")
        and max(image.size) <= MAX_SIDE_PX
        and len(data) <= KEEP_QUANTIZATION_BYTES
        and image.getexif().get(0x0112, 1) == 1
        and "icc_profile" not in image.info
    )


def _upright_rgb(opened: Image.Image) -> Image.Image:
    """Return the image rotated upright, as RGB, L or RGBA (only where something is transparent), without metadata."""
    profile = opened.info.get("icc_profile")
    image = ImageOps.exif_transpose(opened)
    if image.mode.startswith("I") or image.mode == "F":
        image = _eight_bits(image)
    has_alpha = image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info
    if has_alpha:
        image = image.convert("RGBA")
    elif profile and image.mode in ("CMYK", "RGB"):
        image = _to_srgb(image, profile)
    elif image.mode not in ("RGB", "L"):
        image = image.convert("L" if image.mode in ("1", "L") else "RGB")
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    image = image.copy()
    image.info.clear()
    return image


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return a grey image of 16-bit, integer or float pixels scaled to eight bits."""
    grey = image.convert("F")
    brightest = max(65535.0, *cast(tuple[float, float], grey.getextrema()))
    scale = 255.0 / brightest
    return grey.point(lambda value: value * scale + 0.0).convert("L")


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.getOpenProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image.convert("RGB")  # a broken profile costs exact colours, not the picture
    return converted if converted is not None else image.convert("RGB")


def _smallest_fit(image: Image.Image, label: str, source_format: str) -> Asset:
    """Encode photographs as JPEG, and drawings and transparent pictures as PNG."""
    if image.mode == "RGBA":
        return raster_asset(image, label, lossy=False)
    if source_format in LOSSY:
        return raster_asset(image, label, lossy=True)
    drawn = raster_asset(image, label, lossy=False)
    if len(drawn.data) > PHOTO_IN_PNG_BYTES and image.getcolors(maxcolors=4096) is None:
        photo = raster_asset(image, label, lossy=True)
        if len(photo.data) * 2 < len(drawn.data):
            return photo
    return drawn


def _jpeg(image: Image.Image, quality: int | str) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=7)
    return out.getvalue()


def _asset(data: bytes, media_type: str, size: tuple[int, int], name: str) -> Asset:
    return Asset(hashlib.sha256(data).hexdigest(), media_type, data, size[0], size[1], name)


def _too_large(label: str) -> Finding:
    return Finding("image.too-large", Severity.PROBLEM, facts={"name": label, "megapixels": MAX_PIXELS // 1_000_000})


def _flatten(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image.convert("RGB")
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _encode_thumbnail(image: Image.Image, fmt: str) -> bytes:
    out = io.BytesIO()
    if fmt == "avif":
        image.save(out, "AVIF", quality=62, speed=8, max_threads=1)
    elif fmt == "webp":
        image.save(out, "WEBP", quality=80, method=4)
    else:
        image.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return out.getvalue()


# ---------------------------------------------------------------- vector


def _reencode_svg(data: bytes, label: str) -> tuple[Asset | None, list[Finding]]:
    try:
        drawing = svg.rebuild(data, picture=lambda inner: reencode(inner, name=label)[0])
    except svg.Unusable:
        return None, [Finding("image.unusable", Severity.PROBLEM, facts={"name": label})]
    findings = []
    if drawing.dropped:
        findings.append(
            Finding(
                "image.svg-stripped",
                Severity.INFO,
                facts={"name": label, "parts": ", ".join(sorted(drawing.dropped))[:120]},
            )
        )
    return _asset(drawing.data, "image/svg+xml", (drawing.width, drawing.height), label), findings

"""Pictures in, pixels out: what survives re-encoding and what does not."""

from __future__ import annotations

import io
import random
import zlib

import pytest
from PIL import Image

from conversion.engine.book.model import Asset
from conversion.engine.images.reencode import as_jpeg, reencode, safe_name, thumbnails


def _encoded(image: Image.Image, fmt: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, fmt, **options)
    return out.getvalue()


def _photo(width: int = 120, height: int = 80, mode: str = "RGB") -> Image.Image:
    return Image.effect_noise((width, height), 80).convert(mode)


def _opened(asset: Asset | None) -> Image.Image:
    assert asset is not None
    return Image.open(io.BytesIO(asset.data))


class TestReencode:
    @pytest.mark.parametrize("fmt", ["JPEG", "WEBP", "AVIF"])
    def test_lossy_sources_become_jpeg(self, fmt: str) -> None:
        asset, findings = reencode(_encoded(_photo(), fmt), name="photo")
        assert asset is not None
        assert (asset.media_type, asset.width, asset.height, findings) == ("image/jpeg", 120, 80, [])

    @pytest.mark.parametrize("fmt", ["PNG", "GIF", "TIFF", "BMP"])
    def test_exact_sources_become_png(self, fmt: str) -> None:
        asset, _ = reencode(_encoded(_photo(), fmt), name="drawing")
        assert asset is not None
        assert asset.media_type == "image/png"

    def test_a_large_photograph_in_png_becomes_jpeg(self) -> None:
        chance = random.Random(1)
        photo = Image.frombytes("RGB", (500, 400), chance.randbytes(600_000)).resize(
            (900, 720), Image.Resampling.BICUBIC
        )
        asset, _ = reencode(_encoded(photo, "PNG"), name="photo.png")
        assert asset is not None
        assert asset.media_type == "image/jpeg"

    def test_equal_bytes_give_equal_bytes(self) -> None:
        data = _encoded(_photo(), "PNG")
        assert reencode(data, name="a") == reencode(data, name="a")

    @pytest.mark.parametrize("mode", ["CMYK", "P", "1"])
    def test_modes_of_print_and_palettes_become_rgb_or_grey(self, mode: str) -> None:
        asset, _ = reencode(_encoded(_photo(mode=mode), "TIFF"), name="x")
        assert _opened(asset).mode in ("RGB", "L")

    def test_sixteen_bits_keep_their_brightness(self) -> None:
        asset, _ = reencode(_encoded(Image.new("I;16", (9, 9), 40_000), "PNG"), name="x")
        assert _opened(asset).getpixel((4, 4)) == pytest.approx(155, abs=1)

    def test_transparency_stays_and_full_opacity_goes(self) -> None:
        clear, _ = reencode(_encoded(Image.new("RGBA", (9, 9), (1, 2, 3, 90)), "PNG"), name="x")
        opaque, _ = reencode(_encoded(Image.new("RGBA", (9, 9), (1, 2, 3, 255)), "PNG"), name="x")
        assert (_opened(clear).mode, _opened(opaque).mode) == ("RGBA", "RGB")

    def test_orientation_is_applied_and_metadata_gone(self) -> None:
        exif = Image.Exif()
        exif[0x0112], exif[0x010F] = 6, "SECRETCAM"
        asset, _ = reencode(_encoded(_photo(), "JPEG", exif=exif, comment=b"a secret remark"), name="x")
        assert asset is not None
        assert (asset.width, asset.height) == (80, 120)
        assert b"SECRETCAM" not in asset.data

    @pytest.mark.parametrize("fmt", ["JPEG", "PNG"])
    def test_what_is_hung_behind_or_written_beside_is_gone(self, fmt: str) -> None:
        data = _encoded(_photo(), fmt, **({"comment": b"a secret remark"} if fmt == "JPEG" else {}))
        asset, _ = reencode(data + b"<script>alert(1)</script>", name="x")
        assert asset is not None
        assert b"script" not in asset.data
        assert b"secret" not in asset.data

    def test_only_the_first_frame_is_kept(self) -> None:
        frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue", "green")]
        data = _encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
        asset, findings = reencode(data, name="x.gif")
        assert _opened(asset).convert("RGB").getpixel((4, 4)) == (255, 0, 0)
        assert [finding.code for finding in findings] == ["image.animated"]

    def test_giants_are_scaled_down_and_told(self) -> None:
        asset, findings = reencode(_encoded(Image.new("RGB", (5000, 2000)), "PNG"), name="x")
        assert asset is not None
        assert (asset.width, asset.height) == (3200, 1280)
        assert findings[0].facts == {"name": "x", "pixels": 5000}

    def test_more_than_forty_megapixels_are_refused_before_decoding(self) -> None:
        data = _encoded(Image.new("1", (7000, 6000)), "PNG")
        asset, findings = reencode(data, name="a/b/huge.png")
        assert asset is None
        assert (findings[0].code, findings[0].facts["name"]) == ("image.too-large", "huge.png")

    def test_a_header_that_lies_is_refused(self) -> None:
        data = bytearray(_encoded(Image.new("L", (4, 4)), "PNG"))
        data[16:24] = (2**31 - 1).to_bytes(4) * 2
        data[29:33] = zlib.crc32(data[12:29]).to_bytes(4)
        assert reencode(bytes(data), name="x")[0] is None

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"push graphic-context\nviewbox 0 0 1 1",
            b"<html><body>no</body></html>",
            b"\x89PNG\r\n\x1a\n broken",
            b"%PDF-1.4",
        ],
    )
    def test_what_is_no_picture_is_named(self, data: bytes) -> None:
        asset, findings = reencode(data, name="bad.png")
        assert asset is None
        assert [(f.code, f.facts) for f in findings] == [("image.unusable", {"name": "bad.png"})]

    def test_formats_outside_the_list_are_refused(self) -> None:
        assert reencode(_encoded(_photo(), "EPS"), name="x.eps")[0] is None
        assert reencode(_encoded(_photo(), "ICO"), name="x.ico")[0] is None


class TestThumbnails:
    def test_every_width_in_every_format(self) -> None:
        cover, _ = reencode(_encoded(_photo(800, 1280), "JPEG"), name="cover")
        assert cover is not None
        made = thumbnails(cover)
        assert [(t.width, t.height, t.format) for t in made[:3]] == [(160, 256, f) for f in ("avif", "webp", "jpeg")]
        assert [Image.open(io.BytesIO(t.data)).size for t in made] == [(t.width, t.height) for t in made]
        assert [t.extension for t in made[:3]] == ["avif", "webp", "jpg"]
        assert thumbnails(cover) == made


class TestAsJpeg:
    def test_lays_transparency_on_white(self) -> None:
        clear, _ = reencode(_encoded(Image.new("RGBA", (9, 9), (0, 0, 0, 0)), "PNG"), name="x")
        assert clear is not None
        assert min(_opened(as_jpeg(clear)).getpixel((4, 4))) > 250


class TestSafeName:
    def test_is_the_last_part_without_controls(self) -> None:
        assert safe_name("../..\\etc/pass\u202ewd\n.png") == "passwd.png"
        assert safe_name("") == "picture"

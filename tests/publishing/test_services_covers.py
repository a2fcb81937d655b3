"""What is said of a cover at once, and what is refused."""

from __future__ import annotations

import io

import pytest
from PIL import Image, PngImagePlugin

from publishing import errors
from publishing.services.covers import inspect_cover
from tests.factories.pictures import picture

_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}"><rect width="9" height="9"/></svg>'


def inspect(data: bytes):
    return inspect_cover(io.BytesIO(data))


def on_its_side() -> bytes:
    """A landscape of pixels that its camera says is upright."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (2560, 1600)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def moving() -> bytes:
    """Two pictures that follow one another."""
    out = io.BytesIO()
    frames = [Image.new("RGB", (1600, 2560), colour) for colour in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    return out.getvalue()


class TestInspectCover:
    @pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF"])
    def test_nothing_to_say_of_a_good_one(self, form):
        assert inspect(picture(1600, 2560, form=form)).remarks == ()

    @pytest.mark.parametrize(
        ("data", "remark"),
        [
            (picture(200, 300), "200 × 300 pixels, which is too small"),
            (picture(1200, 1920), "may look soft"),
            (picture(2560, 1600), "wider than it is tall"),
            (picture(1600, 1650), "proportions of a book"),
            (picture(1600, 2560, mode="CMYK", form="JPEG"), "print colours (CMYK)"),
            (picture(1600, 2560, mode="RGBA"), "put white behind them"),
            (picture(1600, 2560, mode="I;16"), "eight bits"),
            (_SVG.format(300, 300).encode(), "proportions of a book"),
        ],
    )
    def test_warns_of(self, data, remark):
        (said,) = inspect(data).remarks
        assert remark in said

    def test_says_several_things(self):
        assert len(inspect(picture(300, 200, mode="CMYK", form="JPEG")).remarks) == 3

    def test_knows_what_the_camera_noted(self):
        seen = inspect(on_its_side())
        assert (seen.width, seen.height, seen.remarks) == (1600, 2560, ())

    def test_leaves_the_pixels_of_a_png_to_the_sandbox(self, monkeypatch):
        def refuse(_: Image.Image) -> None:
            pytest.fail("the pixels were read")

        monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", refuse)
        assert inspect(picture(1600, 2560)).remarks == ()

    def test_a_drawing_has_no_pixels_to_be_few(self):
        assert inspect(_SVG.format(100, 160).encode()).remarks == ()

    @pytest.mark.parametrize(
        ("data", "error"),
        [
            (b"", errors.CoverNotPicture),
            (b"hello", errors.CoverNotPicture),
            (picture()[:20], errors.CoverNotPicture),
            (b"\xff\xd8\xff\xe0 jpeg", errors.CoverNotPicture),
            (b"%PDF-1.7", errors.CoverNotPicture),
            (b"<svg><g", errors.CoverNotPicture),
            (picture(3000, 20), errors.CoverTooNarrow),
            (picture(200, 900), errors.CoverTooNarrow),
            (picture()[:-60], errors.CoverCutOff),
            (picture(form="JPEG")[:-60], errors.CoverCutOff),
            (moving(), errors.CoverAnimated),
            (picture(7000, 7000, mode="1"), errors.CoverTooManyPixels),
            (picture(10000, 10000, mode="1"), errors.CoverTooManyPixels),
        ],
    )
    def test_refuses_what_cannot_be_used(self, data, error):
        with pytest.raises(error):
            inspect(data)

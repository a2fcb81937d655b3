"""Covers from titles, and covers that authors bring."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from conversion.engine.book.model import Asset, Book, Metadata
from conversion.engine.covers import composition, cover, lettering
from conversion.engine.errors import AuthorFixable
from conversion.engine.images import raster
from tests.conversion.readers.build import epub, read


def _png(width: int, height: int) -> bytes:
    """A dark ground with a light band, so that something can be told apart on it."""
    out = io.BytesIO()
    image = Image.new("RGB", (width, height), "teal")
    image.paste("white", (0, 0, width, height // 4))
    image.save(out, "PNG")
    return out.getvalue()


_SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 640">'
    b'<rect width="400" height="640" fill="teal"/><rect width="400" height="160" fill="white"/></svg>'
)


def _image(asset: Asset) -> Image.Image:
    return Image.open(io.BytesIO(asset.data))


class TestTypographicCover:
    def test_size_kind_and_equal_bytes(self) -> None:
        made = cover.typographic_cover("The Salt Road", "Ann Lee", 0)
        assert (made.media_type, made.width, made.height) == ("image/jpeg", 1600, 2560)
        assert made == cover.typographic_cover("The Salt Road", "Ann Lee", 0)

    def test_six_seeds_give_six_covers(self) -> None:
        assert len({cover.typographic_cover("The Salt Road", "Ann Lee", seed).sha256 for seed in range(6)}) == 6

    @pytest.mark.parametrize(
        "title", ["", "I", "قصة مدينتين", "Преступление и наказание", "A" * 400, "word " * 60, "🙂"]
    )
    def test_draws_any_title(self, title: str) -> None:
        assert cover.typographic_cover(title, "").width == 1600

    def test_a_short_title_can_be_read_at_sixty_pixels(self) -> None:
        """Capitals of a title of two words stand at least four pixels high on a cover 60 pixels wide."""
        for face in (composition.DISPLAY, composition.GARAMOND, composition.NARROW, composition.GEOMETRIC):
            setting = lettering.fit("Linear Algebra", face, width=960, height=780, largest=330)
            assert setting.size * 0.65 * 60 / 1600 >= 4


class TestPalettes:
    @pytest.mark.parametrize("palette", composition.PALETTES)
    def test_ink_reads_on_ground_and_on_the_pale_tone_of_the_great_letter(self, palette: composition.Palette) -> None:
        assert composition.contrast(palette.ink, palette.ground) >= 7
        assert composition.contrast(palette.ink, palette.shapes[0]) >= 4.5


class TestFit:
    def test_lines_stay_inside_the_box(self) -> None:
        face = composition.BOOK
        setting = lettering.fit("A title of middling length for a box", face, width=900, height=600, largest=400)
        assert setting.height <= 600
        assert all(lettering.measure(line, face, setting.size) <= 900 for line in setting.lines)
        assert " ".join(setting.lines) == "A title of middling length for a box"

    def test_cuts_what_cannot_fit(self) -> None:
        setting = lettering.fit("word " * 200, composition.BOOK, width=500, height=200, largest=90)
        assert setting.lines[-1].endswith("…")
        assert setting.height <= 200

    def test_halves_a_very_long_word(self) -> None:
        setting = lettering.fit("Donaudampfschifffahrt", composition.BOOK, width=600, height=600, largest=300)
        assert setting.lines[0].endswith("-")


class TestAccept:
    def test_takes_a_good_one_without_remarks(self) -> None:
        assert cover.check_author_cover(_png(1600, 2560))[1] == []

    @pytest.mark.parametrize(("size", "code"), [((500, 800), "cover.small"), ((1600, 1600), "cover.ratio")])
    def test_remarks_on_size_and_proportions(self, size: tuple[int, int], code: str) -> None:
        assert [finding.code for finding in cover.check_author_cover(_png(*size))[1]] == [code]

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"broken", "cover.unusable"),
            (_png(3000, 20), "cover.strip"),
            (_png(200, 900), "cover.strip"),
        ],
    )
    def test_refuses_what_cannot_be_a_cover(self, data: bytes, code: str) -> None:
        with pytest.raises(AuthorFixable) as refused:
            cover.check_author_cover(data)
        assert refused.value.code == code

    def test_refuses_a_drawing_that_cannot_be_drawn(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(raster, "pixels", lambda svg, zoom: None)
        with pytest.raises(AuthorFixable) as refused:
            cover.check_author_cover(_SVG)
        assert refused.value.code == "cover.drawing"

    def test_draws_a_drawing_in_the_size_of_a_cover(self) -> None:
        made, findings = cover.check_author_cover(_SVG)
        assert (_image(made).size, _image(made).format, findings) == ((1600, 2560), "JPEG", [])
        assert _image(made).getpixel((800, 100)) != _image(made).getpixel((800, 2000))


class TestChoose:
    def test_a_drawing_of_the_source_is_its_cover(self, tmp_path: Path) -> None:
        items = '<item id="cv" href="cover.svg" media-type="image/svg+xml" properties="cover-image"/>'
        pages = {"cover.xhtml": '<p><img src="cover.svg" alt=""/></p>', "c.xhtml": "<h1>One</h1><p>x</p>"}
        book = read(epub(tmp_path / "a.epub", pages, items=items, parts={"OPS/cover.svg": _SVG})).book
        chosen, findings = cover.choose(book, "")
        assert chosen.sha256 == cover.check_author_cover(_SVG, "cover.svg")[0].sha256
        assert findings == []

    def test_prefers_the_sources_own_to_one_of_ours(self) -> None:
        own, _ = cover.check_author_cover(_png(1000, 1600), "own.png")
        book = Book(Metadata(title="T"), [], assets={own.sha256: own}, cover=own.sha256)
        assert cover.choose(book, "") == (own, [])
        book.cover = ""
        drawn, findings = cover.choose(book, "")
        assert _image(drawn).size == (1600, 2560)
        assert [finding.code for finding in findings] == ["cover.drawn"]

"""Covers that authors choose: every design draws any title inside the page, readably and always in the same way."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageDraw

from conversion.engine import pipeline
from conversion.engine.book import cover_choice as choice
from conversion.engine.book.cover_choice import CoverChoice
from conversion.engine.contract import ArtifactKind, AuthorDetails, ConversionRequest, ConversionResult
from conversion.engine.covers import composition, cover, lettering, named
from conversion.engine.covers.composition import HEIGHT, WIDTH
from conversion.engine.covers.picture_designs import VEIL
from conversion.engine.errors import AuthorFixable
from tests.conversion.manuscripts import short_book

TITLES = (
    *(
        "I",
        "The Salt Road",
        "قصة مدينتين عظيمتين",
        "吾輩は猫である",
        "Преступление и наказание",
        "A" * 120,
        "word " * 24,
    ),
    "",
)
MARGIN = 40  # px: 1.6 percent of the height


def chosen(design: str = "horizon", palette: str = "harbour", **changes: object) -> CoverChoice:
    return replace(CoverChoice(design, palette), **changes)


def halves(left: str = "#ff0000", right: str = "#0000ff") -> bytes:
    image = Image.new("RGB", (2000, 1000), left)
    image.paste(right, (1000, 0, 2000, 1000))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def boxes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[float, float, float, float]]]:
    """The boxes of all lines that are drawn: left, top of the capitals, right, baseline."""
    drawn: list[tuple[float, float, float, float]] = []
    draw = lettering.draw

    def noting(
        canvas: ImageDraw.ImageDraw, setting: lettering.Setting, xy: tuple[int, int], fill: str, *, align: str = "left"
    ) -> None:
        for number, line in enumerate(setting.lines):
            width = lettering.measure(line, setting.face, setting.size, setting.tracking)
            left = xy[0] - {"left": 0.0, "center": width / 2, "right": width}[align]
            top = xy[1] + number * setting.size * setting.leading
            drawn.append((left, top, left + width, top + setting.size * 0.72))
        draw(canvas, setting, xy, fill, align=align)

    monkeypatch.setattr(lettering, "draw", noting)
    yield drawn


class TestNames:
    def test_every_name_is_drawn(self) -> None:
        assert tuple(named.DRAWN_BY) == choice.DESIGNS
        assert tuple(named.PALETTE_OF) == choice.PALETTES
        assert tuple(named.LETTERING_OF) == choice.LETTERINGS

    @pytest.mark.parametrize(
        "change",
        [{"design": "x"}, {"palette": ""}, {"lettering": "comic"}, {"focus_x": -1}, {"focus_y": 101}],
    )
    def test_others_are_refused(self, change: dict[str, object]) -> None:
        with pytest.raises(ValueError, match="can be drawn"):
            chosen(**change)


class TestPalettes:
    @pytest.mark.parametrize("name", choice.PALETTES)
    def test_words_can_be_read_on_the_ground_and_on_its_pale_tone(self, name: str) -> None:
        palette = named.PALETTE_OF[name]
        assert composition.contrast(palette.ink, palette.ground) >= 7
        assert composition.contrast(palette.ink, palette.shapes[0]) >= 4.5

    @pytest.mark.parametrize("name", choice.PALETTES)
    @pytest.mark.parametrize("behind", [0, 255])
    def test_words_can_be_read_on_the_veil_over_any_picture(self, name: str, behind: int) -> None:
        palette, share = named.PALETTE_OF[name], VEIL / 255
        channels = [int(palette.ground[at : at + 2], 16) for at in (1, 3, 5)]
        seen = "#" + "".join(f"{round(channel * share + behind * (1 - share)):02x}" for channel in channels)
        assert composition.contrast(palette.ink, seen) >= 4.5


class TestDrawing:
    @pytest.mark.parametrize(
        ("design", "title"),
        [
            # An ordinary run tries each design with one title, and each title with some designs.
            pytest.param(design, title, marks=[] if number % len(TITLES) == which else [pytest.mark.nightly])
            for number, design in enumerate(choice.DESIGNS)
            for which, title in enumerate(TITLES)
        ],
    )
    def test_words_stay_inside_the_page(
        self, design: str, title: str, boxes: list[tuple[float, float, float, float]]
    ) -> None:
        made = named.named_cover(
            chosen(design, series="The Salt Cycle 2"),
            title=title,
            subtitle="A novel of the northern coast and its people",
            author="Ann Lee and Maximilian Featherstonehaugh-Cholmondeley",
            picture=halves(),
        )
        assert made.size == (WIDTH, HEIGHT)
        assert boxes
        assert all(box[0] >= MARGIN and box[2] <= WIDTH - MARGIN for box in boxes)
        assert all(box[1] >= MARGIN and box[3] <= HEIGHT - MARGIN for box in boxes)

    @pytest.mark.parametrize("design", choice.DESIGNS)
    def test_lines_do_not_lie_on_one_another(self, design: str, boxes: list[tuple[float, float, float, float]]) -> None:
        named.named_cover(
            chosen(design, series="The Salt Cycle 2"), title="The Salt Road", subtitle="A novel", author="Ann Lee"
        )
        spans = sorted((box[1], box[3]) for box in boxes)
        assert all(upper[1] < lower[0] for upper, lower in itertools.pairwise(spans))

    @pytest.mark.parametrize("design", choice.DESIGNS)
    def test_the_same_choice_gives_the_same_bytes(self, design: str) -> None:
        one, other = (
            named.as_asset(
                named.named_cover(chosen(design), title="The Salt Road", author="Ann Lee", picture=halves())
            ).sha256
            for _ in range(2)
        )
        assert one == other

    def test_designs_palettes_and_faces_differ(self) -> None:
        choices = [
            *(chosen(design) for design in choice.DESIGNS),
            *(chosen(palette=palette) for palette in choice.PALETTES[1:]),
            *(chosen(lettering=name) for name in choice.LETTERINGS if name not in {"own", "playfair"}),
        ]
        drawn = {named.named_cover(one, title="The Salt Road", author="Ann Lee").tobytes() for one in choices}
        assert len(drawn) == len(choices)

    def test_the_focus_moves_the_crop(self) -> None:
        left, right = (
            named.named_cover(chosen("picture-circle", focus_x=x), title="T", picture=halves()).getpixel((800, 1590))
            for x in (0, 100)
        )
        assert left != right

    @pytest.mark.parametrize("picture", [None, b"", b"broken"])
    def test_without_a_picture_the_palette_stands_in(self, picture: bytes | None) -> None:
        made = named.named_cover(chosen("picture-band"), title="T", picture=picture)
        assert made.getpixel((10, 10)) == (0x2F, 0x56, 0x73)


class TestFirstSix:
    def test_covers_drawn_without_asking_are_what_they_were(self) -> None:
        """The golden rule for works without a choice. Fonts of the machine take no part in this title."""
        drawn = [cover.typographic_cover("The Salt Road: a novel", "Ann Lee", seed).sha256[:8] for seed in range(6)]
        assert drawn == ["b1be67e8", "66584dbe", "e6eb1b81", "a7f66c23", "ac1b2be6", "cdd7cee2"]


class TestInBooks:
    def _made(self, tmp_path: Path, **changes: object) -> ConversionResult:
        source, out = short_book(tmp_path), tmp_path / "out"
        out.mkdir()
        wanted = {"formats": ("cover", "pdf", "print-cover"), "targets": ("print",), **changes}
        details = AuthorDetails(title="The Salt Road", language="en")
        return pipeline.convert(
            ConversionRequest(source, source.name, out, overrides=details, **wanted), lambda progress: None
        )

    def test_the_choice_is_the_cover_and_trim_and_paper_are_those_of_the_print(self, tmp_path: Path) -> None:
        made = self._made(tmp_path, cover_choice=chosen("night"), trim="print-6x9", paper="white")
        by_kind = {(one.kind, one.target): one for one in made.artifacts}
        front = Image.open(tmp_path / "out" / by_kind[ArtifactKind.COVER, ""].path).convert("RGB")
        wanted = named.named_cover(chosen("night"), title="The Salt Road", author="")
        assert front.getpixel((30, 1120)) == pytest.approx(wanted.getpixel((30, 1120)), abs=6)
        pages = by_kind[ArtifactKind.PDF, "print"]
        assert pages.path == "book-print.pdf"
        with pikepdf.open(tmp_path / "out" / pages.path) as pdf:
            assert [float(v) for v in pdf.pages[0].mediabox][2:] == pytest.approx([432, 648], abs=0.2)
        with pikepdf.open(tmp_path / "out" / by_kind[ArtifactKind.PRINT_COVER, "print"].path) as pdf:
            width, height = (float(v) / 72 for v in list(pdf.pages[0].mediabox)[2:])
            spine = (pages.pages + pages.pages % 2) * 0.002252
            assert (width, height) == pytest.approx((12.25 + spine, 9.25), abs=0.01)
        assert not any(finding.code == "cover.drawn" for finding in made.findings)

    def test_a_broken_picture_is_refused(self, tmp_path: Path) -> None:
        picture = tmp_path / "picture.jpg"
        picture.write_bytes(b"broken")
        with pytest.raises(AuthorFixable) as refused:
            self._made(tmp_path, cover=picture, cover_choice=chosen("picture-full"))
        assert refused.value.code == "cover.unusable"

    def test_a_wide_picture_is_no_strip_inside_a_design(self, tmp_path: Path) -> None:
        image = Image.new("RGB", (3000, 600), "teal")
        picture = tmp_path / "picture.png"
        image.save(picture)
        made = self._made(tmp_path, cover=picture, cover_choice=chosen("picture-full"), formats=("cover",))
        assert made.artifacts

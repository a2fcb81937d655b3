"""Pictures and other files that stand in the spine themselves, with what their fallbacks say."""

from __future__ import annotations

from pathlib import Path

import pytest

from conversion.engine.book.model import Book, Figure
from conversion.engine.book.walk import plain, walk
from conversion.engine.errors import AuthorFixable
from conversion.engine.readers import read_source
from tests.conversion.readers import fixed_sources

_CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="EPUB/p.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
_PAGE = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>{}</body></html>'
_FLOWING = "reflowable"
_FIXED = "pre-paginated"


def book(folder: Path, items: str, spine: str, *, layout: str = _FLOWING, **pages: str) -> Book:
    """Read an EPUB with two pictures, `one.jpg` and `two.png`, and these pages."""
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">x</dc:identifier>'
        "<dc:title>Pie</dc:title><dc:language>en</dc:language>"
        f'<meta property="rendition:layout">{layout}</meta></metadata><manifest>'
        '<item id="one" href="one.jpg" media-type="image/jpeg" fallback="one-words"/>'
        '<item id="two" href="img/two.png" media-type="image/png"/>'
        f"{items}</manifest><spine>{spine}</spine></package>"
    )
    files: dict[str, bytes | str] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": _CONTAINER,
        "EPUB/p.opf": package,
        "EPUB/one.jpg": fixed_sources.picture(1),
        "EPUB/img/two.png": fixed_sources.picture(2, "PNG"),
    }
    files |= {f"EPUB/{name}.xhtml": _PAGE.format(body) for name, body in pages.items()}
    path = folder / "pie.epub"
    path.write_bytes(fixed_sources.archive(files))
    return read_source(path, path.name)[1].book


def page(name: str, item: str = "") -> str:
    return f'<item id="{item or name}" href="{name}.xhtml" media-type="application/xhtml+xml"/>'


def refs(*names: str) -> str:
    return "".join(f'<itemref idref="{name}"/>' for name in names)


def figures(read: Book) -> list[Figure]:
    return [node for chapter in read.chapters for node in walk(chapter.blocks) if isinstance(node, Figure)]


class TestPictures:
    def test_are_pages_of_a_fixed_book_with_the_words_of_their_fallback(self, tmp_path: Path) -> None:
        read = book(
            tmp_path, page("words", "one-words"), refs("one", "two"), layout=_FIXED, words="<p>A pie\n is cut.</p>"
        )
        assert [(one.alt, one.width, one.height) for one in read.pages] == [("A pie is cut.", 600, 800), ("", 600, 800)]
        assert read.pages[0].asset != read.pages[1].asset

    def test_are_figures_among_flowing_chapters(self, tmp_path: Path) -> None:
        read = book(
            tmp_path,
            page("words", "one-words") + page("text"),
            refs("text", "one", "two"),
            words="<p>A pie is cut.</p>",
            text="<h1>Pie</h1><p>Once there was a pie.</p>",
        )
        assert [one.alt for one in figures(read)] == ["A pie is cut.", ""]
        assert "is cut" not in " ".join(plain(chapter.blocks) for chapter in read.chapters)

    def test_take_the_description_inside_a_fallback_without_words(self, tmp_path: Path) -> None:
        words = '<img src="one.jpg" alt="A boy eats."/>'
        read = book(tmp_path, page("words", "one-words"), refs("one", "two"), layout=_FIXED, words=words)
        assert read.pages[0].alt == "A boy eats."

    @pytest.mark.parametrize("layout", [_FLOWING, _FIXED])
    def test_whose_fallback_is_not_there_have_no_description(self, tmp_path: Path, layout: str) -> None:
        read = book(tmp_path, page("words", "one-words"), refs("one", "two"), layout=layout)
        alts = [one.alt for one in read.pages] or [one.alt for one in figures(read)]
        assert alts == ["", ""]

    def test_that_are_not_there_are_told(self, tmp_path: Path) -> None:
        with pytest.raises(AuthorFixable):
            book(tmp_path, '<item id="no" href="no.png" media-type="image/png"/>', refs("no"), layout=_FIXED)


class TestOtherFiles:
    def test_are_read_by_their_fallback(self, tmp_path: Path) -> None:
        items = '<item id="film" href="film.xyz" media-type="application/xyz" fallback="next"/>'
        items += '<item id="next" href="next.abc" media-type="application/abc" fallback="last"/>' + page("last")
        read = book(tmp_path, items, refs("film"), last="<h1>Pie</h1><p>Once there was a pie.</p>")
        assert [chapter.title for chapter in read.chapters] == ["Pie"]

    @pytest.mark.parametrize("fallback", ["", "film", "nobody", "next"])
    def test_without_one_are_left_out_however_their_chain_runs(self, tmp_path: Path, fallback: str) -> None:
        items = f'<item id="film" href="film.xyz" media-type="application/xyz" fallback="{fallback}"/>'
        items += '<item id="next" href="next.abc" media-type="application/abc" fallback="film"/>' + page("text")
        read = book(tmp_path, items, refs("film", "text"), text="<h1>Pie</h1><p>Once there was a pie.</p>")
        assert [chapter.title for chapter in read.chapters] == ["Pie"]

    def test_lie_as_the_spine_says_of_them(self, tmp_path: Path) -> None:
        items = '<item id="film" href="film.xyz" media-type="application/xyz" fallback="last"/>' + page("last")
        read = book(tmp_path, items, refs("film"), layout=_FIXED, last='<img src="one.jpg" alt="A pie."/>')
        assert [one.alt for one in read.pages] == ["A pie."]

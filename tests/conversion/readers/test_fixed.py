"""The pages of fixed-layout EPUBs whose markup is not in order, or that cannot be drawn as they are designed."""

from __future__ import annotations

import os
import re
import signal
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from conversion.engine.book.model import ReaderResult
from conversion.engine.book.page import Page, words_of
from conversion.engine.epub import write_epub
from conversion.engine.errors import AuthorFixable
from conversion.engine.gate.admission import admit
from conversion.engine.readers.epub import read
from conversion.engine.readers.epub.fixed.drawing import PageDrawer
from conversion.engine.readers.epub.fixed.markup import Rebuilder, Sheet
from tests.conversion.readers import fixed_sources


def _reading(folder: Path, *bodies: str, **source: object) -> ReaderResult:
    path = folder / "a.epub"
    path.write_bytes(fixed_sources.fixed_epub(bodies, **source))  # type: ignore[arg-type]
    with admit(path, "a.epub") as manuscript:
        return read(manuscript)


def _pages(folder: Path, *bodies: str) -> list[Page]:
    return _reading(folder, *bodies).book.pages


def _told(reading: ReaderResult) -> list[tuple[str, str]]:
    codes = ("page.drawn-plainly", "page.left-out", "page.words-unplaced")
    return [(one.code, one.quote) for one in reading.findings if one.code in codes]


def test_keeps_a_drawing_that_is_not_well_formed(tmp_path: Path) -> None:
    drawing = '<svg viewBox="0 0 9 9"><rect fil"l="red" width="9" height="9"/><text>Moon</text></svg>'
    pages = _pages(tmp_path, f"{drawing}<p>The sun</p>", "<p>Night & day</p>")
    assert [" ".join(line.text for line in page.lines) for page in pages] == ["The sun Moon", "Night & day"]


@pytest.mark.parametrize("gradient", ["linear-gradient(currentColor 0, white)", "radial-gradient(CURRENTCOLOR, red)"])
def test_draws_gradients_of_the_current_colour(tmp_path: Path, gradient: str) -> None:
    reading = _reading(tmp_path, "<p>The moon</p>", css=f"p {{ background: {gradient} }}")
    assert [words_of(page) for page in reading.book.pages] == ["The moon"]
    assert _told(reading) == []


def _fail_at(number: int, act: Callable[[], None], monkeypatch: pytest.MonkeyPatch, *, plain: bool = False) -> None:
    """Let the drawing of one page fail, and if `plain` that without its design too."""
    whole = PageDrawer._set

    def fail(self: PageDrawer, sheet: Sheet) -> bytes:
        if sheet.name == f"p{number}.xhtml" and (plain or sheet in self.sheets):
            act()
        return whole(self, sheet)

    monkeypatch.setattr(PageDrawer, "_set", fail)


def _raise() -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize("act", [_raise, lambda: os.kill(os.getpid(), signal.SIGKILL)], ids=["raises", "is killed"])
def test_a_page_that_cannot_be_drawn_is_drawn_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]
) -> None:
    _fail_at(2, act, monkeypatch)
    moon = '<p>The <b>moon</b></p><div><img src="img/2.jpg" alt="A moon"/>Rising</div>'
    reading = _reading(tmp_path, "<p>The sun</p>", moon, "<p>Night</p>")
    assert _told(reading) == [("page.drawn-plainly", "OPS/p2.xhtml")]
    words = [words_of(page).split() for page in reading.book.pages]
    assert words == [["The", "sun"], ["The", "moon", "Rising"], ["Night"]]
    assert reading.book.pages[1].alt == "A moon"


def test_a_page_that_cannot_be_drawn_at_all_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fail_at(1, _raise, monkeypatch, plain=True)
    reading = _reading(tmp_path, "<p>The sun</p>", "<p>Night</p>")
    assert _told(reading) == [("page.left-out", "OPS/p1.xhtml")]
    assert [words_of(page) for page in reading.book.pages] == ["Night"]


def test_a_page_that_cannot_be_read_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Rebuilder.build

    def fail(self: Rebuilder, body: object) -> object:
        if self.part.endswith("p2.xhtml"):
            raise ZeroDivisionError
        return whole(self, body)  # type: ignore[arg-type]

    monkeypatch.setattr(Rebuilder, "build", fail)
    reading = _reading(tmp_path, "<p>The sun</p>", "<p>The moon</p>")
    assert _told(reading) == [("page.left-out", "OPS/p2.xhtml")]


def test_a_book_without_any_page_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fail_at(1, _raise, monkeypatch, plain=True)
    with pytest.raises(AuthorFixable, match=r"source\.page-undrawable"):
        _reading(tmp_path, "<p>The sun</p>")


def test_the_page_list_leads_to_pages_among_flowing_chapters(tmp_path: Path) -> None:
    spine = ("", "rendition:layout-pre-paginated", "")
    book = _reading(tmp_path, "<h1>One</h1><p>Words.</p>", "<p>A map</p>", "<h1>Two</h1>", metas="", spine=spine).book
    assert [len(chapter.pages) for chapter in book.chapters] == [0, 1, 0]
    book.metadata.identifier = "urn:x:1"
    path = tmp_path / "made.epub"
    write_epub(book, path, cover=None, modified=fixed_sources.MODIFIED)
    with zipfile.ZipFile(path) as archive:
        files = {name.rpartition("/")[2]: archive.read(name).decode() for name in archive.namelist() if "html" in name}
    listed = re.search(r'epub:type="page-list".*?</nav>', files["nav.xhtml"], re.DOTALL)
    assert listed is not None
    goals = re.findall(r'href="text/([^#"]+)#([^"]+)"', listed[0])
    assert goals
    for name, fragment in goals:
        assert f'id="{fragment}"' in files[name]

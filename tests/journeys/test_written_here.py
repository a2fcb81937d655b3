"""A book that is written in the browser, published, continued in Word, and uploaded again as its second edition."""

from __future__ import annotations

import re
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Product, visitor

type Visit = Callable[[], Page]

_BUILT_S = 240
_SLOW_MS = 60_000  # beside other processes that take all cores
FIRST = (
    "The harbour belongs to nobody in winter, and the keeper knew it better than the town.",
    "He lit the lamp at four, and he put it out when the mail boat had passed the point.",
    "Nobody had asked him to count the ships, but he had counted them for thirty years.",
)
SECOND = (
    "In the morning they found a hat upon the stones, a good one, lined with yellow silk.",
    "The girl who brought the oil had seen it before, and she said so to everybody.",
    "It belonged to a man who would not tell the name of his town for any money.",
)


@pytest.fixture
def visit(browser: Browser, product: Product) -> Iterator[Visit]:
    """Opens the site as somebody new, with cookies of their own."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(visitor(browser, product))


def test_a_book_written_here_goes_to_word_and_comes_back(visit: Visit, tmp_path: Path) -> None:
    author, reader = visit(), visit()
    steps.sign_up(author, name="Ida Storm", is_author=True)
    work = _begin(author, "The Salt Keeper")
    _write(author, work, "Chapter 1", FIRST)
    _add_chapter(author, work, "The Hat")
    _write(author, work, "The Hat", SECOND)

    steps.describe(author, work, subject="Crime and mystery")
    steps.price(author, work, "4.99", "$4.15")
    book = steps.publish(author, work)
    steps.sign_up(reader, name="Rae Winter")
    steps.buy(reader, book)
    place = _read_the_second_chapter(reader, book)
    # What was written is the manuscript now, so nothing lies over it.
    _until(author, f"/desk/works/{work}/text/", "0 corrections")

    file = _download_for_word(author, work, tmp_path)
    _correct(author, work, "The Hat", "yellow", "green")
    _until(author, f"/desk/works/{work}/text/", "1 correction")
    _upload(author, work, _changed_in_word(file, {"the mail boat": "the night boat", "thirty years": "forty years"}))

    _until(author, f"/desk/works/{work}/text/", "The book is up to date")
    expect(author.get_by_role("main")).to_contain_text("1 correction")
    expect(author.get_by_role("main")).not_to_contain_text("does not fit")
    _publish_edition(author, work)

    reader.goto(book.replace("/books/", "/read/"))
    expect(reader.locator("[data-reader-place]")).to_have_text(place)
    with zipfile.ZipFile(steps.download(reader, "EPUB").path()) as epub:
        text = "".join(epub.read(entry).decode() for entry in epub.namelist() if entry.endswith(".xhtml"))
    for words in ("the night boat", "forty years", "green silk", FIRST[0], SECOND[2]):
        assert words in text
    for words in ("the mail boat", "yellow silk"):
        assert words not in text


def _begin(author: Page, title: str) -> str:
    author.goto("/desk/works/new/")
    author.get_by_label("Title", exact=True).fill(title)
    steps.button(author, "Start writing")
    author.wait_for_url(re.compile(r"/desk/works/wrk_\w+/text/"))
    _wait_for_editor(author)  # the page loads itself anew until there is something to write in
    found = re.search(r"wrk_\w+", author.url)
    assert found is not None
    return found[0]


def _wait_for_editor(author: Page) -> None:
    author.wait_for_selector("[data-editor-state=open]", timeout=_BUILT_S * 1000)


def _open_chapter(author: Page, work: str, title: str) -> None:
    _until(author, f"/desk/works/{work}/text/", title)
    steps.link(author, title)
    _wait_for_editor(author)


def _write(author: Page, work: str, title: str, paragraphs: tuple[str, ...]) -> None:
    """Write below the heading of a chapter, and wait until the book is made with it."""
    _open_chapter(author, work, title)
    author.locator(".editor-text").click()
    author.keyboard.press("ControlOrMeta+End")
    for paragraph in paragraphs:
        author.keyboard.press("Enter")
        author.keyboard.insert_text(paragraph)
    _save(author)
    _until(author, f"/desk/works/{work}/text/", "The book is up to date")


def _correct(author: Page, work: str, title: str, old: str, new: str) -> None:
    _open_chapter(author, work, title)
    word = author.locator(".editor-text p", has_text=old)
    before = word.inner_text()
    word.click()
    author.keyboard.press("Home")
    for _ in range(before.index(old)):
        author.keyboard.press("ArrowRight")
    for _ in old:
        author.keyboard.press("Delete")
    author.keyboard.insert_text(new)
    _save(author)


def _save(author: Page) -> None:
    author.keyboard.press("ControlOrMeta+s")
    expect(author.locator(".editor-status")).to_have_attribute("data-state", "saved", timeout=_SLOW_MS)


def _add_chapter(author: Page, work: str, title: str) -> None:
    author.goto(f"/desk/works/{work}/text/")
    author.get_by_label("Title of a new chapter").fill(title)
    steps.button(author, "Add the chapter")
    _wait_for_editor(author)


def _read_the_second_chapter(reader: Page, book: str) -> str:
    """Turn pages until the second chapter, and return what the reader says of the place."""
    reader.goto(book.replace("/books/", "/read/"))
    place = reader.locator("[data-reader-place]")
    deadline = time.monotonic() + 30
    while "The Hat" not in place.inner_text() and time.monotonic() < deadline:
        reader.keyboard.press("ArrowRight")
        reader.wait_for_timeout(300)
    expect(place).to_contain_text("The Hat")
    return place.inner_text()


def _download_for_word(author: Page, work: str, folder: Path) -> Path:
    author.goto(f"/desk/works/{work}/text/")
    with author.expect_download() as started:
        author.get_by_role("main").get_by_role("link", name="Download for Word").click()
    file = folder / "the-salt-keeper.docx"
    started.value.save_as(file)
    return file


def _changed_in_word(file: Path, changes: dict[str, str]) -> Path:
    """Replace words in the document, as somebody does in Word."""
    changed = file.with_name("the-salt-keeper-2.docx")
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            content = before.read(entry)
            if entry.filename == "word/document.xml":
                text = content.decode()
                for old, new in changes.items():
                    assert old in text
                    text = text.replace(old, new)
                content = text.encode()
            after.writestr(entry, content)
    return changed


def _upload(author: Page, work: str, file: Path) -> None:
    author.goto(f"/desk/works/{work}/manuscript/")
    author.locator("input[type=file]").set_input_files(file)
    author.locator("#upload .actions button").click()
    author.wait_for_url(re.compile(r"/proof/"))


def _publish_edition(author: Page, work: str) -> None:
    _until(author, f"/desk/works/{work}/publish/", "Publish")
    author.get_by_role("main").get_by_label("Edition 2: a new edition").check()
    author.get_by_role("main").get_by_role("button", name="Publish", exact=True).click()
    author.goto(f"/desk/works/{work}/editions/")
    expect(author.get_by_role("rowheader", name="2", exact=True)).to_be_visible()


def _until(page: Page, address: str, text: str) -> None:
    """Load a page until it says so; builds begin some seconds after the last change."""
    deadline = time.monotonic() + _BUILT_S
    page.goto(address)
    while text not in page.get_by_role("main").inner_text() and time.monotonic() < deadline:
        page.wait_for_timeout(500)
        page.goto(address)
    expect(page.get_by_role("main")).to_contain_text(text)

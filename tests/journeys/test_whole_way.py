"""From a manuscript on disk to a royalty on a statement, in a real browser, against the running product."""

from __future__ import annotations

import re
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import steps
from tests.journeys.conftest import ROOT, Product, visitor

type Visit = Callable[[], Page]


@pytest.fixture
def visit(browser: Browser, product: Product) -> Iterator[Visit]:
    """Opens the site as somebody new, with cookies of their own."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(visitor(browser, product))


def _publish(page: Page, manuscript: Path, *, subject: str) -> tuple[str, str, float]:
    """The work, its page in the shop, and the seconds from upload to being on sale."""
    began = time.monotonic()
    work = steps.upload(page, manuscript)
    steps.wait_for_first_chapter(page)
    readable = time.monotonic() - began
    # Title and language are the manuscript's own once it is made; nobody types them.
    steps.wait_for_the_book(page)
    steps.describe(page, work, subject=subject)
    steps.price(page, work, "4.99", "$4.15")
    book = steps.publish(page, work)
    seconds = time.monotonic() - began
    # The figure of the main job; shown by pytest -s and kept in the log of every run.
    sys.stdout.write(
        f"\n{manuscript.name}: first chapter readable after {readable:.1f} s, on sale after {seconds:.1f} s\n"
    )
    return work, book, seconds


def test_from_a_manuscript_to_a_statement(product: Product, visit: Visit) -> None:
    author, reader, finance, second = visit(), visit(), visit(), visit()

    steps.sign_up(author, name="Nora Quill", is_author=True)
    _, book, _ = _publish(author, ROOT / "demo" / "books" / "the-tide-clerk.docx", subject="Crime and mystery")
    steps.set_up_payouts(author)

    steps.sign_up(reader, name="Rae Dalton")
    reader.goto("/search/?q=tide+clerk")
    steps.link(reader, "The Tide Clerk")
    assert book in reader.url
    steps.buy(reader, book)
    reader.goto("/library/")
    expect(reader.get_by_role("main")).to_contain_text("The Tide Clerk")
    _read(reader, book)
    with zipfile.ZipFile(steps.download(reader, "EPUB").path()) as epub:
        assert epub.read("mimetype") == b"application/epub+zip"
    assert Path(steps.download(reader, "PDF").path()).read_bytes().startswith(b"%PDF-")
    reader.goto("/outbox/")
    expect(reader.get_by_role("main")).to_contain_text("The Tide Clerk")

    steps.log_in(finance, "finance@example.org")
    finance.goto("/finance/sales/")
    finance.get_by_role("row").filter(has_text="The Tide Clerk").get_by_role("link").first.click()
    for amount in ("$4.99", "0.44", "0.40", "$4.15"):
        expect(finance.get_by_role("main")).to_contain_text(amount)

    steps.move_clock_past(finance, steps.moment_of(finance.locator("[data-clears]")))
    _pay_out(finance, second)
    steps.move_clock(finance, 31)
    _close_months(finance, second)

    author.goto("/earnings/statements/")
    author.get_by_role("main").get_by_role("row").last.get_by_role("link").first.click()
    expect(author.get_by_role("main")).to_contain_text("The Tide Clerk")
    expect(author.get_by_role("main")).to_contain_text("$4.15")
    with author.expect_download() as statement:
        author.get_by_role("main").get_by_role("link", name="PDF").click()
    assert Path(statement.value.path()).read_bytes().startswith(b"%PDF-")

    verified = product.manage("verify_ledger")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_a_book_given_back_leaves_the_library_and_the_ledger_square(product: Product, visit: Visit) -> None:
    author, reader = visit(), visit()
    steps.sign_up(author, name="Otto Blank", is_author=True)
    book = _publish(author, ROOT / "demo" / "books" / "inventory-of-a-borrowed-house.md", subject="Poetry")[1]
    steps.sign_up(reader, name="Gil Marsh")
    order = steps.buy(reader, book)

    steps.link(reader, "Return")
    steps.button(reader, "Return book")
    reader.goto(f"/orders/{order}/")
    _until(reader, "Refunded")

    reader.goto("/library/")
    expect(reader.get_by_role("main")).not_to_contain_text("Inventory of a Borrowed House")
    author.goto("/earnings/")
    expect(author.get_by_role("main")).to_contain_text("Refunded")
    assert product.manage("verify_ledger").returncode == 0


def test_a_manuscript_that_cannot_be_read_says_what_to_do(visit: Visit, tmp_path: Path) -> None:
    broken = tmp_path / "novel.docx"
    broken.write_bytes((ROOT / "demo" / "books" / "the-tide-clerk.docx").read_bytes()[:20_000])
    author = visit()
    steps.sign_up(author, name="Ben Broke", is_author=True)
    steps.upload(author, broken)
    expect(author.get_by_role("main").get_by_text("Conversion failed")).to_be_visible(timeout=60_000)
    expect(author.get_by_role("main")).to_contain_text("damaged")


@pytest.mark.parametrize(
    "name",
    [pytest.param("pride-and-prejudice.docx", marks=pytest.mark.nightly), "pride-and-prejudice.epub"],
)
def test_a_real_novel_from_upload_to_the_readers_screen(visit: Visit, corpus: Path, name: str) -> None:
    author, reader = visit(), visit()
    steps.sign_up(author, name="Jane Austen", is_author=True)
    book = _publish(author, corpus / "pride-and-prejudice" / name, subject="General and literary fiction")[1]
    steps.sign_up(reader, name="Fitz Darcy")
    steps.buy(reader, book)
    with zipfile.ZipFile(steps.download(reader, "EPUB").path()) as epub:
        text = "".join(epub.read(entry).decode() for entry in epub.namelist() if entry.endswith(".xhtml"))
    assert "truth universally acknowledged" in text


def _read(page: Page, book: str) -> None:
    """Open the web reader and turn pages with the keyboard."""
    page.goto(book.replace("/books/", "/read/"))
    place = page.locator("[data-reader-place]")
    expect(place).not_to_be_empty()
    first = place.inner_text()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(300)
    expect(place).not_to_have_text(first)


def _pay_out(finance: Page, second: Page) -> None:
    """One proposes, another approves; the money arrives."""
    finance.goto("/finance/payouts/")
    _until_button(finance, "Propose a run in USD")
    steps.button(finance, "Propose a run in USD")
    run = finance.url
    steps.log_in(second, "finance2@example.org")
    second.goto(run)
    steps.button(second, re.compile("Approve and send"))
    _until(second, "Paid")


def _close_months(finance: Page, second: Page) -> None:
    """Compare; one person prepares each month that is over, the other one closes it."""
    finance.goto("/finance/reconciliation/")
    steps.button(finance, "Compare now")
    for _ in range(6):  # other journeys have moved the clock, too
        finance.goto("/finance/months/")
        prepare = finance.get_by_role("button", name=re.compile("^Prepare the close of "))
        if not prepare.is_visible():
            return
        deadline = time.monotonic() + 60
        while prepare.is_visible() and time.monotonic() < deadline:  # until a worker has compared
            prepare.click()
        expect(finance.get_by_role("main")).to_contain_text("another person has to close the month")
        second.goto("/finance/months/")
        steps.button(second, re.compile("^Close "))
        expect(second.get_by_role("main")).to_contain_text("Overview")


def _until(page: Page, text: str) -> None:
    """Reload until the page says so; the worker needs a moment."""
    deadline = time.monotonic() + 60
    while text not in page.get_by_role("main").inner_text() and time.monotonic() < deadline:
        page.wait_for_timeout(500)
        page.reload()
    expect(page.get_by_role("main")).to_contain_text(text)


def _until_button(page: Page, name: str) -> None:
    deadline = time.monotonic() + 60
    while not page.get_by_role("button", name=name).is_visible() and time.monotonic() < deadline:
        page.wait_for_timeout(500)
        page.reload()

"""An author at the proof: remarks, a fix, the proof sheet, a design, and publishing in spite of a remark."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Product, visitor

_WORDS = "The keeper wrote the number down -- all of it -- and went to bed. " * 30
_MADE_S = 180
_REASON = "The number is meant to run off the page; the story says so."


def _manuscript(folder: Path) -> Path:
    """A book with dashes typed as hyphens, and a number that no page is wide enough for."""
    number = "9" * 160
    chapters = (
        f"<h1>The Number</h1><p>{_WORDS}</p><p>It was 10<sup>{number}</sup>.</p>",
        f"<h1>The Bed</h1><p>{_WORDS}</p>",
    )
    path = folder / "number.html"
    head = "<title>The Number</title><meta name='author' content='Ida Quill'>"
    path.write_text(f"<html lang='en'><head>{head}</head><body>{''.join(chapters)}</body></html>")
    return path


def test_from_remarks_to_publishing_with_a_decision(product: Product, browser: Browser, tmp_path: Path) -> None:
    began = time.monotonic()
    with visitor(browser, product) as page:
        steps.sign_up(page, name="Ida Quill", is_author=True)
        work = steps.upload(page, _manuscript(tmp_path))
        steps.wait_for_the_book(page)
        expect(page.locator("#job-sentence")).to_contain_text("prevents publishing")
        _have_dashes_mended(page, work)
        _see_the_cut_page(page, work)
        _choose_a_design(page, work)
        steps.describe(page, work, subject="Crime and mystery")
        steps.price(page, work, "4.99", "$4.15")
        _decide(page, work)
        steps.publish(page, work)
    sys.stdout.write(f"\nfrom upload to being on sale with a decision: {time.monotonic() - began:.1f} s\n")


def _open(page: Page, work: str, path: str) -> None:
    page.goto(f"/desk/works/{work}/{path}")


def _reload_until(page: Page, work: str, path: str, wanted: Locator) -> None:
    deadline = time.monotonic() + _MADE_S
    _open(page, work, path)
    while not wanted.is_visible() and time.monotonic() < deadline:
        page.wait_for_timeout(1000)
        _open(page, work, path)


def _have_dashes_mended(page: Page, work: str) -> None:
    _open(page, work, "proof/remarks/")
    steps.button(page, re.compile("^Fix this.* is used as a dash"))
    expect(page.get_by_text(re.compile(r"\d+ places fixed")).first).to_be_visible()
    _open(page, work, "text/corrections/")
    page.locator(".text-fix a").first.click()
    place = page.locator(".text-correction").first
    expect(place.locator("del")).to_contain_text("--")
    expect(place.locator("ins")).to_contain_text("–")
    _reload_until(page, work, "text/", page.get_by_text("The book is up to date"))
    _open(page, work, "proof/remarks/")
    expect(page.get_by_role("button", name=re.compile("^Fix this.* is used as a dash"))).to_have_count(0)


def _see_the_cut_page(page: Page, work: str) -> None:
    """From the remark to the page with its frame, by its link; back to the sheet by the key.

    The PDFs of a corrected book come after its EPUB, and with them the remarks about their pages.
    """
    gate = page.get_by_role("region", name="Before you can publish")
    cut = gate.get_by_role("link", name=re.compile("^Page ")).first
    _reload_until(page, work, "proof/remarks/", cut)
    cut.click()
    expect(page.get_by_role("heading", name="On this page")).to_be_visible()
    expect(page.locator("main .fault-blocker").first).to_be_attached()
    expect(page.get_by_role("main")).to_contain_text("runs off the edge of the page")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="E-reader")).to_be_visible()
    picture = page.locator(".sheet img").first
    expect(picture).to_have_js_property("complete", value=True)
    assert picture.evaluate("picture => picture.naturalWidth") > 0


def _choose_a_design(page: Page, work: str) -> None:
    """The author's own page in every design comes by itself."""
    _open(page, work, "design/")
    expect(page.locator(".spread img").first).to_be_visible(timeout=60_000)
    expect(page.get_by_role("img", name=re.compile("first pages of your book"))).to_have_count(4)
    page.get_by_role("radio", name=re.compile("^Romance")).check()
    steps.button(page, "Use this design")
    expect(page.get_by_role("radio", name=re.compile("^Romance"))).to_be_checked()


def _decide(page: Page, work: str) -> None:
    """Once the files are made in the new design: publishing is refused until the author has said why."""
    _open(page, work, "proof/")
    steps.wait_for_the_book(page)
    _open(page, work, "publish/")
    expect(page.get_by_role("main")).to_contain_text("A few things are still missing.")
    expect(page.get_by_role("button", name="Publish now")).to_have_count(0)
    steps.link(page, re.compile("runs off the edge"))
    page.get_by_text("This is correct as it is", exact=True).click()
    page.get_by_label("Why this is correct as it is").fill(_REASON)
    steps.button(page, "Save reason")
    expect(page.get_by_role("main")).to_contain_text("Approved by Ida Quill")
    _open(page, work, "publish/")
    expect(page.get_by_role("main")).to_contain_text(_REASON)

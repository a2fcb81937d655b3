"""Books of pages in Chromium: read aloud and typos reported where a page has words, and tools that a finger can hit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from common import clock
from conversion.engine.book.model import Book
from conversion.engine.web import write_web
from storefront.checkout.models import Entitlement
from storefront.reading.models import TypoReport
from tests.conversion.readers.fixed_sources import page_book
from tests.factories.accounts import make_reader
from tests.factories.conversion import make_artifact, make_done_job
from tests.factories.publishing import make_published_edition
from tests.storefront.reading.test_aloud_browser import ADA, FAKE, SAID, SLOW, wait_for
from tests.support.hands import FINGER_PX
from tests.support.reading import use_tool

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

PAGE = ["The sun went up, and nobody saw."]
MARKED = """['sentence', 'word'].map((name) =>
    [...(CSS.highlights.get(name) ?? [])].map((range) => range.toString().trim())[0] ?? '')"""
TOOLS = """[...document.querySelectorAll('.reader-bar button')].filter((one) => one.checkVisibility()).map((one) => {
    const { width, height, right } = one.getBoundingClientRect();
    return [one.ariaLabel ?? one.innerText, width, height, right];
})"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def sun() -> Book:
    return page_book()


def without_words(book: Book, *numbers: int) -> Book:
    for number, one in enumerate((page for chapter in book.chapters for page in chapter.pages), 1):
        if number in numbers:
            one.lines.clear()
    return book


def open_book(page: Page, live_server: LiveServer, folder: Path, book: Book, **voice: Any) -> None:
    speech = json.dumps({"voices": [ADA], **voice})
    page.add_init_script(f"""{FAKE}
        const speech = makeFakeSpeech({speech});
        Object.defineProperty(window, "speechSynthesis", {{ value: speech.synth }});
        window.SpeechSynthesisUtterance = speech.Utterance;""")
    job = make_done_job()
    job.artifacts.filter(kind="web").delete()
    write_web(book, folder / "web.zip")
    make_artifact(job, kind="web", content=(folder / "web.zip").read_bytes())
    edition = make_published_edition(slug="sun", job=job)
    reader = make_reader()
    Entitlement.objects.create(user=reader, work=edition.work, edition=edition, granted_at=clock.now())
    client = Client()
    client.force_login(reader)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page.goto(f"{live_server.url}/read/sun/")
    page.wait_for_selector("[data-reader=open]", state="attached")


class TestReadingAloud:
    def test_reads_to_the_end_and_passes_over_pictures(
        self, live_server: LiveServer, page: Page, tmp_path: Path, sun: Book
    ) -> None:
        open_book(page, live_server, tmp_path, without_words(sun, 2, 3, 5), perLetter=0.2)
        use_tool(page, "[data-aloud]")
        expect(page.get_by_role("heading", name="The end")).to_be_visible(timeout=30_000)
        assert page.evaluate(SAID) == PAGE * 3
        expect(page.locator("[data-aloud-bar]")).to_be_hidden()

    def test_the_sentence_is_marked_and_the_word(
        self, live_server: LiveServer, page: Page, tmp_path: Path, sun: Book
    ) -> None:
        open_book(page, live_server, tmp_path, sun, perLetter=SLOW)
        use_tool(page, "[data-aloud]")
        wait_for(page, f"JSON.stringify({MARKED}) === '{json.dumps([*PAGE, 'The'], separators=(',', ':'))}'")
        page.keyboard.press("Escape")
        assert page.evaluate(MARKED) == ["", ""]
        assert not page.evaluate("speechSynthesis.speaking")

    def test_goes_on_with_the_page_turned_by_hand(
        self, live_server: LiveServer, page: Page, tmp_path: Path, sun: Book
    ) -> None:
        open_book(page, live_server, tmp_path, sun, perLetter=SLOW)
        use_tool(page, "[data-aloud]")
        wait_for(page, f"{SAID}.length === 1")
        page.click("[data-turn=right]")
        wait_for(page, f"{SAID}.length === 2")
        expect(page.locator(".leaf")).to_have_attribute("aria-label", "Page 2")

    def test_is_not_offered_on_a_page_without_words(
        self, live_server: LiveServer, page: Page, tmp_path: Path, sun: Book
    ) -> None:
        open_book(page, live_server, tmp_path, without_words(sun, 2))
        page.click(".reader-more-button")
        expect(page.get_by_role("button", name="Listen")).to_be_visible()
        page.keyboard.press("Escape")
        page.click("[data-turn=right]")
        page.click(".reader-more-button")
        expect(page.get_by_role("button", name="Notes")).to_be_visible()
        expect(page.get_by_role("button", name="Listen")).to_be_hidden()
        page.set_viewport_size({"width": 1440, "height": 900})  # beside page 3
        expect(page.get_by_role("button", name="Listen")).to_be_visible()

    def test_nor_in_a_book_without_any_nor_selecting_by_its_key(
        self, live_server: LiveServer, page: Page, tmp_path: Path, sun: Book
    ) -> None:
        open_book(page, live_server, tmp_path, without_words(sun, 1, 2, 3, 4, 5, 6))
        page.set_viewport_size({"width": 1440, "height": 900})
        expect(page.get_by_role("button", name="Notes")).to_be_visible()
        expect(page.get_by_role("button", name="Listen")).to_be_hidden()
        page.keyboard.press("?")
        keys = page.locator(".reader-keys")
        expect(keys.get_by_text("Bookmark")).to_be_visible()
        expect(keys.get_by_text("Select text to highlight it")).to_be_hidden()


def test_a_typo_on_a_page_is_reported(live_server: LiveServer, page: Page, tmp_path: Path, sun: Book) -> None:
    open_book(page, live_server, tmp_path, sun)
    page.click("[data-turn=right]")
    expect(page.locator(".leaf-words span").first).to_have_text("The sun went up,")
    words = "document.querySelector('.leaf-words span').firstChild"
    page.evaluate(f"document.getSelection().setBaseAndExtent({words}, 4, {words}, 7)")
    page.get_by_role("button", name="Typo").click()
    dialog = page.get_by_role("dialog", name="Report a typo")
    expect(dialog.locator("blockquote")).to_have_text("sun")
    dialog.get_by_label("How they should be").fill("moon")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_text("Thank you.")).to_be_visible()
    report = TypoReport.objects.get()
    assert (report.exact, report.replacement, report.prefix, report.start) == ("sun", "moon", "The ", 4)
    assert report.block == 1, "the second page's"


@pytest.mark.parametrize("width", [360, 768])
def test_tools_can_be_hit_by_a_finger(
    live_server: LiveServer, page: Page, tmp_path: Path, sun: Book, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    open_book(page, live_server, tmp_path, sun)
    page.click(".reader-more-button")
    tools = page.evaluate(TOOLS)
    assert len(tools) == 10, tools
    small = [one for one in tools if one[1] < FINGER_PX - 0.5 or one[2] < FINGER_PX - 0.5 or one[3] > width]
    assert not small
    page.locator("[data-zoom=in]").click()
    expect(page.locator("[data-zoom-output]")).to_have_text("150 %")
    expect(page.locator("[data-zoom=in]")).to_be_visible()  # to be pressed again

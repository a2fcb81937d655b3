"""Bars that hide, keys for the whole book, and the full screen, in Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.reading import RENDERER, WORDS, chapter, publish

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
]


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """The sample of a book, open."""
    publish(first=chapter("Harbour", 60))
    with browser.new_page(viewport={"width": 900, "height": 700}) as opened:
        opened.goto(f"{live_server.url}/read/lighthouse/sample/")
        opened.wait_for_selector("[data-reader=open]", state="attached")
        yield opened


def opacity(bar: Locator) -> str:
    shown: str = bar.evaluate("(bar) => getComputedStyle(bar).opacity")
    return shown


class TestBars:
    def test_a_click_in_the_middle_hides_and_shows_them(self, page: Page) -> None:
        bar = page.locator("[data-reader-bar]")
        words = page.evaluate(WORDS)
        page.mouse.click(450, 350)
        expect(bar).to_have_css("opacity", "0")
        expect(page.get_by_text("Bars hidden. Tap the middle of the page, or press M, to show them.")).to_be_visible()
        assert page.evaluate(WORDS) == words
        page.reload()
        page.wait_for_selector("[data-reader=open]", state="attached")
        expect(bar).to_have_css("opacity", "0")
        page.mouse.click(450, 350)
        expect(bar).to_have_css("opacity", "1")

    def test_the_focus_brings_them_back(self, page: Page) -> None:
        page.keyboard.press("m")
        bar = page.locator("[data-reader-bar]")
        expect(bar).to_have_css("opacity", "0")
        page.get_by_role("button", name="Appearance").focus()  # screen readers find it, too
        expect(bar).to_have_css("opacity", "1")

    def test_a_double_click_selects_a_word_and_leaves_them(self, page: Page) -> None:
        page.mouse.dblclick(300 + 20, 350)
        page.wait_for_timeout(400)
        assert opacity(page.locator("[data-reader-bar]")) == "1"


class TestMenu:
    def test_leaves_room_for_the_title_on_a_phone(self, page: Page) -> None:
        page.set_viewport_size({"width": 360, "height": 740})
        assert page.evaluate("document.querySelector('.reader-title').clientWidth") >= 80
        tools = page.locator("[data-reader-tools] > button:visible")
        assert tools.evaluate_all("(found) => found.map((one) => one.offsetWidth >= 44)") == [True] * 3
        page.get_by_role("button", name="More").click()
        page.get_by_role("button", name="Notes").click()
        expect(page.locator("[data-panel=notes]")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Notes")).to_be_hidden()

    def test_is_none_where_there_is_room(self, page: Page) -> None:
        page.set_viewport_size({"width": 1200, "height": 740})
        expect(page.get_by_role("button", name="More")).to_be_hidden()
        expect(page.get_by_role("button", name="Notes")).to_be_visible()


class TestKeys:
    def test_home_and_end_lead_through_the_book_and_back(self, page: Page) -> None:
        page.keyboard.press("End")
        last = page.evaluate(f"{RENDERER}.pages - 2")
        page.wait_for_timeout(300)
        assert page.evaluate(f"{RENDERER}.page") == last
        expect(page.locator("[data-reader-return]")).to_be_visible()
        page.keyboard.press("Home")
        page.wait_for_timeout(300)
        assert page.evaluate(f"{RENDERER}.page") == 1

    def test_a_list_tells_the_keys(self, page: Page) -> None:
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keyboard")).to_contain_text("Start or end of the book")
        page.keyboard.press("Escape")
        page.click("[data-open=appearance]")
        page.get_by_text("More", exact=True).click()
        page.get_by_role("button", name="Keyboard").click()
        expect(page.get_by_role("dialog")).to_have_count(1)

    def test_f_fills_the_screen(self, page: Page) -> None:
        page.keyboard.press("f")
        page.wait_for_timeout(300)
        assert page.evaluate("document.fullscreenElement === document.documentElement")
        page.click("[data-open=appearance]")
        page.get_by_text("More", exact=True).click()
        page.get_by_role("button", name="Full screen", pressed=True).click()
        page.wait_for_timeout(300)
        assert page.evaluate("document.fullscreenElement === null")

"""Pictures are enlarged, and wide tables scroll in themselves, in Chromium."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.reading import DOCUMENT, RENDERER, chapter, drawn_picture, publish

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
]
CELLS = "".join(f"<td>Cell{n}withoutblanks</td>" for n in range(12))
LONG_WORD = "Q" + "".join(f"tide{n}" for n in range(30))
BOOK = f"""<h1>Plates</h1><p>A ship:</p><img src="../assets/ship.png" alt="A ship under sail"/>
<table><caption>Tides</caption><tr>{CELLS}<td>{LONG_WORD}</td></tr></table><table><tr><td>Small</td></tr></table>{chapter("More")}"""
HIT = "[...(CSS.highlights.get('hit-now') ?? [])][0]"  # in the chapter
HIT_IN_PAGE = f"(({{ CSS }}) => {HIT})({DOCUMENT}.defaultView)"
CLICK = """(cell, x) => cell.dispatchEvent(new MouseEvent("click", {
  bubbles: true, cancelable: true, clientX: x - frameElement.getBoundingClientRect().left, detail: 1 }))"""
TABLE = f"{DOCUMENT}.querySelectorAll('table')"


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    publish(first=BOOK, assets={"ship.png": drawn_picture()})
    with browser.new_page(viewport={"width": 360, "height": 700}, has_touch=True) as opened:
        opened.goto(f"{live_server.url}/read/lighthouse/sample/")
        opened.wait_for_selector("[data-reader-features=all]", state="attached")
        opened.frames[1].wait_for_selector("[data-scrolls]", state="attached")
        yield opened


def test_a_picture_is_enlarged_by_enter_and_closes_by_escape(page: Page) -> None:
    page.evaluate(f"{DOCUMENT}.querySelector('img').focus()")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="A ship under sail")
    expect(dialog).to_be_visible()
    before = dialog.locator("img").evaluate("(image) => image.clientWidth")
    dialog.get_by_role("button", name="Larger").click()
    assert dialog.locator("img").evaluate("(image) => image.clientWidth") > before
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert page.evaluate(f"{RENDERER}.page") == 1


def test_a_click_on_a_picture_turns_no_page(page: Page) -> None:
    page.evaluate(f"{DOCUMENT}.querySelector('img').click()")
    expect(page.get_by_role("dialog", name="A ship under sail")).to_be_visible()
    assert page.evaluate(f"{RENDERER}.page") == 1


def test_a_wide_table_scrolls_in_itself(page: Page) -> None:
    told = page.evaluate(
        f"[...{TABLE}].map(({{ parentElement: box }}) => [box.getAttribute('role'), box.getAttribute('aria-label'), "
        "box.scrollWidth > box.clientWidth])"
    )
    assert told == [["region", "Tides", True], [None, None, False]]
    page.evaluate(f"{TABLE}[0].parentElement.focus()")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    assert page.evaluate(f"{TABLE}[0].parentElement.scrollLeft") > 0
    assert page.evaluate(f"{RENDERER}.page") <= 2


class TestJumpsIntoAWideTable:
    """Where its words are shown: they may be far from the table's beginning, or longer than the page is wide."""

    def find(self, page: Page, words: str) -> list[float]:
        """How far the table is scrolled then; where the words begin and end in it; and how wide it is."""
        page.keyboard.press("/")
        page.fill("[data-search-box]", words)
        page.locator(".reader-hit").click()
        page.frames[1].wait_for_function(f"{HIT}?.toString() === {words!r}")
        page.wait_for_timeout(400)
        found: list[float] = page.evaluate(f"""(() => {{
            const [box, hit] = [{TABLE}[0].parentElement, {HIT_IN_PAGE}.getBoundingClientRect()];
            const {{ left }} = box.getBoundingClientRect();
            return [box.scrollLeft, hit.left - left, hit.right - left, box.clientWidth]; }})()""")
        return found

    def test_words_at_its_beginning_leave_it_there(self, page: Page) -> None:
        scrolled, begin, end, width = self.find(page, "Cell0without")
        assert (scrolled, begin >= 0, end <= width) == (0, True, True)

    def test_words_out_of_sight_are_brought_to_its_middle(self, page: Page) -> None:
        scrolled, begin, end, width = self.find(page, "Cell7without")
        assert scrolled > width
        assert begin == pytest.approx(width - end, abs=2)

    def test_a_word_wider_than_the_page_is_shown_from_its_beginning(self, page: Page) -> None:
        scrolled, begin, end, width = self.find(page, LONG_WORD)
        assert scrolled > width
        assert end > width
        assert begin == pytest.approx(0, abs=2)


class TestTapsOnAWideTable:
    def tap(self, page: Page, share: float) -> None:
        """With a finger, where this share of the page is on its left."""
        page.touchscreen.tap(360 * share, self.height(page))

    def height(self, page: Page) -> float:
        box = page.frames[1].locator("[data-scrolls]").bounding_box()
        assert box
        return box["y"] + 20

    def test_turn_the_page_as_on_text(self, page: Page) -> None:
        self.tap(page, 0.9)
        expect_page(page, 2)
        page.keyboard.press("ArrowRight")  # is not the table's, which is out of sight
        expect_page(page, 3)

    def test_hide_the_bars_in_the_middle(self, page: Page) -> None:
        self.tap(page, 0.5)
        expect(page.locator("[data-reader-bar]")).to_have_css("opacity", "0")
        assert page.evaluate(f"{RENDERER}.page") == 1

    def test_do_not_turn_it_when_the_finger_scrolls(self, page: Page) -> None:
        y = self.height(page)
        finger = page.context.new_cdp_session(page)
        for step in range(12):
            at = {"touchPoints": [{"x": 330 - 20 * step, "y": y}]}
            finger.send("Input.dispatchTouchEvent", {"type": "touchMove" if step else "touchStart"} | at)
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        page.frames[1].wait_for_function("document.querySelector('[data-scrolls]').scrollLeft > 0")
        page.wait_for_timeout(400)
        assert page.evaluate(f"{RENDERER}.page") == 1

    def test_do_not_turn_it_while_words_in_it_are_selected(self, page: Page) -> None:
        page.frames[1].evaluate("getSelection().selectAllChildren(document.querySelector('[data-scrolls] td'))")
        page.frames[1].evaluate(f"({CLICK})(document.querySelector('[data-scrolls] td'), 0.9 * 360)")
        page.wait_for_timeout(400)
        assert page.evaluate(f"{RENDERER}.page") == 1


def expect_page(page: Page, number: int) -> None:
    deadline = time.monotonic() + 10
    while (now := page.evaluate(f"{RENDERER}.page")) != number:
        assert time.monotonic() < deadline, now
        page.wait_for_timeout(50)

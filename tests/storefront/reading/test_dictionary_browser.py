"""The dictionary in the reader, in Chromium: by mouse, by keyboard, by touch; with no line; in books of pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as shop_settings
from playwright.sync_api import Browser, Frame, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.storefront.reading.test_notes_browser import bar, opened, page_shown, select, wait_for_page
from tests.storefront.reading.test_reader_browser import go_to_reader, publish
from tests.storefront.reading.test_reader_pages_browser import open_reader
from tests.storefront.reading.test_reader_pages_browser import publish as publish_pages

pytestmark = [
    pytest.mark.usefixtures("dictionaries"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (shop_settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
]

LINE = "<p>Quays {}. Rain fell on the water, and the lamp was lit again.</p>"
BODY = "<h1>The Harbour</h1>" + "".join(LINE.format(n) for n in range(60))
AXE = shop_settings.BASE_DIR / "node_modules/axe-core/axe.min.js"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened_page = browser.new_page(viewport={"width": 1200, "height": 800})
    opened_page.set_default_timeout(15_000)
    yield opened_page
    opened_page.close()


@pytest.fixture
def book(page: Page, live_server: LiveServer) -> Frame:
    go_to_reader(page, live_server, publish(BODY))
    return opened(page)


def panel(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Dictionary")


def test_a_word_is_looked_up_and_reading_goes_on(page: Page, book: Frame) -> None:
    book.locator("p").first.dblclick(position={"x": 12, "y": 10})
    bar(page).get_by_role("button", name="Look up").click()
    expect(panel(page).get_by_role("heading", name="quay")).to_have_text("quay noun")
    expect(panel(page)).to_contain_text("wharf usually built parallel to the shoreline")
    expect(panel(page)).to_contain_text("he came down to the quay")
    panel(page).get_by_text("WordNet 3.0 © Princeton University").click()
    expect(panel(page)).to_contain_text("This database may be used by anybody.")
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    expect(bar(page)).to_be_hidden()
    page.keyboard.press("ArrowRight")
    wait_for_page(page, 2)


def test_by_keys_alone(page: Page, book: Frame) -> None:
    page.keyboard.press("h")
    for words in ("The Harbour", "Quays 0.", "Rain fell on the water"):
        expect(page.locator("[data-notes-live]")).to_contain_text(f"Selected: {words}")
        if not words.startswith("Rain"):
            page.keyboard.press("ArrowDown")
    expect(bar(page).get_by_role("button", name="Look up")).to_be_hidden()  # a sentence
    for _ in range(12):
        page.keyboard.press("Shift+ArrowLeft")
        if book.evaluate("document.getSelection().toString().trim()") == "Rain":
            break
    expect(bar(page).get_by_role("button", name="Look up")).to_be_visible()
    page.keyboard.press("d")
    expect(panel(page).get_by_role("heading", name="rain")).to_be_visible()
    place = page_shown(page)
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    wait_for_page(page, place + 1)
    page.keyboard.press("d")
    expect(panel(page).get_by_label("Word to look up")).to_be_focused()
    page.keyboard.type("fell")
    page.keyboard.press("Enter")
    expect(panel(page).get_by_role("heading", name="fall")).to_be_visible()


def test_other_words_of_a_sense_lead_on(page: Page, book: Frame) -> None:
    page.keyboard.press("d")
    page.keyboard.type("rain")
    page.keyboard.press("Enter")
    panel(page).get_by_role("button", name="rainfall").click()
    expect(panel(page).get_by_role("heading", name="rainfall")).to_be_visible()
    expect(panel(page).get_by_label("Word to look up")).to_have_value("rainfall")


def test_what_is_not_there_is_said_with_the_word(page: Page, book: Frame) -> None:
    page.keyboard.press("d")
    page.keyboard.type("water")
    page.keyboard.press("Enter")
    expect(panel(page).get_by_role("status")).to_have_text("Nothing found for “water”.")
    expect(panel(page).get_by_text("The dictionary of your device may have it")).to_be_visible()


def test_without_a_line_it_says_so(page: Page, book: Frame) -> None:
    page.keyboard.press("d")
    page.route("**/reading/define/**", lambda route: route.abort())
    page.keyboard.type("rain")
    page.keyboard.press("Enter")
    expect(panel(page).get_by_role("status")).to_contain_text("The dictionary needs a connection.")
    page.unroute("**/reading/define/**")
    page.keyboard.press("Enter")
    expect(panel(page).get_by_role("heading", name="rain", exact=False).first).to_be_visible()


def test_the_sheet_leaves_the_word_in_sight(page: Page, book: Frame) -> None:
    low = "[...document.querySelectorAll('p')].findIndex((p) => p.getBoundingClientRect().top > innerHeight * 0.7)"
    for number, is_above in ((1, False), (book.evaluate(low), True)):
        select(book, number, 0, number, 5)
        bar(page).get_by_role("button", name="Look up").click()
        box = panel(page).bounding_box()
        assert box
        assert (box["y"] == 0) == is_above
        panel(page).get_by_role("button", name="Close").click()
        expect(panel(page)).to_be_hidden()
        for _ in range(100):
            if book.evaluate("document.getSelection().isCollapsed"):
                break
            page.wait_for_timeout(20)
        else:
            raise AssertionError("the word is still selected")


def test_it_is_usable_on_a_phone_and_with_a_screen_reader(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, bypass_csp=True
    )
    page = context.new_page()
    go_to_reader(page, live_server, publish(BODY))
    frame = opened(page)
    select(frame, 1, 0, 1, 5)
    bar(page).get_by_role("button", name="Look up").tap()
    expect(panel(page).get_by_role("heading", name="quay")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate("document.querySelector('[data-panel=dictionary]').scrollWidth") <= 360
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run('[data-panel=dictionary]').then(({violations}) => violations.map(({id}) => id))")
    assert found == []
    context.close()


def test_words_over_the_pages_of_a_book_of_pages_too(page: Page, live_server: LiveServer, tmp_path: Path) -> None:
    open_reader(page, live_server, publish_pages(tmp_path))
    page.locator(".leaf-words span").first.wait_for(state="attached")
    words = page.evaluate(
        """() => {
            const words = document.querySelector(".leaf-words:has(span)");
            const node = document.createTreeWalker(words, NodeFilter.SHOW_TEXT).nextNode();
            document.getSelection().setBaseAndExtent(node, 0, node, node.data.trim().split(" ")[0].length);
            return document.getSelection().toString();
        }"""
    )
    bar(page).get_by_role("button", name="Look up").click()
    expect(panel(page).get_by_label("Word to look up")).to_have_value(words.strip())
    expect(panel(page).get_by_role("status")).not_to_be_empty()


def test_the_browser_s_own_menu_opens_on_selected_words(page: Page, book: Frame) -> None:
    """With its look-up, search and translation."""
    book.evaluate("addEventListener('contextmenu', (event) => (window.isMenuKept = !event.defaultPrevented))")
    book.locator("p").first.dblclick(position={"x": 12, "y": 10})
    expect(bar(page)).to_be_visible()
    book.locator("p").first.click(position={"x": 12, "y": 10}, button="right")
    assert book.evaluate("window.isMenuKept")
    assert book.evaluate("document.getSelection().toString().trim()") == "Quays"
    expect(bar(page)).to_be_visible()


def test_a_word_that_is_not_there_is_handed_to_the_share_sheet(page: Page, live_server: LiveServer) -> None:
    page.add_init_script("navigator.share = async ({ text }) => (window.shared = text)")
    go_to_reader(page, live_server, publish(BODY))
    opened(page)
    page.keyboard.press("d")
    page.keyboard.type("water")
    page.keyboard.press("Enter")
    panel(page).get_by_role("button", name="Share the word").click()
    assert page.evaluate("window.shared") == "water"

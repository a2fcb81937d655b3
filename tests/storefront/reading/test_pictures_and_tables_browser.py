"""Pictures are enlarged, and wide tables scroll in themselves, in Chromium."""

from __future__ import annotations

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
BOOK = f"""<h1>Plates</h1><p>A ship:</p><img src="../assets/ship.png" alt="A ship under sail"/>
<table><caption>Tides</caption><tr>{CELLS}</tr></table><table><tr><td>Small</td></tr></table>{chapter("More")}"""
TABLE = f"{DOCUMENT}.querySelectorAll('table')"


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    publish(first=BOOK, assets={"ship.png": drawn_picture()})
    with browser.new_page(viewport={"width": 360, "height": 700}) as opened:
        opened.goto(f"{live_server.url}/read/lighthouse/sample/")
        opened.wait_for_selector("[data-reader=open]", state="attached")
        opened.wait_for_timeout(500)
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
    page.frames[1].wait_for_selector("[data-scrolls]")
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

"""Pages, what is left, ways back, and that search, contents and reading aloud are accessible, in Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from common import clock
from publishing.models import Edition
from storefront.checkout.models import Entitlement
from tests.factories.accounts import make_reader
from tests.support.reading import DOCUMENT, publish, use_tool

AXE = settings.BASE_DIR / "node_modules/axe-core/axe.min.js"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 700})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def open_book(page: Page, live_server: LiveServer, edition: Edition) -> None:
    reader = make_reader()
    Entitlement.objects.create(user=reader, work=edition.work, edition=edition, granted_at=clock.now())
    client = Client()
    client.force_login(reader)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page.goto(f"{live_server.url}/read/lighthouse/")
    page.wait_for_selector("[data-reader=open]", state="attached")


class TestFigure:
    def test_shows_something_else_at_each_press_and_keeps_the_choice(self, live_server: LiveServer, page: Page) -> None:
        open_book(page, live_server, publish())
        figure = page.locator("[data-reader-figure]")
        for words in ("Page 1 of 13", "4 pages left in chapter", "Time left: after a few pages"):
            expect(figure).to_have_text(re.compile(words))
            figure.click()
        figure.click()
        expect(figure).to_have_text(re.compile(r"^\s*[0-9]+ %\s*$"))
        page.reload()
        page.wait_for_selector("[data-reader=open]", state="attached")
        expect(figure).to_have_text(re.compile(r"^\s*[0-9]+ %\s*$"))
        figure.click()
        expect(figure).to_have_text(re.compile("Page 1 of 13"))

    def test_time_left_is_measured(self, live_server: LiveServer, page: Page) -> None:
        """Of 1,000 characters a minute, as this browser has it from earlier books."""
        page.add_init_script('localStorage["reader-pace"] = \'{"en": [1000, 1000, 1000, 500, 2000]}\'')
        page.add_init_script('localStorage["reader-figure"] = "chapter-time"')
        open_book(page, live_server, publish(paragraphs=200))
        figure = page.locator("[data-reader-figure]")
        expect(figure).to_contain_text("14 min left in chapter")
        figure.click()
        expect(figure).to_contain_text("42 min left in book")

    def test_the_chapter_is_named_on_phones_too(self, live_server: LiveServer, page: Page) -> None:
        open_book(page, live_server, publish())
        expect(page.locator("[data-reader-place-below]")).to_have_text("Harbour")
        expect(page.locator("[data-reader-place-below]")).to_be_visible()
        expect(page.locator("[data-reader-place]")).to_be_hidden()

    def test_goes_to_a_page_and_back(self, live_server: LiveServer, page: Page) -> None:
        open_book(page, live_server, publish())
        figure = page.locator("[data-reader-figure]")
        page.click("[data-open=contents]")
        expect(page.get_by_role("link", name="Letter 9")).to_be_visible()
        page.fill("[name=page]", "14")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Enter a page from 1 to 13.")).to_be_visible()
        page.fill("[name=page]", "11")
        page.keyboard.press("Enter")
        expect(figure).to_contain_text("Page 11 of 13")
        page.get_by_role("button", name="Back to page 1").click()
        expect(figure).to_contain_text("Page 1 of 13")


class TestWaysBack:
    def test_a_link_and_a_note_have_one(self, live_server: LiveServer, page: Page) -> None:
        note = '<p id="n">A note.</p>'
        first = f'<h1>One</h1><p><a href="c3.xhtml">on</a> <a class="noteref" href="#n">1</a></p>{note}'
        open_book(page, live_server, publish(first=first))
        place, back = page.locator("[data-reader-place]"), page.locator("[data-reader-return]")
        frame = next(one for one in page.frames if one.url.startswith("blob:"))
        frame.get_by_text("on", exact=True).click()
        expect(place).to_have_text("Letter")
        back.click()
        expect(place).to_have_text("Harbour")
        frame = next(one for one in page.frames if one.url.startswith("blob:"))
        frame.get_by_text("1", exact=True).click()
        page.get_by_role("button", name="Go to the note").click()
        expect(back).to_be_visible()
        page.go_back()
        expect(back).to_be_hidden()
        assert page.evaluate(f"{DOCUMENT}.querySelector('h1').textContent") == "One"


@pytest.mark.skipif(not AXE.exists(), reason="npm ci has not run")
@pytest.mark.parametrize("theme", ["paper", "sepia", "dark"])
def test_axe_finds_nothing(live_server: LiveServer, page: Page, theme: str) -> None:
    page.add_init_script(f"localStorage.reader = JSON.stringify({{ theme: '{theme}' }})")
    open_book(page, live_server, publish())
    page.evaluate(AXE.read_text(encoding="utf-8"))

    def violations() -> list[object]:
        found = page.evaluate("axe.run(document, { iframes: false })")["violations"]
        return [(one["id"], node["html"], node["failureSummary"]) for one in found for node in one["nodes"]]

    use_tool(page, "[data-open=search]")
    page.fill("[data-search-box]", "quay")
    expect(page.get_by_text("180 results")).to_be_visible()
    assert violations() == []
    page.locator(".reader-hit").first.click()
    use_tool(page, "[data-aloud]")
    expect(page.locator("[data-aloud-bar]")).to_be_visible()
    assert violations() == []
    page.click("[data-open=contents]")
    assert violations() == []

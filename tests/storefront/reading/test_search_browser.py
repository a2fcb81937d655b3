"""Search in the whole book, in Chromium: with keys, slow lines and in books of pages."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from common import clock
from conversion.engine.web import write_web
from publishing.models import Edition
from storefront.checkout.models import Entitlement
from tests.conversion.readers.fixed_sources import page_book
from tests.factories.accounts import make_reader
from tests.factories.conversion import make_artifact, make_done_job
from tests.factories.publishing import make_published_edition
from tests.support.reading import publish, use_tool

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


def log_in_to(page: Page, live_server: LiveServer, edition: Edition) -> None:
    reader = make_reader()
    Entitlement.objects.create(user=reader, work=edition.work, edition=edition, granted_at=clock.now())
    client = Client()
    client.force_login(reader)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])


def open_book(page: Page, live_server: LiveServer, edition: Edition) -> None:
    log_in_to(page, live_server, edition)
    page.goto(f"{live_server.url}/read/lighthouse/")
    page.wait_for_selector("[data-reader=open]", state="attached")


def wait_until(page: Page, expression: str) -> None:
    """Playwright's own way evaluates strings on the page, which its policy forbids."""
    deadline = time.monotonic() + 10
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, expression
        page.wait_for_timeout(50)


class TestSearch:
    def test_works_by_keys_alone(self, live_server: LiveServer, page: Page) -> None:
        open_book(page, live_server, publish())
        page.keyboard.press("/")
        page.keyboard.type("line 9: nobody")
        page.keyboard.press("Enter")
        expect(page.locator(".reader-hit").first).to_be_focused()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        place, count = page.locator("[data-reader-place]"), page.locator("[data-hit-count]")
        expect(place).to_have_text("Lamp")
        page.keyboard.press("F3")
        expect(place).to_have_text("Letter")
        page.keyboard.press("F3")
        expect(count).to_have_text("1 of 3")
        page.keyboard.press("Shift+F3")
        expect(count).to_have_text("3 of 3")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.keyboard.press("Escape")
        expect(count).to_be_hidden()
        page.go_back()
        expect(place).to_have_text("Harbour")

    def test_says_that_there_is_nothing(self, live_server: LiveServer, page: Page) -> None:
        open_book(page, live_server, publish())
        use_tool(page, "[data-open=search]")
        page.fill("[data-search-box]", "a whale")
        expect(page.get_by_text("No results for “a whale”.")).to_be_visible()
        page.fill("[data-search-box]", "")
        expect(page.locator("[data-search-status]")).to_have_text("")

    def test_many_results_are_shown_on_demand(self, live_server: LiveServer, page: Page) -> None:
        open_book(page, live_server, publish())
        use_tool(page, "[data-open=search]")
        page.fill("[data-search-box]", "quay")
        expect(page.get_by_text("180 results")).to_be_visible()
        assert page.locator(".reader-hit").count() == 100
        page.click("[data-search-more]")
        expect(page.locator(".reader-hit")).to_have_count(180)
        expect(page.locator(".reader-hit").nth(100)).to_be_focused()
        expect(page.locator("[data-search-more]")).to_be_hidden()

    def test_the_server_searches_until_the_text_is_there(self, live_server: LiveServer, page: Page) -> None:
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        page.route("**/text.json", hold)
        open_book(page, live_server, publish(paragraphs=80))
        use_tool(page, "[data-open=search]")
        page.fill("[data-search-box]", "rain")
        expect(page.get_by_text("The first 200 of 240 results")).to_be_visible()
        page.locator(".reader-hit").nth(3).focus()
        held[0].continue_()
        expect(page.get_by_text("240 results", exact=True)).to_be_visible()
        expect(page.locator(".reader-hit").nth(3)).to_be_focused()

    def test_the_server_searches_while_the_text_is_kept_back(self, live_server: LiveServer, page: Page) -> None:
        """From who could return the book unread; the text comes once that is over."""
        open_book(page, live_server, publish(paragraphs=80))
        page.route("**/text.json", lambda route: route.fulfill(status=204))
        use_tool(page, "[data-open=search]")
        page.fill("[data-search-box]", "rain")
        expect(page.get_by_text("The first 200 of 240 results")).to_be_visible()
        page.unroute("**/text.json")
        page.fill("[data-search-box]", "rain fell")
        expect(page.get_by_text("240 results", exact=True)).to_be_visible()

    def test_says_that_there_is_no_line_and_goes_on_when_there_is(self, live_server: LiveServer, page: Page) -> None:
        open_book(page, live_server, publish())
        page.route("**/text.json", lambda route: route.abort())
        page.route("**/search/?*", lambda route: route.abort())
        use_tool(page, "[data-open=search]")
        page.fill("[data-search-box]", "quay")
        expect(page.get_by_text("The search did not work.")).to_be_visible()
        page.unroute("**/text.json")
        page.unroute("**/search/?*")
        page.get_by_role("button", name="Search", exact=True).last.click()
        expect(page.get_by_text("180 results")).to_be_visible()

    def test_hits_are_drawn_where_there_are_no_css_highlights(self, live_server: LiveServer, page: Page) -> None:
        page.add_init_script("delete window.Highlight")
        open_book(page, live_server, publish())
        use_tool(page, "[data-open=search]")
        page.fill("[data-search-box]", "line 3: nobody")
        page.locator(".reader-hit").first.click()
        drawn = "document.querySelector('foliate-view').renderer.getContents()[0].overlayer.element.children.length"
        wait_until(page, f"{drawn} === 1")
        page.click("[data-hits-close]")
        wait_until(page, f"{drawn} === 0")

    def test_a_sample_is_searched_without_an_account(self, live_server: LiveServer, page: Page) -> None:
        publish()
        page.goto(f"{live_server.url}/read/lighthouse/sample/")
        page.wait_for_selector("[data-reader=open]", state="attached")
        use_tool(page, "[data-open=search]")
        page.fill("[data-search-box]", "line 3:")
        expect(page.get_by_text("1 result", exact=True)).to_be_visible()

    def test_books_of_pages_are_searched_too(self, live_server: LiveServer, page: Page, tmp_path: Path) -> None:
        job = make_done_job()
        job.artifacts.filter(kind="web").delete()
        write_web(page_book(), tmp_path / "web.zip")
        make_artifact(job, kind="web", content=(tmp_path / "web.zip").read_bytes())
        log_in_to(page, live_server, make_published_edition(slug="lighthouse", job=job))
        page.goto(f"{live_server.url}/read/lighthouse/")
        page.wait_for_selector("[data-reader=open]", state="attached")
        page.keyboard.press("/")
        page.keyboard.type("sun")
        page.locator(".reader-hit").last.click()
        figure = page.locator("[data-reader-percent]")
        marked = "[...(CSS.highlights.get('hit') ?? [])].map((range) => range.toString().toLowerCase())"
        wait_until(page, f"({marked})[0] === 'sun'")
        where = figure.text_content()
        page.click("[data-reader-return]")
        expect(figure).not_to_have_text(where or "")

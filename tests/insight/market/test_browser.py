"""The market's health in a browser: axe has nothing to say of it, at any width and in both themes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from insight.market.registry import FIGURES
from insight.market.values import Unit
from tests.factories.accounts import make_author, make_operator, make_reader
from tests.factories.buying import make_book
from tests.insight.market.factories import make_copies, make_counts
from tests.support.browser import FLAGS, find_browser

AXE = settings.BASE_DIR / "node_modules/axe-core/axe.min.js"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not AXE.exists(), reason="npm ci has not run"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        opened = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def _a_market_with_alarms() -> None:
    for number, figure in enumerate(FIGURES):
        series = [1000 + 40 * ((number + week) % 5) for week in range(12)]
        series[4] = None  # type: ignore[call-overload]
        parts = ("USD", "EUR") if figure.unit == Unit.MONEY else ("",)
        for part in ("FB|en", "FL|sv", "FR|de") if figure.code.startswith("book_") else parts:
            make_counts(figure.code, series, part=part, is_alarm=number % 9 == 0)
    books = [make_book(owner=make_author(display_name=f"Ring {number}")) for number in range(3)]
    for _ in range(11):
        make_copies(make_reader(), *books)


@pytest.mark.usefixtures("_a_market_with_alarms")
def test_axe_has_nothing_to_say(browser: Browser, live_server: LiveServer) -> None:
    client = Client()
    client.force_login(make_operator())
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    for width, scheme in ((360, "light"), (768, "dark"), (1440, "light")):
        # axe is no part of the page, and its policy would not let it in.
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            bypass_csp=True,
        )
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        try:
            page = context.new_page()
            for address in ("", "book_pressure/", "ring_authors/"):
                page.goto(f"{live_server.url}/operations/market/{address}")
                for summary in page.locator("summary").all():
                    if summary.is_visible():
                        summary.click()
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                page.evaluate(AXE.read_text(encoding="utf-8"))
                assert page.evaluate("axe.run(document)")["violations"] == []
        finally:
            context.close()

"""The reader's JavaScript: what a book needs to open, and what it leaves for later."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from bench.reader import GOAL_KB, Weight, weigh
from tests.storefront.reading.test_reader_browser import LONG, publish

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
]

MOST_FILES = 56


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page with an empty cache."""
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def weight(page: Page, live_server: LiveServer) -> Weight:
    cookie = publish(LONG).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    return weigh(page, f"{live_server.url}/read/lighthouse/", idle_ms=1500)


def test_a_book_opens_with_little_script(weight: Weight) -> None:
    assert weight.open_kb <= GOAL_KB, weight.sizes


def test_what_nobody_asked_for_is_not_loaded(weight: Weight) -> None:
    names = {url.rpartition("/reader/")[2] for url in weight.sizes}
    assert not names & {"search.js", "aloud.js", "typos.js", "tables.js", "enlarging.js", "notes/panel.js"}
    assert "scrolling/scroller.js" not in names
    assert weight.idle_files <= MOST_FILES

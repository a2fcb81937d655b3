from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from payments.stripe.sandbox import events
from tests.factories.accounts import make_reader
from tests.factories.buying import make_book
from tests.payments.postman import post_in_process
from tests.support.browser import FLAGS, find_browser
from tests.support.windows import Window, opened
from tests.support.windows.chromium import chromium
from tests.support.windows.firefox import firefox
from tests.support.windows.webkit import webkit

ENGINES = {"chromium": chromium, "firefox": firefox, "webkit": webkit}


@pytest.fixture(scope="module", params=ENGINES)
def browser_window(request: pytest.FixtureRequest) -> Iterator[Window]:
    """A window of each browser, for all journeys of this module."""
    with opened(request.param, ENGINES[request.param]) as found:
        yield found


@pytest.fixture
def window(browser_window: Window) -> Iterator[Window]:
    """Left with an empty page: what the last journey's page still had to send arrives before its session is gone, or
    the answer would take the next journey's cookie away."""
    yield browser_window
    browser_window.open("about:blank")
    time.sleep(0.5)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of a module, each of which opens a context or a page of its own."""
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        # Playwright keeps a loop in this thread as long as the browser is open, but no query runs within it.
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        opened = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def postman(monkeypatch):
    """Events of the simulated provider arrive at once, in this process."""
    monkeypatch.setattr(events, "post", post_in_process)


@pytest.fixture
def reader(db):
    return make_reader()


@pytest.fixture
def book(db):
    return make_book()


@pytest.fixture
def signed_in(client, reader):
    client.force_login(reader)
    return client

"""Windows of three browsers, and a Chromium to look more closely."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.browser import FLAGS, find_browser
from tests.support.windows import Window, opened
from tests.support.windows.chromium import chromium
from tests.support.windows.firefox import firefox
from tests.support.windows.webkit import webkit

ENGINES = {"chromium": chromium, "firefox": firefox, "webkit": webkit}


@pytest.fixture(scope="module", params=ENGINES)
def window(request: pytest.FixtureRequest) -> Iterator[Window]:
    """A window of each browser, for all journeys of a module."""
    with opened(request.param, ENGINES[request.param]) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of a module, each of which opens a page of its own."""
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        # Playwright keeps a loop in this thread as long as the browser is open, but no query runs within it.
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        launched = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield launched
        launched.close()

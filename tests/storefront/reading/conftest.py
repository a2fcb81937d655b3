"""Windows of three browsers, and a line to the shop that can be cut."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.support.line import Line, line_to
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


@pytest.fixture
def line(live_server: LiveServer) -> Iterator[Line]:
    """To the shop, and to be cut: a stopped server, which browsers take for one, unlike their own offline modes."""
    with line_to(live_server.thread.host, live_server.thread.port) as made:
        yield made

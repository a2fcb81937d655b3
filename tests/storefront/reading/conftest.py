"""Windows of three browsers, a line to the shop that can be cut, and dictionaries."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from storefront.reading.dictionaries import building
from tests.storefront.reading.dictionary_sources import write_freedict, write_wordnet
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


@pytest.fixture
def dictionaries(tmp_path: Path, settings: Settings) -> Path:
    """A shop with a small dictionary of English and one of German; returns their folder."""
    folder = settings.DICTIONARIES_DIR = tmp_path / "dictionaries"
    building.build_wordnet(write_wordnet(tmp_path / "wordnet"), folder)
    building.build_freedict(write_freedict(tmp_path / "dictd"), folder)
    return folder

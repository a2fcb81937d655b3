"""Pages on a cold phone, where the shop's faces arrive long after the words: nothing moves when they do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest
from playwright.sync_api import Browser, Page, Route
from pytest_django.live_server_helper import LiveServer

from tests.factories.publishing import make_published_edition

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

_MAX_SHIFT = 0.05
# Titles that break into another number of lines in the face that stands in until the shop's own is there. Cards of a
# row are as tall as the tallest, so whatever stands below would move.
_TITLES = (
    *("Large Illumination A", "Salt Short for Winter", "Kingdom Windows A", "Minor River Wharf Winter Remembered"),
    *("Clerk Mill Flint Kettle History Minor", "Illumination Winters Back Daughter and"),
    *("Minor Observatory Strangers Illumination Winters", "and Drowned Instruments for Took"),
    *("Daughter with Room River Cartographer Windows Short", "Large Flint Minor Kettle River Lighthouse Drowned"),
    *("Letters Orchard Drowned Tide Wharf Orchard Kingdom", "Room Took Lighthouse Bus Gave Kingdom Winter"),
)
_WATCH = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone without anything in its cache, to which faces come more than half a second late."""
    context = browser.new_context(viewport={"width": 412, "height": 823}, is_mobile=True, device_scale_factor=2)
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    opened.add_init_script(_WATCH)

    def late(route: Route) -> None:
        sleep(0.6)
        route.continue_()

    opened.route("**/*.woff2", late)
    yield opened
    context.close()


@pytest.fixture
def shop() -> str:
    for title in reversed(_TITLES):  # the newest stand first
        make_published_edition(title=title)
    text = "It keeps its light through a winter that nobody had asked for, and counts the ships. " * 12
    make_published_edition(slug="the-lamp", title="What the Orchard Remembered of Us", description=text)
    return "/books/the-lamp/"


def places(page: Page) -> list[float]:
    """Where each card and heading stands on the page, on the screen or below it."""
    found: list[float] = page.evaluate(
        "[...document.querySelectorAll('.card, h1, h2')].map((one) => one.getBoundingClientRect().top)"
    )
    return found


@pytest.mark.parametrize("name", ["front", "list", "book"])
def test_nothing_moves_when_the_faces_arrive(page: Page, live_server: LiveServer, shop: str, name: str) -> None:
    page.goto(live_server.url + {"front": "/", "list": "/books/", "book": shop}[name], wait_until="domcontentloaded")
    before = places(page)
    page.wait_for_timeout(2500)
    assert places(page) == before
    assert page.evaluate("window.shifted") < _MAX_SHIFT


def test_the_faces_are_asked_for_at_once(page: Page, live_server: LiveServer, shop: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(Path(request.url).name))
    page.goto(live_server.url + "/books/")
    faces = [name for name in asked if name.endswith(".woff2")]
    assert {"literata.woff2", "source-sans-3.woff2"} <= set(faces)
    assert len(faces) == len(set(faces))

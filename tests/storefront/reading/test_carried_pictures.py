"""The pictures that a chapter carries, in Chromium: it opens without them, and shows them when they come."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, Route
from pytest_django.live_server_helper import LiveServer

from tests.support.reading import DOCUMENT, WORDS, drawn_picture, publish

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
]
GALLERY = "".join(f'<p>Plate {n}.</p><img src="../assets/p{n}.png" alt="Plate {n}"/>' for n in range(40))
PICTURES = {f"p{n}.png": drawn_picture() for n in range(40)}


def open_sample(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/read/lighthouse/sample/")
    page.wait_for_selector("[data-reader=open]", state="attached")


def shown_pictures(page: Page) -> int:
    shown: int = page.evaluate(f"{DOCUMENT}.querySelectorAll('img[src^=blob]').length")
    return shown


def wait_for_pictures(page: Page, count: int) -> None:
    for _ in range(200):
        if shown_pictures(page) == count:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"{shown_pictures(page)} pictures are shown, not {count}")


def test_a_chapter_with_many_pictures_opens_before_they_come(browser: Browser, live_server: LiveServer) -> None:
    publish(first=GALLERY, assets=PICTURES)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    with browser.new_page(viewport={"width": 1200, "height": 800}) as page:
        page.route("**/assets/**", hold)
        open_sample(page, live_server)
        assert shown_pictures(page) == 0
        assert page.evaluate(WORDS).startswith("Plate 0.")
        assert len(held) <= 12  # a few at a time
        for route in held:
            route.continue_()
        page.unroute("**/assets/**")
        wait_for_pictures(page, len(PICTURES))
        assert page.evaluate(WORDS).startswith("Plate 0.")


def test_pictures_that_failed_come_when_the_connection_is_back(browser: Browser, live_server: LiveServer) -> None:
    publish(first=GALLERY, assets=PICTURES)
    with browser.new_page() as page:
        page.route("**/assets/p0.png", lambda route: route.abort())
        open_sample(page, live_server)
        wait_for_pictures(page, len(PICTURES) - 1)
        page.unroute("**/assets/p0.png")
        page.evaluate("dispatchEvent(new Event('online'))")
        wait_for_pictures(page, len(PICTURES))

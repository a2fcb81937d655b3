"""In a browser: a page tells that it was seen, without a cookie, and a share link goes along into the cart."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from common import clock
from insight.events.models import Event
from insight.figures.services import rollups
from publishing.models import Edition
from storefront.checkout.models import CartLine
from tests.factories.insight import FIREFOX, make_event, make_link
from tests.factories.publishing import make_published_edition
from tests.publishing.editing.conftest import browser  # noqa: F401 (a fixture)
from tests.storefront.reading.test_notes_browser import AXE

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(not (settings.STATICFILES_DIRS[0] / "vendor/octavo.js").exists(), reason="script/vendor"),
]


@pytest.fixture
def lamp() -> Edition:
    return make_published_edition(slug="the-lamp", title="The Lamp")


def opened(browser: Browser, **wishes: str) -> BrowserContext:  # noqa: F811
    context = browser.new_context(**wishes)
    context.set_default_timeout(20_000)
    return context


def seen(page: Page, address: str) -> None:
    """Open a page and wait until it has told that it was seen."""
    with page.expect_response(lambda response: response.url.endswith("/count/")) as told:
        page.goto(address)
    assert told.value.status == 204


def test_a_reader_by_a_share_link(browser: Browser, live_server: LiveServer, lamp: Edition) -> None:  # noqa: F811
    make_link(lamp.work)
    context = opened(browser, user_agent=FIREFOX)
    context.add_init_script("Object.defineProperty(navigator, 'webdriver', { get: () => false })")
    try:
        page = context.new_page()
        errors: list[str] = []
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        seen(page, f"{live_server.url}/l/abcdefgh/")
        event = Event.objects.get()
        assert (event.kind, event.source, event.is_bot, context.cookies()) == ("view", "l/abcdefgh", False, [])
        page.get_by_role("button", name="Add to cart").click()
        page.wait_for_url("**/cart/")
        assert CartLine.objects.get().via == "abcdefgh"
        assert errors == []
    finally:
        context.close()


def test_a_driven_browser_is_left_out(browser: Browser, live_server: LiveServer, lamp: Edition) -> None:  # noqa: F811
    context = opened(browser, user_agent=FIREFOX)
    try:
        seen(context.new_page(), f"{live_server.url}/books/the-lamp/")
        assert Event.objects.get().is_bot
    finally:
        context.close()


def test_figures_are_for_everybody(browser: Browser, live_server: LiveServer, lamp: Edition) -> None:  # noqa: F811
    for _ in range(3):
        make_event(lamp.work, source="example.org")
    rollups.roll_up(day=clock.now().date(), at=clock.now())
    client = Client()
    client.force_login(lamp.work.owner)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context = opened(browser)
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    try:
        page = context.new_page()
        for address in (reverse("figures:work", args=[lamp.work.public_id]), reverse("figures:owner"), "/desk/"):
            page.goto(f"{live_server.url}{address}")
            page.evaluate(AXE.read_text(encoding="utf-8"))
            found = page.evaluate(
                "async () => (await axe.run()).violations.map((one) => `${one.id}: ${one.nodes[0].html}`)"
            )
            assert found == []
    finally:
        context.close()

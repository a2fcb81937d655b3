"""The pages about passages in a browser: axe finds nothing, and nothing is wider than a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.factories.accounts import make_moderator
from tests.factories.passages import make_match
from tests.storefront.reading.test_notes_browser import AXE
from tests.support.browser import FLAGS, find_browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of this module."""
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        # Playwright keeps a loop in this thread as long as the browser is open, but no query runs within it.
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        opened = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield opened
        opened.close()


@pytest.mark.skipif(not AXE.exists(), reason="npm ci has not run")
def test_pages_are_accessible_at_every_width_and_in_both_themes(browser: Browser, live_server: LiveServer) -> None:
    match = make_match()
    assert match.text.edition is not None
    work = match.text.edition.work
    source = AXE.read_text(encoding="utf-8")
    pages = [
        (work.owner, reverse("work-remarks", args=[work.public_id])),
        (work.owner, reverse("passages:work", args=[work.public_id])),
        (work.owner, reverse("passages:match", args=[work.public_id, match.public_id])),
        (moderator := make_moderator(), reverse("community:moderation-passages")),
        (moderator, reverse("community:moderation-passage", args=[match.public_id])),
    ]
    for person, address in pages:
        client = Client()
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        for theme, width in (("light", 360), ("dark", 768), ("light", 1440), ("dark", 360)):
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
            page = context.new_page()
            page.goto(f"{live_server.url}{address}")
            if (theme, width) in {("dark", 360), ("light", 1440)}:
                page.evaluate(source)
                assert page.evaluate("axe.run(document)")["violations"] == [], (address, width, theme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width, theme)
            context.close()

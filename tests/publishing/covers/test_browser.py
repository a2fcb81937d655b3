"""The cover page in a browser: the preview follows each choice, and without scripts its button shows the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from conversion.engine.api import CoverChoice
from publishing.models import Edition
from tests.factories.publishing import make_edition, make_work
from tests.storefront.reading.test_notes_browser import AXE
from tests.support.browser import FLAGS, find_browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]
PREVIEW = "[data-cover-drawn]"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of this module."""
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        # Playwright keeps a loop in this thread as long as the browser is open, but no query runs within it.
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        opened = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def edition(owner) -> Edition:
    return make_edition(work=make_work(owner=owner))


def opened(browser: Browser, live_server: LiveServer, edition: Edition, *, scripts: bool) -> Page:
    client = Client()
    client.force_login(edition.work.owner)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context = browser.new_context(viewport={"width": 1200, "height": 900}, java_script_enabled=scripts)
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}{reverse('work-cover-page', args=[edition.work.public_id])}")
    return page


def choose(page: Page) -> None:
    page.get_by_text("Night sky").click()
    page.get_by_text("Wine").click()
    page.get_by_label("Typefaces").select_option("garamond")


def test_the_preview_follows_each_choice_and_it_is_saved(browser, live_server, edition) -> None:
    page = opened(browser, live_server, edition, scripts=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/cover/drawn/?" in request.url else None)
    choose(page)
    expect(page.locator("[data-cover-status]")).to_have_text("The preview shows your choice.")
    shown = page.locator(PREVIEW)
    for number in range(3):
        for part in ("design=night", "palette=wine", "lettering=garamond"):
            expect(shown.nth(number)).to_have_attribute("src", _with(part))
    assert page.evaluate(f"[...document.querySelectorAll('{PREVIEW}')].every((one) => one.naturalWidth === 480)")
    assert not [address for address in asked if "csrfmiddlewaretoken" in address]
    page.get_by_role("button", name="Use this cover").click()
    expect(page.get_by_text("Cover saved. We are making the files with it.")).to_be_visible()
    edition.work.refresh_from_db()
    assert edition.work.cover_choice == CoverChoice("night", "wine", "garamond")
    page.context.close()


def test_without_scripts_the_button_shows_it(browser, live_server, edition) -> None:
    page = opened(browser, live_server, edition, scripts=False)
    choose(page)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("Not saved yet: this shows what you chose.")).to_be_visible()
    expect(page.locator(PREVIEW).first).to_have_attribute("src", _with("design=night"))
    expect(page.get_by_label("Night sky")).to_be_checked()
    edition.work.refresh_from_db()
    assert edition.work.cover_choice is None
    page.context.close()


@pytest.mark.skipif(not AXE.exists(), reason="npm ci has not run")
def test_axe_finds_nothing(browser, live_server, edition) -> None:
    page = opened(browser, live_server, edition, scripts=True)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate("axe.run(document)")["violations"] == []
    page.context.close()


def _with(part: str) -> re.Pattern[str]:
    return re.compile(re.escape(part))

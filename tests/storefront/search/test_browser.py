"""Suggestions below the search field in Chromium: by keys, by a press, and nothing lost without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.factories.accounts import make_author
from tests.factories.publishing import make_published_edition

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

_AXE = Path(__file__).resolve().parents[3] / "node_modules/axe-core/axe.min.js"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1200, "height": 800})
    opened.set_default_timeout(20_000)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def shop() -> None:
    author = make_author(display_name="Marit Solberg")
    for slug, title in (("glow", "The Glow of Ice"), ("roads", "Salt Roads")):
        make_published_edition(slug=slug, title=title, owner=author)


def typed(page: Page, live_server: LiveServer, text: str) -> None:
    page.goto(f"{live_server.url}/search/")
    page.keyboard.press("/")
    page.keyboard.type(text)
    expect(page.get_by_role("listbox")).to_be_visible()


def test_the_key_can_be_switched_off_and_stays_so(live_server: LiveServer, page: Page) -> None:
    field = page.locator("[data-search]")
    page.goto(f"{live_server.url}/books/")
    page.locator("[data-keys-choice]").uncheck()
    page.reload()
    expect(page.locator("[data-keys-choice]")).not_to_be_checked()
    page.keyboard.press("/")
    expect(field).not_to_be_focused()
    page.locator("[data-keys-choice]").check()
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(field).to_be_focused()


def broken_rules(page: Page) -> list[str]:
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    return [one["id"] for one in page.evaluate("axe.run()")["violations"]]


def test_arrows_choose_enter_opens_and_escape_closes(page: Page, live_server: LiveServer) -> None:
    typed(page, live_server, "sol")
    field = page.get_by_role("combobox")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("option")).to_have_count(3)  # the author and both books
    page.keyboard.press("ArrowUp")  # from the field to the last
    last = page.get_by_role("option").last
    expect(last).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", last.get_attribute("id") or "")
    page.keyboard.press("ArrowDown")  # back to the field
    expect(field).not_to_have_attribute("aria-activedescendant", "suggested-b2")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("sol")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/authors/**")


def test_enter_without_a_choice_searches(page: Page, live_server: LiveServer) -> None:
    typed(page, live_server, "glow")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=glow")
    expect(page.get_by_role("heading", name="The Glow of Ice")).to_be_visible()


def test_a_press_opens_a_suggestion(page: Page, live_server: LiveServer) -> None:
    typed(page, live_server, "roa")
    page.get_by_role("option", name="Salt Roads").click()
    page.wait_for_url("**/books/roads/")


def test_breaks_no_rule_of_accessibility(page: Page, live_server: LiveServer) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        typed(page, live_server, "glow")
        page.keyboard.press("ArrowDown")
        assert broken_rules(page) == []
        for query in ("solberg", "slat roads", "zzzzqqqq", "glow&language=de"):
            page.goto(f"{live_server.url}/search/?q={query}")
            assert broken_rules(page) == [], query


def test_searches_without_scripts(browser: Browser, live_server: LiveServer) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/")
    page.get_by_role("search").get_by_role("searchbox").fill("glow")
    page.get_by_role("search").get_by_role("button").click()
    expect(page.get_by_role("heading", name="The Glow of Ice")).to_be_visible()
    page.close()

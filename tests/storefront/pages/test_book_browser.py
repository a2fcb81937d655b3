"""A book's page in Chromium: reading on in the sample where it stands, and without scripts where the link leads."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from tests.factories.conversion import make_artifact, make_done_job, web_zip
from tests.factories.publishing import make_published_edition

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


def publish() -> None:
    job = make_done_job()
    job.artifacts.filter(kind="sample-web").delete()
    first = '<section id="main"><h1>One</h1><p>It rained.</p><p><a href="https://example.org/">Away</a></p></section>'
    chapters = web_zip(("One", "Two"), c1=first, c2="<h1>Two</h1><p>It stopped.</p>")
    make_artifact(job, kind="sample-web", content=chapters)
    make_published_edition(slug="lamp", job=job)


def read_on(browser: Browser, site: str) -> None:
    page = browser.new_page()
    errors: list[object] = []
    page.on("pageerror", lambda error: errors.append(error))  # noqa: PLW0108 - Playwright marks its handlers
    page.goto(f"{site}/books/lamp/")
    pane, link = page.locator(".sample-pane"), page.locator("[data-continue]")
    expect(pane.locator("a")).to_have_count(0)
    link.click()
    expect(pane.locator("a")).to_have_count(1)
    expect(pane).not_to_contain_text("It stopped.")
    link.click()
    expect(pane).to_contain_text("It stopped.")
    expect(pane.locator("h1")).to_have_count(2)
    expect(link).to_have_count(0)
    assert page.locator("#main").count() == 1, "an id of the book must not take one of the page"
    assert page.url == f"{site}/books/lamp/"
    assert errors == []


def test_reads_on_in_place_and_by_link(live_server: LiveServer, browser: Browser) -> None:
    publish()
    read_on(browser, live_server.url)
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(f"{live_server.url}/books/lamp/")
    plain.locator("[data-continue]").click()
    expect(plain.locator(".chapter")).to_contain_text("It rained.")

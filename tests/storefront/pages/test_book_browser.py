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


def test_each_press_shows_what_follows(live_server: LiveServer, browser: Browser) -> None:
    job = make_done_job()
    job.artifacts.filter(kind="sample-web").delete()
    pages = "".join(
        f"<p>Line {number} of a chapter that is longer than the box it is shown in.</p>" for number in range(60)
    )
    make_artifact(job, kind="sample-web", content=web_zip(("One",), c1=f"<h1>One</h1>{pages}<p>The end.</p>"))
    make_published_edition(slug="lamp", job=job)
    page = browser.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce").new_page()
    page.goto(f"{live_server.url}/books/lamp/")
    pane, link = page.locator(".sample-pane"), page.locator("[data-continue]")
    before = 0
    for _ in range(3):
        link.click()
        page.wait_for_function("before => document.querySelector('.sample-pane').scrollTop > before", arg=before)
        before = pane.evaluate("pane => pane.scrollTop")
    expect(link).to_have_count(1)
    while link.count():
        link.click()
        page.wait_for_function("before => document.querySelector('.sample-pane').scrollTop > before", arg=before)
        before = pane.evaluate("pane => pane.scrollTop")
    expect(page.get_by_text("The end.")).to_be_in_viewport()


def test_reads_on_in_place_and_by_link(live_server: LiveServer, browser: Browser) -> None:
    publish()
    read_on(browser, live_server.url)
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(f"{live_server.url}/books/lamp/")
    plain.locator("[data-continue]").click()
    expect(plain.locator(".chapter")).to_contain_text("It rained.")

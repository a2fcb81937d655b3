"""Notes made in the sample, offered when the book is opened: in Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from storefront.reading.models import Note
from tests.storefront.reading.test_notes_browser import BODY, highlight, highlights, lines, opened
from tests.storefront.reading.test_reader_browser import go_to_reader, publish

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
]


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """The reader of the book, opened by its buyer, who made two notes in the sample before."""
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    context.set_default_timeout(15_000)
    page = context.new_page()
    buyer = publish(BODY)
    page.goto(f"{live_server.url}/read/lighthouse/sample/")
    frame = opened(page)
    for paragraph in (1, 2):
        highlight(page, frame, paragraph)
        expect(highlights(frame)).to_have_count(paragraph)
    go_to_reader(page, live_server, buyer)
    opened(page)
    yield page
    context.close()


def offer(page: Page) -> Locator:
    return page.locator(".reader-offer")


def press(where: Locator, name: str) -> None:
    where.get_by_role("button", name=name).click()


def test_they_are_added_to_the_accounts(page: Page, live_server: LiveServer) -> None:
    expect(offer(page)).to_contain_text("You made 2 notes in the sample.")
    with page.expect_response(lambda answer: "highlight" in (answer.request.post_data or "")):
        press(offer(page), "Add to your notes")
        expect(highlights(page.frames[1])).to_have_count(2)
    expect(offer(page)).to_be_hidden()
    expect(page.locator("[data-notes-live]")).to_have_text("Added to your notes")
    page.reload()
    expect(highlights(opened(page))).to_have_count(2)
    expect(offer(page)).to_be_hidden()
    assert Note.objects.count() == 2
    page.goto(f"{live_server.url}/read/lighthouse/sample/")
    opened(page)
    expect(highlights(page.frames[1])).to_have_count(0)


def test_not_now_leaves_them_in_the_list_of_notes(page: Page) -> None:
    press(offer(page), "Not now")
    page.reload()
    opened(page)
    page.click("[data-notes-open]")
    in_list = page.locator("[data-panel=notes] [data-sample-notes]")
    expect(in_list).to_contain_text("You made 2 notes in the sample.")
    expect(offer(page)).to_be_hidden()
    with page.expect_response(lambda answer: "highlight" in (answer.request.post_data or "")):
        press(in_list, "Add to your notes")
    expect(lines(page)).to_have_count(2)
    expect(page.get_by_role("link", name="This book’s notes on one page")).to_be_visible()


def test_discarded_ones_can_be_brought_back(page: Page) -> None:
    press(offer(page), "Discard")
    expect(page.locator("[data-notes-live]")).to_have_text("Notes discarded")
    press(page.locator("[data-notes-toast]"), "Undo")
    expect(offer(page)).to_contain_text("You made 2 notes in the sample.")
    press(offer(page), "Discard")
    expect(offer(page)).to_be_hidden()
    page.reload()
    opened(page)
    page.click("[data-notes-open]")
    expect(page.locator("[data-notes-empty]")).to_be_visible()
    expect(page.locator("[data-panel=notes] [data-sample-notes]")).to_be_hidden()

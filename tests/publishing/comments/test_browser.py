"""Comments in a browser: on words that are selected, in the editor and on an early reader's page; and what axe says."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from publishing.comments.models import Thread
from publishing.editing.models import WorkText
from tests.factories.collaboration import make_collaborator
from tests.factories.comments import block_with, make_thread
from tests.factories.editing import make_text
from tests.publishing.editing.conftest import browser  # noqa: F401 (a fixture)
from tests.storefront.reading.test_notes_browser import AXE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

WORDS = "the keeper slept"
SELECT = """(words) => {
  const place = document.querySelector(".editor-text, .comment-chapter");
  const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(walker.currentNode, at);
    range.setEnd(walker.currentNode, at + words.length);
    document.getSelection().removeAllRanges();
    document.getSelection().addRange(range);
    return true;
  }
  return false;
}"""


def open_as(browser: Browser, live_server: LiveServer, person: User) -> Page:  # noqa: F811
    client = Client()
    client.force_login(person)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    return context.new_page()


def chapter_of(text: WorkText, name: str) -> str:
    return reverse(name, args=[text.work.public_id, block_with(text, WORDS)[0]])


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run()).violations.map((one) => `${one.id}: ${one.nodes[0].html}`)")
    return [one for one in found if not one.startswith("heading-order")]


def test_an_early_reader_comments_on_the_words_that_they_select(browser: Browser, live_server: LiveServer) -> None:  # noqa: F811
    text = make_text()
    page = open_as(browser, live_server, make_collaborator(text.work, "early_reader").person)
    try:
        page.goto(f"{live_server.url}{chapter_of(text, 'comments:in-chapter')}")
        assert page.evaluate(SELECT, WORDS)
        page.locator(".comment-add.is-meant").click()
        expect(page.get_by_label("About which words")).to_have_value(WORDS)
        page.get_by_label("Comment", exact=True).fill("Was he not awake?")
        page.get_by_role("button", name="Comment", exact=True).click()
        expect(page.locator("mark")).to_have_text(WORDS)
        expect(page.locator(".comment-thread")).to_contain_text("Was he not awake?")
        assert violations(page) == []
        page.get_by_text("Reply", exact=False).first.click()
        page.get_by_label("Reply").fill("I ask because of the lamp.")
        page.get_by_role("button", name="Send reply").click()
        expect(page.locator(".comment-thread")).to_contain_text("because of the lamp")
    finally:
        page.context.close()


@pytest.mark.skipif(not (settings.BASE_DIR / "static/vendor/editor.js").exists(), reason="script/vendor has not run")
def test_the_author_comments_answers_and_resolves_in_the_editor(browser: Browser, live_server: LiveServer) -> None:  # noqa: F811
    text = make_text()
    make_thread(text, make_collaborator(text.work, "proofreader").person, body="Was he not awake?")
    page = open_as(browser, live_server, text.work.owner)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    try:
        page.goto(f"{live_server.url}{chapter_of(text, 'work-text-chapter')}")
        margin = page.locator(".editor-comments")
        expect(margin).to_contain_text("Was he not awake?")
        expect(page.locator(".editor-text .text-commented")).to_have_text(WORDS)
        page.locator(".editor-text").focus()
        assert page.evaluate(SELECT, "mail boat")
        margin.get_by_role("button", name="Comment on the selected words").click()
        margin.get_by_role("textbox").fill("Which one?")
        margin.get_by_role("button", name="Send").click()
        expect(page.locator(".editor-text .text-commented")).to_have_count(2)
        assert {one.quote for one in Thread.objects.all()} == {WORDS, "mail boat"}
        assert violations(page) == []
        first = margin.locator("section").first
        first.get_by_role("button", name="Reply").click()
        first.get_by_role("textbox").fill("No.")
        first.get_by_role("button", name="Send").click()
        expect(first).to_contain_text("No.")
        first.get_by_role("button", name="Resolve").click()
        expect(page.locator(".editor-text .text-commented")).to_have_text(["mail boat"])
        assert problems == []
    finally:
        page.context.close()
